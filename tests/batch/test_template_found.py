"""The template of an episode is found beside its other outputs, or named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.batch.manifest import Entry, write_manifest
from dramaloc.batch.plan import Job
from dramaloc.batch.template import found_template, named_template, recorded_template
from dramaloc.errors import InputError
from dramaloc.review.identity import rows
from dramaloc.review.record import Reviewed, write_record
from dramaloc.subtitles.document import Document

Make = Callable[..., Document]


def _job(folder: Path) -> Job:
    return Job(
        source=Path("show/E01.zh-Hans.srt"),
        market="es-ES",
        output=folder / "E01.es-ES.srt",
        language="zh-Hans",
    )


def _entry(market: str, source: str = "E01.zh-Hans.srt") -> Entry:
    return Entry(
        dramaloc="", input=source, input_digest="", market=market, market_fingerprint="",
        engine="", options={}, output_digest="", counts={},
    )  # fmt: skip


def _reviewed(output: Path, document: Document, texts: dict[int, str]) -> None:
    keys = {row.position: row.key for row in rows(document, document)}
    said = {
        keys[at]: Reviewed(source=document.cues[at].text, text=text, by=("Li Na",) if text else ())
        for at, text in texts.items()
    }
    write_record(output, said)


def test_the_output_with_the_most_reviewed_cues_is_found(tmp_path: Path, document: Make) -> None:
    episode = document("一", "二", "三")
    entries = {
        "E01.en-US.srt": _entry("en-US"),
        "E01.en-GB.srt": _entry("en-GB"),
        "E01.fr-FR.srt": _entry("fr-FR"),
        "E02.en-US.srt": _entry("en-US", "E02.zh-Hans.srt"),
    }
    write_manifest(tmp_path, entries)
    job = _job(tmp_path)
    assert found_template(job, episode, "en") == ("", {})
    _reviewed(tmp_path / "E01.en-GB.srt", episode, {0: "One."})
    _reviewed(tmp_path / "E01.en-US.srt", episode, {0: "One", 1: "", 2: "Three"})
    _reviewed(tmp_path / "E02.en-US.srt", episode, {0: "a", 1: "b", 2: "c"})
    _reviewed(tmp_path / "E01.fr-FR.srt", episode, {0: "un", 1: "deux", 2: "trois"})
    assert found_template(job, episode, "en") == ("E01.en-US.srt", {0: "One", 2: "Three"})
    changed = replace(episode, cues=(replace(episode.cues[0], text="变了"), *episode.cues[1:]))
    assert found_template(job, changed, "en") == ("E01.en-US.srt", {2: "Three"})


def test_a_named_template_is_laid_beside_the_source_by_time(
    tmp_path: Path, document: Make, make_srt: Callable[..., str]
) -> None:
    path = tmp_path / "E01.en.srt"
    path.write_text(make_srt("One.", "Two."), encoding="utf-8")
    assert named_template(path, document("一", "二", "三"), "en") == {0: "One.", 1: "Two."}
    with pytest.raises(InputError, match="no such file"):
        named_template(tmp_path / "missing.srt", document("一"), "en")


def test_the_manifest_tells_templates_apart() -> None:
    assert recorded_template("", {}) == ""
    one, other = recorded_template("E01.en-US.srt", {0: "a"}), recorded_template("x", {0: "b"})
    assert one.startswith("E01.en-US.srt sha256:")
    assert one.split()[1] != other.split()[1]
