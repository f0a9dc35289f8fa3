"""`dramaloc models`: the translation models on this machine, and getting more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.progress import byte_counter
from dramaloc.cli.table import escape, table
from dramaloc.engines.packages import Package
from dramaloc.errors import EngineNotInstalledError, InputError


@click.group("models")
def group() -> None:
    """Install, show and try translation models."""


_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text"
)


@group.command("list")
@click.option("--available", is_flag=True, help="What the package index offers instead.")
@_FORMAT
def list_command(output_format: str, *, available: bool) -> None:
    """List the Argos packages on this machine, the user's and the bundled ones."""
    answer("models list", output_format, _available if available else _list)


@group.command("install")
@click.argument("source")
@click.argument("target")
@_FORMAT
def install_command(source: str, target: str, output_format: str) -> None:
    """Install the newest Argos package from SOURCE to TARGET, such as zh en.

    It comes from Argos's own index, or from the mirror in ARGOS_PACKAGE_INDEX, and goes where
    other Argos tools see it too.
    """
    answer("models install", output_format, lambda: _installed(install_pair(source, target)))


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_FORMAT
def import_command(file: Path, output_format: str) -> None:
    """Install an .argosmodel FILE that was brought here by other means."""
    answer("models import", output_format, lambda: _import(file))


@group.command("remove")
@click.argument("source")
@click.argument("target")
@_FORMAT
def remove_command(source: str, target: str, output_format: str) -> None:
    """Remove the installed package from SOURCE to TARGET."""
    answer("models remove", output_format, lambda: _remove(source, target))


def install_pair(source: str, target: str) -> Package:
    """Download and install a pair's newest package, with a progress bar on a terminal."""
    import platformdirs

    from dramaloc.engines import install
    from dramaloc.engines.packages import argos_code, argos_module, user_folders

    offered = install.available(argos_module())
    package = install.newest(offered, argos_code(source), argos_code(target))
    folder = platformdirs.user_cache_path("dramaloc") / "downloads"
    with byte_counter(f"{package.from_code} → {package.to_code} {package.version}") as done:
        archive = install.download(package, folder, done)
    try:
        return install.install(archive, user_folders()[0])
    finally:
        archive.unlink()


def _import(file: Path) -> Answer:
    from dramaloc.engines.install import install
    from dramaloc.engines.packages import user_folders

    return _installed(install(file, user_folders()[0]))


def _installed(package: Package) -> Answer:
    text = f"Installed {package.from_code} → {package.to_code} {package.version} in {package.path}"
    return Answer(text=text, data=_data(package))


def _remove(source: str, target: str) -> Answer:
    from dramaloc.engines.install import remove
    from dramaloc.engines.packages import argos_code, find_packages

    pair = (argos_code(source), argos_code(target))
    found = [p for p in find_packages() if (p.from_code, p.to_code) == pair]
    own = [package for package in found if not package.bundled] or found
    if not own:
        raise EngineNotInstalledError(f"no package translates {' to '.join(pair)}")
    for package in own:
        remove(package)
    removed = ", ".join(str(package.path) for package in own)
    return Answer(text=f"Removed {removed}", data=[str(package.path) for package in own])


def _available() -> Answer:
    from dramaloc.engines.install import available
    from dramaloc.engines.packages import argos_module

    offered = sorted(available(argos_module()), key=lambda p: (p.from_code, p.to_code, p.version))
    rows = [(p.from_code, p.to_code, p.version) for p in offered]
    return Answer(
        text=table("Available", ["from", "to", "version"], rows),
        data=[{"from": p.from_code, "to": p.to_code, "version": p.version} for p in offered],
    )


def _list() -> Answer:
    from dramaloc.engines.packages import find_packages

    packages = find_packages()
    rows = [
        (
            p.from_code,
            p.to_code,
            p.version,
            "dramaloc" if p.bundled else "user",
            escape(str(p.path)),
        )
        for p in packages
    ]
    data = [_data(package) for package in packages]
    columns = ["from", "to", "version", "came with", "path"]
    return Answer(text=table("Models", columns, rows), data=data)


def _data(package: Package) -> dict[str, Any]:
    return {
        "from": package.from_code,
        "to": package.to_code,
        "version": package.version,
        "bundled": package.bundled,
        "digest": package.digest,
        "path": str(package.path),
    }


@group.command("verify")
@click.argument("pair", nargs=-1)
@_FORMAT
def verify_command(pair: Sequence[str], output_format: str) -> None:
    """Try models on a few sentences: stand-ins they copy, loops, speed.

    PAIR is two language codes, such as zh en; without it every model is tried.
    """
    answer("models verify", output_format, lambda: _verify(pair))


def _verify(pair: Sequence[str]) -> Answer:
    from dramaloc.engines.argos import ArgosEngine
    from dramaloc.engines.packages import find_packages
    from dramaloc.engines.verify import verify

    if len(pair) not in (0, 2):
        raise InputError("a pair is two languages", hint="Say dramaloc models verify zh en")
    packages = [p for p in find_packages() if not pair or (p.from_code, p.to_code) == tuple(pair)]
    if not packages:
        raise EngineNotInstalledError(f"no package translates {' to '.join(pair)}")
    found = [(p, verify(ArgosEngine(packages=[p]), p.from_code, p.to_code)) for p in packages]
    rows = [
        (
            f"{package.from_code} → {package.to_code}",
            package.version,
            ", ".join(f"{f.name} {f.copied:.0%}" for f in seen.stand_ins) or "[yellow]none[/]",
            f"{seen.looping} of {seen.sentences}",
            f"{seen.sentences_per_second:.0f}",
        )
        for package, seen in found
    ]
    data = [
        {"from": p.from_code, "to": p.to_code, "digest": p.digest, **asdict(seen)}
        for p, seen in found
    ]
    columns = ["model", "version", "stand-ins copied", ">looping", ">sentences/s"]
    return Answer(text=table("Models", columns, rows), data=data)
