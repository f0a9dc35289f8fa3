"""Files that once broke a reader, found by hand or by `benchmarks.fuzz`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dramaloc import documents
from dramaloc.batch.ledger import JOURNAL, read_entries
from dramaloc.batch.manifest import FILE_NAME
from dramaloc.engines.standins import remembered
from dramaloc.errors import (
    DramalocError,
    EncodingError,
    InputError,
    MarketError,
    OutputError,
    SettingsError,
    SubtitleError,
    TableError,
)
from dramaloc.files import decode, encode
from dramaloc.glossary.tables import parse_table
from dramaloc.markets.market import Market
from dramaloc.markets.packs import read_pack
from dramaloc.quality.checks import check
from dramaloc.review.comments import parse_comments
from dramaloc.review.reading import read_edits
from dramaloc.review.record import read_record
from dramaloc.settings import resolve
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Cue, Document

NINES = "9" * 5000  # more digits than Python makes a number of
DEEP = "[" * 200_000
ASS = (
    "[Script Info]\n{head}\n[Events]\n{fields}"
    "Dialogue: 0,{hours}:00:01.00,0:00:02.00,D,,0,0,0,,{text}\n"
)
TT = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="http://www.w3.org/ns/ttml#parameter" {root}>'
    "<body><div>{body}</div></body></tt>"
)


def ass(head: str = "", fields: str = "", hours: str = "0", text: str = "你好{\\pos(1,2)}") -> str:
    return ASS.format(head=head, fields=fields, hours=hours, text=text)


def tt(begin: str, root: str = "") -> str:
    return TT.format(root=root, body=f'<p begin="{begin}" end="2s">你好</p>')


@pytest.mark.parametrize(
    "text",
    [
        f"WEBVTT\n\n{NINES}\n00:01.000 --> 00:02.000\n你好\n",
        ass(head=f"PlayResX: {NINES}"),
        ass(head=f"PlayResX: {NINES[:400]}"),
        ass(fields="Format: Layer, Start, End, Style, Name, L, R, V, Effect, Words\n"),
        ass(fields="Format: Layer, Start, End, Style, Text, L, R, V, Effect, Text\n"),
        tt("1t", f'p:frameRate="{NINES}" p:tickRate="{NINES}"'),
        tt("1f", 'p:frameRate="0" p:frameRateMultiplier="0 0" p:tickRate="0"'),
    ],
    ids=["label", "width", "large width", "no text", "two texts", "rates", "no rates"],
)
def test_it_is_read_and_nothing_lost(text: str) -> None:
    document = formats.read(text.encode())
    assert "你好" in document.cues[0].text
    assert "你好" in formats.write(document).decode()
    for kind in ("srt", "vtt", "ass", "ttml", "sbv"):
        assert "你好" in formats.write(convert(document, kind)[0]).decode()


@pytest.mark.parametrize("time", [f"{NINES}s", f"{NINES}:00:00", f"00:00:00:{NINES}"])
def test_a_time_that_cannot_be_meant_is_kept_with_its_paragraph(time: str) -> None:
    document = formats.read(tt(time).encode())
    assert "你好" in formats.write(document).decode()
    assert document.unparsed


@pytest.mark.parametrize(
    "text",
    [
        ass(hours=NINES),
        TT.format(root="", body='<p begin="1s" end="2s">' * 20_000),
        TT.format(root="", body="<div>" * 50_000),
    ],
    ids=["hours", "paragraphs in paragraphs", "deep"],
)
def test_a_file_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(SubtitleError):
        formats.read(text.encode())


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.md", "a.json"])
def test_space_behind_copy_is_not_doubled(name: str) -> None:
    text = '["你好  "]' if name == "a.json" else "题目,说明\n  \n你好  ,再见 \n"
    document = documents.read(text.encode(), name, whole=True)
    assert documents.write(document).decode() == text


@pytest.mark.parametrize("value", [NINES, DEEP])
def test_json_that_cannot_be_meant_is_refused(value: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        documents.read(f'{{"a": {value}}}'.encode(), "a.json")
    (tmp_path / FILE_NAME).write_text(f'{{"outputs": {value}}}', encoding="utf-8")
    with pytest.raises(OutputError, match="this manifest is damaged"):
        read_entries(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / JOURNAL).write_text(value, encoding="utf-8")
    assert read_entries(tmp_path) == {}
    (tmp_path / "a.srt.review.json").write_text(value, encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        read_record(tmp_path / "a.srt")
    (tmp_path / "standins.json").write_text(value, encoding="utf-8")
    assert remembered(tmp_path / "standins.json", "model", lambda: ()) == ()
    assert json.loads((tmp_path / "standins.json").read_bytes()) == {"model": []}


TOML = [
    f"x = {NINES}",
    f"x = {DEEP}",
    ".".join("a" * 50_000) + " = 1",
    f"[{'.'.join('a' * 50_000)}]",
]


@pytest.mark.parametrize("text", TOML, ids=["figure", "deep", "key", "table"])
def test_toml_that_cannot_be_meant_is_refused(text: str, tmp_path: Path) -> None:
    for name, read, error in (
        ("market.toml", read_pack, MarketError),
        ("dramaloc.toml", lambda folder: resolve({}, {}, folder), SettingsError),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        reader: Callable[[Path], object] = read  # type: ignore[assignment]
        with pytest.raises(error, match=r"not valid TOML|64 parts"):
            reader(tmp_path)


@pytest.mark.parametrize(
    "said", ["[limits]\nmax_cps = inf", 'inherits = "../../secret"', "inherits = 1"]
)
def test_a_pack_that_cannot_be_meant_is_refused(said: str, tmp_path: Path) -> None:
    (tmp_path / "market.toml").write_text(said, encoding="utf-8")
    with pytest.raises(MarketError, match=r"max_cps is inf|inherits is"):
        read_pack(tmp_path)


@pytest.mark.parametrize("key", ["glossary", "memory"])
def test_a_path_that_cannot_be_one_is_refused(key: str, tmp_path: Path) -> None:
    text = f'[localize]\n{key} = "a\\u0000b"\n'
    (tmp_path / "dramaloc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="Name a file"):
        resolve({}, {}, tmp_path)


@pytest.mark.parametrize("time", ["9" * 400, NINES, f"{NINES}h", f"1h{NINES}m"])
def test_a_comment_at_no_time_is_refused(time: str) -> None:
    with pytest.raises(InputError):
        parse_comments(f"time,comment\n{time},x\n")


def test_a_file_no_person_writes_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, read in (
        ("dramaloc.review.comments", lambda: parse_comments("1:02,x\n" * 9)),
        ("dramaloc.review.reading", lambda: read_edits(b"id,target,revised\n" * 9, name="x")),
        ("dramaloc.marketing.copy", lambda: documents.read(b"a,b\n" * 9, "a.csv")),
    ):
        monkeypatch.setattr(f"{module}._MOST", 30)
        with pytest.raises(InputError, match=r"million characters.*split it"):
            read()


def test_a_table_is_refused_by_its_header_before_its_rows_are_read() -> None:
    with pytest.raises(TableError, match="unknown column"):
        parse_table('what\n"a row whose quotes never end')


@pytest.mark.parametrize("encoding", ["idna", "punycode", "a\0b", "undefined", "unicode_escape"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(EncodingError, match="no encoding is called"):
        decode("你好".encode(), encoding=encoding)
    if encoding not in ("punycode", "unicode_escape"):
        with pytest.raises(OutputError, match="no encoding is called"):
            encode("你好." + "a" * 300, encoding=encoding)


@pytest.mark.parametrize("text", ["④", "3²", "²bottle", "第²集 ④ 5④ ½ Ⅷ"])
def test_digits_that_are_no_figures_are_words(text: str, en_us: Market) -> None:
    cue = Cue(start_ms=0, end_ms=2000, text=text)
    document = Document(cues=(cue,), language="zh-Hans")
    check(replace(document, language="en-US"), en_us, document)


def test_messages_are_one_line() -> None:
    with pytest.raises(DramalocError) as caught:
        formats.read(b"no\x0bcue\x85 \xe2\x80\xa8 here\n")
    assert len(str(caught.value).splitlines()) == 1
