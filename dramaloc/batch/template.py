"""The template of an episode: what was reviewed in the language that other markets go through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dramaloc.batch.manifest import read_manifest
from dramaloc.batch.plan import Job
from dramaloc.files import digest, read_bytes
from dramaloc.quality.subject import align
from dramaloc.review.identity import rows
from dramaloc.review.record import read_record
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document


def named_template(path: Path, document: Document, language: str) -> dict[int, str]:
    """Read a template and lay it beside a source by time; its texts by position in the source.

    Raises `InputError`.
    """
    template = formats.read(read_bytes(path), language=language)
    partners = align(document.cues, template.cues)
    return {at: cue.text for at, cue in enumerate(partners) if cue is not None}


def found_template(job: Job, document: Document, language: str) -> tuple[str, dict[int, str]]:
    """Find what was reviewed of the same episode in a language, in the output's folder.

    Returns the name of the file with the most reviewed cues, and their texts by position in the
    source; both empty if there is none.
    """
    best: tuple[str, dict[int, str]] = ("", {})
    for name, entry in sorted(read_manifest(job.output.parent).items()):
        if entry.input != job.source.name or not _speaks(entry.market, language):
            continue
        record = read_record(job.output.parent / name)
        named = rows(document, document) if record else ()
        texts = {
            row.position: record[row.key].text
            for row in named
            if row.key in record and record[row.key].by
        }
        if len(texts) > len(best[1]):
            best = (name, texts)
    return best


def _speaks(market: str, language: str) -> bool:
    return market == language or market.startswith(f"{language}-")


def recorded_template(name: str, texts: Mapping[int, str]) -> str:
    """Write which template was used, and what it said, for the manifest; empty if none was."""
    return f"{name} {digest(repr(sorted(texts.items())).encode())[:23]}" if texts else ""
