"""`dramaloc markets`: which markets there are, and what they ask for."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

import dramaloc
from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError, OutputError
from dramaloc.files import write_atomic
from dramaloc.markets.market import Market
from dramaloc.markets.packs import bundled_packs, list_codes, load_market
from dramaloc.markets.profiles import list_profiles, load_profile
from dramaloc.markets.scaffold import scaffold
from dramaloc.markets.territories import Resolution, coverage, resolve_territory, territories

_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text"
)


@click.group("markets")
def group() -> None:
    """Show the markets there are, and what they ask for."""


@group.command("list")
@click.option("--territories", "world", is_flag=True, help="Every territory and what serves it.")
@_FORMAT
def list_command(output_format: str, *, world: bool) -> None:
    """List all markets, or the territories of the world with the markets that serve them."""
    answer("markets list", output_format, _world if world else _list)


@group.command("resolve")
@click.argument("territory")
@_FORMAT
def resolve_command(territory: str, output_format: str) -> None:
    """Say which markets serve an ISO 3166 TERRITORY, such as BD, and why."""
    answer("markets resolve", output_format, lambda: _resolve(territory.upper()))


@group.command("show")
@click.argument("market")
@_FORMAT
def show_command(market: str, output_format: str) -> None:
    """Show a market's limits and conventions, each with its source."""
    answer("markets show", output_format, lambda: _show(load_market(market)))


@group.command("profiles")
@click.argument("name", required=False)
@_FORMAT
def profiles_command(name: str | None, output_format: str) -> None:
    """List the delivery profiles, or show one, NAME, with the source of each figure."""
    body = partial(_profile, name) if name else _profiles
    answer("markets profiles", output_format, body)


@group.command("new")
@click.argument("tag")
@click.option("--parent", required=True, help="The market it inherits from.")
@click.option(
    "--in", "folder", type=click.Path(path_type=Path), help="Folder of packs. Default: dramaloc's."
)
@_FORMAT
def new_command(tag: str, parent: str, folder: Path | None, output_format: str) -> None:
    """Begin a pack for a market, TAG, that inherits all of another."""
    answer("markets new", output_format, lambda: _new(tag, parent, folder))


def _profiles() -> Answer:
    found = [load_profile(name) for name in list_profiles()]
    rows = [(each.name, each.title, ", ".join(each.formats) or "any") for each in found]
    data = [{"name": name, "title": title, "formats": taken} for name, title, taken in rows]
    return Answer(text=table("Profiles", ["profile", "for", "formats"], rows), data=data)


def _profile(name: str) -> Answer:
    profile = load_profile(name)
    asked = {
        "formats": ", ".join(profile.formats),
        "encodings": ", ".join(profile.encodings),
        "fps": profile.fps,
        "on_frames": profile.on_frames,
        "name": profile.naming,
    }
    figures = [
        (scope.name, key, value, scope.sources.get(key))
        for scope in profile.scopes
        for key, value in scope.figures.items()
    ]
    figures += [("", key, said, profile.sources.get(key)) for key, said in asked.items() if said]
    rows = [
        (f"{key} ({where})" if where else key, escape(str(value)),
         escape(f"{source.title}, {source.retrieved}") if source else "-",
         "" if source is None else "yes" if source.verified else "no")
        for where, key, value, source in figures
    ]  # fmt: skip
    data = [
        {"rule": key, "for": where, "value": value, "source": asdict(source) if source else None}
        for where, key, value, source in figures
    ]
    text = table("", ["rule", "value", "source", "source seen"], rows)
    return Answer(text=f"{profile.name}: {profile.title}\n{text}",
                  data={"name": profile.name, "title": profile.title,
                        "fingerprint": profile.fingerprint, "rules": data})  # fmt: skip


def _new(tag: str, parent: str, folder: Path | None) -> Answer:
    root = folder or bundled_packs()
    if folder is None and root.is_relative_to(Path(dramaloc.__file__).parent):
        raise InputError(
            "the packs of an installed dramaloc are not for editing",
            hint="Name a folder of packs with --in",
        )
    pack = scaffold(tag, load_market(parent, root))
    if (root / pack.code).exists():
        raise OutputError("this pack is there already", path=root / pack.code, hint="Edit it")
    for name, text in pack.files:
        write_atomic(root / pack.code / name, text.encode())
    written = [str(root / pack.code / name) for name, _ in pack.files]
    return Answer(text="\n".join(written), data={"code": pack.code, "written": written})


def _resolve(territory: str) -> Answer:
    found = resolve_territory(territory, list_codes())
    chains = [" → ".join((code, *load_market(code).inherits)) for code in found.markets]
    lines = [f"{found.name}: {', '.join(found.markets) or 'none'}", found.reason]
    lines += [f"packs: {chain}" for chain in chains]
    return Answer(text="\n".join(lines), data={**asdict(found), "chains": chains})


def _world() -> Answer:
    codes = list_codes()
    found = [resolve_territory(territory, codes) for territory in territories()]
    total = sum(each.people for each in found)
    rows = [_territory(each, total) for each in found]
    own = sum(each.share > 0 for each in found)
    reach = coverage(found)
    columns = ["territory", "name", "markets, best first", ">% of people there", ">% of the world"]
    text = table("Territories", columns, rows)
    summary = (
        f"{len(found)} territories, {own} served in a language of their own: at least"
        f" {reach.share:.0f} % of the people outside the source language's territories"
    )
    data = {
        "territories": [asdict(each) for each in found],
        "people": reach.people,
        "served": reach.served,
    }
    return Answer(text=f"{text}\n{summary}", data=data)


def _territory(found: Resolution, world: int) -> tuple[str, ...]:
    return (
        found.territory,
        escape(found.name),
        ", ".join(found.markets) or "-",
        f"{found.share:.0f}" if found.markets else "-",
        f"{100 * found.people / world:.2f}",
    )


def _list() -> Answer:
    markets = [load_market(code) for code in list_codes()]
    rows = [
        (m.code, m.name, " → ".join(m.inherits) or "-", f"{m.limits.max_line_columns:g}",
         f"{m.limits.max_cps:g}", str(len(m.glossary)))
        for m in markets
    ]  # fmt: skip
    data = [
        {"code": m.code, "name": m.name, "inherits": m.inherits, "terms": len(m.glossary)}
        for m in markets
    ]
    columns = ["market", "name", "inherits", ">columns", ">characters/s", ">terms"]
    return Answer(text=table("Markets", columns, rows), data=data)


def _show(market: Market) -> Answer:
    figures = {**asdict(market.limits), **asdict(market.conventions)}
    sources = dict(market.sources)
    rows = []
    for key, value in figures.items():
        source = sources.get(key)
        where = f"{source.title}, {source.retrieved}" if source else "dramaloc's default"
        seen = "" if source is None else "yes" if source.verified else "no"
        rows.append((key, escape(str(value)), escape(where), seen))
    kinds: dict[str, int] = {}
    for term in market.glossary:
        kinds[term.kind or "-"] = kinds.get(term.kind or "-", 0) + 1
    terms = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    title = f"{market.code}: {market.name}" + (f"\n{market.register}" if market.register else "")
    text = table("", ["rule", "value", "source", "source seen"], rows)
    data = {
        "code": market.code,
        "name": market.name,
        "inherits": market.inherits,
        "register": market.register,
        "fingerprint": market.fingerprint,
        "rules": {
            key: {"value": value, "source": asdict(sources[key]) if key in sources else None}
            for key, value in figures.items()
        },
        "terms": kinds,
    }
    return Answer(text=f"{title}\n{text}\nTerms: {terms or 'none'}", data=data)
