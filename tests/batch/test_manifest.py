"""The record beside the outputs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc.batch.manifest import (
    FILE_NAME,
    Entry,
    read_manifest,
    refuse_to_lose_edits,
    write_manifest,
)
from dramaloc.errors import OutputError
from dramaloc.files import digest

ENTRY = Entry(
    dramaloc="0.1.0",
    input="E01.zh-Hans.srt",
    input_digest="sha256:00",
    market="en-US",
    market_fingerprint="f1",
    engine="echo",
    options={"encoding": ""},
    output_digest=digest(b"localized"),
    counts={"cues": 2},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entries = {"E02.en-US.srt": replace(ENTRY, input="E02.zh-Hans.srt"), "E01.en-US.srt": ENTRY}
    write_manifest(tmp_path, entries)
    assert read_manifest(tmp_path) == entries
    assert list(read_manifest(tmp_path)) == ["E01.en-US.srt", "E02.en-US.srt"]


def test_a_folder_without_manifest_has_an_empty_one(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}


def test_keys_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    write_manifest(tmp_path, {"E01.en-US.srt": ENTRY})
    said = json.loads((tmp_path / FILE_NAME).read_text())
    said["outputs"]["E01.en-US.srt"]["reviewed_by"] = "somebody"
    (tmp_path / FILE_NAME).write_text(json.dumps(said))
    assert read_manifest(tmp_path) == {"E01.en-US.srt": ENTRY}


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b'{"outputs": 3}', b'{"outputs": {"a": 3}}', b'{"outputs": {"a": {}}}',
     b"\xff\xfe"],
)  # fmt: skip
def test_a_damaged_manifest_is_refused_and_left_as_it_is(tmp_path: Path, text: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(text)
    with pytest.raises(OutputError, match=r"damaged.*--force"):
        read_manifest(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == text


@pytest.mark.parametrize(
    "change",
    [
        {"dramaloc": "0.2.0"},
        {"input_digest": "sha256:01"},
        {"market": "en"},
        {"market_fingerprint": "f2"},
        {"engine": "argos"},
        {"options": {"encoding": "big5"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_what_it_was_made_from_counts(change: dict[str, str]) -> None:
    assert not ENTRY.made_from_the_same(replace(ENTRY, **change))


def test_the_inputs_name_and_what_came_of_it_do_not_count() -> None:
    moved = replace(ENTRY, input="first.zh-Hans.srt", output_digest="", counts={})
    assert ENTRY.made_from_the_same(moved)


def test_edits_are_never_lost(tmp_path: Path) -> None:
    output = tmp_path / "E01.en-US.srt"
    refuse_to_lose_edits(output, None)
    refuse_to_lose_edits(output, ENTRY)
    output.write_bytes(b"localized")
    refuse_to_lose_edits(output, ENTRY)
    with pytest.raises(OutputError, match="dramaloc did not write it"):
        refuse_to_lose_edits(output, None)
    output.write_bytes(b"localized, and mended by hand")
    with pytest.raises(OutputError, match=r"edited since it was written\. Use --force"):
        refuse_to_lose_edits(output, ENTRY)
