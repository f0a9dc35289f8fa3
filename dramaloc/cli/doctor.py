"""`dramaloc doctor`: what works on this machine."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

import dramaloc
from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.table import escape, table
from dramaloc.errors import DramalocError
from dramaloc.settings import resolve

_LIBRARIES = (
    "argostranslate",
    "ctranslate2",
    "sentencepiece",
    "opencc",
    "pysrt",
    "httpx",
    "click",
    "rich",
)


@click.command("doctor")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def command(output_format: str) -> None:
    """Say what works on this machine: engines, models, packs, versions."""
    answer("doctor", output_format, _body)


def _body() -> Answer:
    facts = [*_versions(), *_engines(), *_plugins(), *_described(), *_packs()]
    rows = [
        (name, "[green]ok[/]" if ok else "[red]missing[/]", escape(detail))
        for name, ok, detail in facts
    ]
    data = [{"name": name, "ok": ok, "detail": detail} for name, ok, detail in facts]
    return Answer(text=table("", ["what", "state", "detail"], rows), data=data)


def _versions() -> list[tuple[str, bool, str]]:
    facts = [("dramaloc", True, f"{dramaloc.__version__}, Python {platform.python_version()}")]
    for name in _LIBRARIES:
        try:
            facts.append((name, True, version(name)))
        except PackageNotFoundError:
            facts.append((name, False, f"pip install {name}"))
    with suppress(PackageNotFoundError):  # nobody without a cluster misses it
        facts.append(("distributed", True, f"{version('distributed')}, for --scheduler"))
    return facts


def _engines() -> list[tuple[str, bool, str]]:
    """Try every engine on one sentence: an installed library is not yet a working one."""
    from dramaloc.engines.engine import Request
    from dramaloc.engines.registry import create

    facts = []
    for name, target in (("argos", "en"), ("opencc", "zh-Hant-TW")):
        try:
            engine = create(name)
            found = engine.translate([Request(text="你好")], "zh-Hans", target)
            detail = f"你好 → {found[0][0].text} ({engine.signature('zh-Hans', target)})"
            facts.append((f"engine {name}", True, detail))
        except (DramalocError, ImportError) as error:
            facts.append((f"engine {name}", False, str(error)))
    return facts


def _plugins() -> list[tuple[str, bool, str]]:
    from dramaloc.engines.plugins import find_plugins

    facts = []
    for name, plugin in find_plugins().items():
        try:
            plugin.create()
            facts.append((f"engine {name}", True, f"{plugin.package} {plugin.version}"))
        except DramalocError as error:
            facts.append((f"engine {name}", False, str(error)))
    return facts


def _described() -> list[tuple[str, bool, str]]:
    """Look at the engines of the show one stands in; nothing is sent to them."""
    from dramaloc.cli.engines import described, engine_configs
    from dramaloc.engines.registry import create

    facts = []
    try:
        configs = engine_configs(resolve({}, os.environ, Path.cwd()))
    except DramalocError as error:
        return [("dramaloc.toml", False, str(error))]
    for config in configs:
        try:
            create(config.name, configs)
            facts.append((f"engine {config.name}", True, described(config)))
        except DramalocError as error:
            facts.append((f"engine {config.name}", False, str(error)))
    return facts


def _packs() -> list[tuple[str, bool, str]]:
    from dramaloc.markets.packs import list_codes, load_market

    facts = []
    for code in list_codes():
        try:
            facts.append((f"market {code}", True, f"{len(load_market(code).glossary)} terms"))
        except DramalocError as error:
            facts.append((f"market {code}", False, str(error)))
    return facts
