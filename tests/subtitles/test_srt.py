import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, decode, encode
from dramaloc.subtitles import formats, srt
from dramaloc.subtitles.document import Cue, Document

TESTS = Path(__file__).parents[1]
CASES = sorted((TESTS / "cases" / "srt").glob("*.srt"))
SAMPLES = TESTS.parent / "samples"
EPISODES = sorted((SAMPLES / "indigo-house").glob("*.srt"))


def parse(text: str) -> Document:
    return srt.parse(DecodedText(text=text, encoding="utf-8", bom=False))


def described(document: Document) -> list[str]:
    """Say what was read, as in the `.expected` files, with single spaces."""
    rows = [f"line 1 header {document.header}"] if document.header else []
    pending = list(document.unparsed)
    for position, cue in enumerate((*document.cues, None)):
        while pending and pending[0].position == position:
            item = pending.pop(0)
            rows.append(f"line {item.line} kept {item.text} ({item.reason})")
        if cue:
            number = "-" if cue.number is None else cue.number
            placed = f" [{cue.settings}]" if cue.settings else ""
            rows.append(
                f"line {cue.line} no. {number} {cue.start_ms}-{cue.end_ms} {cue.text}{placed}"
            )
    assert not pending
    return [re.sub(r"[ \t]+", " ", row.replace("\n", " / ")).strip() for row in rows]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_damaged_files_are_read_as_a_person_would(case: Path, newline: str) -> None:
    text = case.read_text(encoding="utf-8").replace("\n", newline)
    expected = case.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    document = parse(text)
    assert described(document) == [re.sub(r"\s+", " ", row).strip() for row in expected]
    assert document.newline == newline


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_damaged_file_once_written_is_read_the_same_again(case: Path) -> None:
    once = parse(case.read_text(encoding="utf-8"))
    again = formats.read(srt.compose(once))
    assert [(cue.start_ms, cue.end_ms, cue.text, cue.settings) for cue in again.cues] == [
        (cue.start_ms, cue.end_ms, cue.text, cue.settings) for cue in once.cues
    ]
    assert again.header == once.header
    assert srt.compose(again) == srt.compose(once)
    lost_times = [item.text for item in once.unparsed if "-->" in item.text]
    assert [item.text for item in again.unparsed] == lost_times


@pytest.mark.parametrize("rough", sorted((SAMPLES / "rough").glob("*.srt")), ids=lambda p: p.stem)
def test_rough_samples_hold_the_same_cues_as_the_clean_one(rough: Path) -> None:
    clean = formats.read((SAMPLES / "indigo-house" / "E01.zh-Hans.srt").read_bytes())
    found = formats.read(rough.read_bytes())
    assert len(found.cues) == 40
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in found.cues] == [
        (cue.start_ms, cue.end_ms, cue.text) for cue in clean.cues[:40]
    ]
    assert not found.unparsed


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", False),
        ("utf-8", True),
        ("utf-16-le", True),
        ("utf-16-be", False),
        ("utf-32-le", True),
        ("gb18030", False),
    ],
)
@pytest.mark.parametrize("episode", EPISODES, ids=lambda path: path.name)
def test_a_canonical_file_is_written_back_byte_for_byte(
    episode: Path,
    encoding: str,
    bom: bool,  # noqa: FBT001
    newline: str,
) -> None:
    text = episode.read_text(encoding="utf-8").replace("\n", newline)
    data = encode(text, encoding=encoding, bom=bom)
    language = "zh-Hans" if "zh" in episode.name else "en"
    if encoding == "gb18030" and language == "en":
        pytest.skip("English files are not in GB18030")
    assert srt.compose(formats.read(data, language=language)) == data


@pytest.mark.parametrize("end", ["", "\n", "\n\n"], ids=["no", "one", "two"])
def test_the_line_ends_at_the_end_of_a_file_stay(end: str) -> None:
    data = f"1\n00:00:01,000 --> 00:00:02,000\n染缸{end}".encode()
    assert srt.compose(formats.read(data)) == data


@pytest.mark.parametrize("first", [0, 1, 7])
def test_numbers_that_count_up_are_kept_wherever_they_begin(first: int) -> None:
    cues = tuple(Cue(number=first + n, start_ms=n, end_ms=n + 1, text="染") for n in range(3))
    written = srt.compose(Document(cues=cues)).decode()
    assert re.findall(r"(?m)^\d+$", written) == [str(first + n) for n in range(3)]


@pytest.mark.parametrize("numbers", [(1, 1, 2), (3, 2, 1), (1, None, 3), (None, None, None)])
def test_other_numbers_are_written_from_1(numbers: tuple[int | None, ...]) -> None:
    cues = tuple(Cue(number=number, start_ms=0, end_ms=1, text="染") for number in numbers)
    written = srt.compose(Document(cues=cues)).decode()
    assert re.findall(r"(?m)^\d+$", written) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("\n\n  Dear colleague,\nhere is the file\n", 3, "Dear colleague,"),
        ("source,target\n蓝院,Indigo House\n", 1, "source,target"),
        ("1\n00:00:xx --> 00:00:yy\n染\n", 1, "1"),
        ("-->\n" * 3, 1, "-->"),
    ],
)
def test_a_file_without_one_cue_is_refused_in_one_line(text: str, line: int, shown: str) -> None:
    with pytest.raises(SubtitleError, match=re.escape(f"it begins with {shown!r}")) as caught:
        parse(text)
    assert caught.value.line == line
    assert len(str(caught.value).splitlines()) == 1
    assert "-->" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"\n\r\n \n", "\ufeff".encode()])
def test_an_empty_file_has_no_cues_and_is_no_error(data: bytes) -> None:
    assert formats.read(data).cues == ()


def test_index_lines_with_letters_count_only_if_they_go_on_counting() -> None:
    cue = "00:00:0{0},000 --> 00:00:0{0},500\n染\n\n"
    counted = parse("".join(f"No.{n}\n{cue.format(n)}" for n in (1, 2, 3)))
    assert [found.number for found in counted.cues] == [1, 2, 3]
    assert not counted.unparsed
    spoken = parse(f"1\n{cue.format(1)}Act 2026\n{cue.format(2)}")
    assert [item.text for item in spoken.unparsed] == ["Act 2026"]


# A line a cue may hold in a canonical file: not blank, no arrow.
LINES = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]),
        st.sampled_from("染缸蓝 ab12-–♪[]{}<>/"),
    ),
    min_size=1,
    max_size=20,
).filter(
    lambda line: (
        line.strip("\u200b\ufeff \u3000") and line.strip() and not re.search("[->=]>", line)
    )
)
TEXTS = st.lists(LINES, max_size=3).map("\n".join)


@st.composite
def canonical_documents(draw: st.DrawFn) -> Document:
    hour = 3_600_000
    times = st.tuples(st.integers(0, 200 * hour), st.integers(0, 200 * hour))
    settings_ = st.sampled_from(["", "X1:063 X2:656 Y1:480 Y2:560", "align:start"])
    cues = draw(st.lists(st.tuples(times, TEXTS, settings_), min_size=1, max_size=6))
    return Document(
        cues=tuple(
            Cue(number=number, start_ms=start, end_ms=end, text=text, settings=placed)
            for number, ((start, end), text, placed) in enumerate(cues, 1)
        ),
        language="zh-Hans",
        encoding=draw(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-be"])),
        newline=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        bom=draw(st.booleans()),
        header=draw(st.sampled_from(["", "蓝院 第一集", "字幕\n12"])),
        final_newlines=draw(st.integers(0, 2)),
    )


@settings(max_examples=200)
@given(canonical_documents())
def test_what_is_composed_is_parsed_again_as_it_was(document: Document) -> None:
    decoded = decode(srt.compose(document), encoding=document.encoding)
    found = srt.parse(decoded, language="zh-Hans")
    assert replace(found, cues=tuple(replace(cue, line=0) for cue in found.cues)) == document


JUNK = (
    *("", " ", "\ufeff", "1", "12", "007", "9999999999", "# 12", "12a", "???", "WEBVTT", "{\\an8}"),
    *("-->", "2 -> 3 哎", "2:30 -> 走", "abc --> def 3", "00:00:xx,000 --> 00:00:03,000"),
    *("Act 900", "第3集", "字幕组制作", "00:01:02,5 --> 00:01:04", "->", "\x1a", "\u200b"),
)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.sampled_from(["drop", "double", "isolate", *(("junk",) * 3)]),
        st.sampled_from(JUNK),
    ),
    max_size=12,
)


def letters(*texts: str) -> Counter[str]:
    return Counter(char for text in texts for char in text if char.isalpha())


@settings(max_examples=300)
@given(st.integers(0, 800), CHANGES)
def test_no_letter_of_a_mutilated_file_is_lost(
    start: int, changes: list[tuple[int, str, str]]
) -> None:
    lines = EPISODES[1].read_text(encoding="utf-8").split("\n")[start : start + 60]
    for at, change, junk in changes:
        line = lines[at : at + 1]
        lines[at : at + 1] = {
            "drop": [],
            "double": line * 2,
            "isolate": ["", *line, ""],
            "junk": [*line, junk],
        }[change]
    try:
        found = parse("\n".join(lines))
    except SubtitleError:
        return
    kept = letters(
        found.header,
        *(item.text for item in found.unparsed),
        *(cue.text + cue.settings for cue in found.cues),
    )
    assert letters(*lines) - kept == Counter()
    read = formats.read(srt.compose(found))
    assert [(cue.start_ms, cue.text) for cue in read.cues] == [
        (cue.start_ms, cue.text) for cue in found.cues
    ]


@pytest.mark.parametrize(
    "garbage",
    [
        "x\n" * 300_000,
        "\n" * 300_000,
        "12\n" * 200_000,
        "-->" * 200_000,
        "1 " * 200_000 + ">",
        "00:00:01,000 --> 00:00:02,000 " + "x " * 200_000,
        "00:00:01,000 -->" + " " * 300_000 + "x",
        "1\n00:00:xx --> 00:00:00\n\n" * 20_000,
    ],
    ids=lambda garbage: garbage[:28].strip().replace("\n", " "),
)
def test_long_garbage_is_read_and_written_in_linear_time(garbage: str) -> None:
    good = "1\n00:00:01,000 --> 00:00:02,000\n染缸\n\n"
    found = parse(good + garbage)  # quadratic time would hang here for minutes
    assert found.cues[0].start_ms == 1000
    assert srt.compose(found).startswith(good.rstrip().encode())
