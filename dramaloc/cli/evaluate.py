"""`dramaloc eval`: a translation's figures against a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dramaloc.batch.names import language_in_name
from dramaloc.cli.answer import Answer, answer
from dramaloc.cli.inputs import market_with_series, read_subtitles
from dramaloc.cli.table import escape, table
from dramaloc.errors import InputError
from dramaloc.markets.market import Market
from dramaloc.quality.metrics import Conformity, conformity, term_occurrences
from dramaloc.quality.scores import Score, scores
from dramaloc.subtitles.document import Document


@click.command("eval")
@click.argument("hypothesis", type=click.Path(path_type=Path))
@click.argument("reference", type=click.Path(path_type=Path))
@click.option("--source", type=click.Path(path_type=Path), help="What both were made from.")
@click.option("-m", "--market", help="Market tag or territory, for terms and conformity.")
@click.option("--glossary", multiple=True, help="A series table on top of the packs; repeatable.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def command(**flags: Any) -> None:
    """Score subtitles against a reference: chrF, BLEU, SubER, terms kept, conformity.

    Terms need --source and -m, conformity needs -m.
    """
    answer("eval", flags["output_format"], lambda: _body(**flags))


def _body(
    hypothesis: Path,
    reference: Path,
    source: Path | None,
    market: str | None,
    glossary: Sequence[str],
    output_format: str,  # noqa: ARG001  # the caller's
) -> Answer:
    if source is not None and market is None:
        raise InputError("terms are a market's", hint="Say -m MARKET as well as --source")
    beside = [path for path in (source, hypothesis, reference) if path]
    rules = market_with_series(market, glossary, *beside) if market else None
    language = rules.code if rules else _language(hypothesis, reference)
    target = read_subtitles(hypothesis, language=language)
    wanted = read_subtitles(reference, language=language)
    found = scores(target, wanted, language)
    terms = _terms(target, read_subtitles(source), rules) if source and rules else None
    fits = conformity(target, rules) if rules else None
    return Answer(text=_text(found, terms, fits), data=_data(language, found, terms, fits))


def _language(*paths: Path) -> str:
    return next((found for path in paths if (found := language_in_name(path))), "en")


def _terms(target: Document, source: Document, market: Market) -> tuple[int, int]:
    found = term_occurrences(target, source, market)
    return sum(occurrence.kept for occurrence in found), len(found)


def _data(
    language: str,
    found: Sequence[Score],
    terms: tuple[int, int] | None,
    fits: Conformity | None,
) -> dict[str, Any]:
    return {
        "language": language,
        "scores": [asdict(score) for score in found],
        "terms": None if terms is None else {"kept": terms[0], "required": terms[1]},
        "conformity": None if fits is None else asdict(fits),
    }


def _text(found: Sequence[Score], terms: tuple[int, int] | None, fits: Conformity | None) -> str:
    rows = [
        (
            score.name,
            "-" if score.value is None else f"{score.value:.2f}",
            ("" if score.higher_is_better else "less is better; ")
            + (score.signature or score.note),
        )
        for score in found
    ]
    if terms is not None:
        kept, required = terms
        rows.append(("terms kept", f"{100 * kept / required if required else 100:.1f} %",
                     f"{kept} of {required}"))  # fmt: skip
    if fits is not None:
        rows += [
            (name, f"{fits.share(count):.1f} %", f"{count} of {fits.cues} cues")
            for name, count in (
                ("within characters per line", fits.line_length),
                ("within lines", fits.line_count),
                ("within reading speed", fits.reading_speed),
                ("within all three", fits.all_three),
            )
        ]
    return table("Evaluation", ["figure", ">value", "how"], [tuple(map(escape, r)) for r in rows])
