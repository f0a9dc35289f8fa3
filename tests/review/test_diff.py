"""What changed between two versions: cues moved, split, merged and retimed are known as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.review.diff import Change, after, as_unified, before, diff, opcodes
from dramaloc.review.diff_page import compose_diff
from dramaloc.subtitles.document import Cue, Document

Cli = Callable[..., Result]


def _doc(*cues: tuple[int, int, str]) -> Document:
    return Document(
        cues=tuple(
            Cue(number=n + 1, start_ms=start, end_ms=end, text=text)
            for n, (start, end, text) in enumerate(cues)
        )
    )


OLD = _doc((0, 4000, "It must eat, it must sleep"), (5000, 6000, "Yes"), (9000, 9900, "Bye"))


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        (OLD, []),
        (_doc((0, 4000, "It must eat, it must sleep"), (5100, 6000, "Yes"), (9000, 9900, "Bye")),
         ["retimed"]),
        (_doc((0, 4000, "It must eat, it must sleep"), (7000, 8000, "Yes"), (9000, 9900, "Bye")),
         ["moved"]),
        (_doc((0, 1900, "It must eat,"), (2000, 4000, "it must sleep"), (5000, 6000, "Yes"),
              (9000, 9900, "Bye")), ["split"]),
        (_doc((0, 4000, "It must eat, it must sleep"), (5000, 9900, "Yes. Bye")), ["merged"]),
        (_doc((0, 4000, "It must eat, it must rest"), (5000, 6000, "Yes")), ["changed", "removed"]),
        (_doc(*((c.start_ms + 60_000, c.end_ms + 60_000, c.text) for c in OLD.cues)),
         ["moved"] * 3),
        (_doc(*((c.start_ms + 3000, c.end_ms + 3000, c.text) for c in OLD.cues)),
         ["retimed", "moved", "moved"]),
    ],
)  # fmt: skip
def test_kinds_of_changes(new: Document, kinds: Sequence[str]) -> None:
    assert [change.kind for change in diff(OLD, new)] == kinds


def test_a_split_and_a_merged_cue_show_all_their_parts() -> None:
    new = _doc((0, 1900, "It must eat,"), (2000, 4000, "it must rest"), (5000, 9900, "Yes. Bye"))
    split, merged = diff(OLD, new)
    assert as_unified([split, merged]).splitlines() == [
        "@@ cue 1 00:00:00,000 --> 00:00:01,900 split in 2 @@",
        "-It must eat, it must sleep", "+It must eat,", "+it must rest",
        "@@ cue 3 00:00:05,000 --> 00:00:09,900 merged from 2 @@",
        "-Yes", "-Bye", "+Yes. Bye",
    ]  # fmt: skip
    assert [(each.op, each.text) for each in split.edits][-2:] == [
        ("old", "sleep"),
        ("new", "rest"),
    ]


_TEXTS = st.sampled_from(["Yes", "No", "It must eat", "it must sleep", "我说", "你听我说"])


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    at, cues = 0, []
    for text in draw(st.lists(_TEXTS, max_size=6)):
        start = at + draw(st.integers(0, 2000))
        at = start + draw(st.integers(100, 3000))
        cues.append((start, at, text))
    return _doc(*cues)


@given(_documents(), _documents())
def test_every_cue_is_in_one_change_or_the_same(old: Document, new: Document) -> None:
    changes = diff(old, new)
    seen_old = [cue for change in changes for cue in before(change)]
    seen_new = [cue for change in changes for cue in after(change)]
    same_old = [c for c in old.cues if c not in seen_old]
    same_new = [c for c in new.cues if c not in seen_new]
    assert len(set(map(id, seen_old))) == len(seen_old)
    assert len(set(map(id, seen_new))) == len(seen_new)
    assert sorted((c.start_ms, c.end_ms, c.text) for c in same_old) == sorted(
        (c.start_ms, c.end_ms, c.text) for c in same_new
    )
    assert diff(old, old) == ()


def test_the_page_shows_text_and_runs_none() -> None:
    hostile = _doc((0, 1000, "<script>alert(1)</script>"))
    page = compose_diff("a → b", {"<b>": diff(hostile, _doc((0, 1000, "<img src=x>")))}, ["<i>"])
    assert "<script" not in page
    assert "<img" not in page
    assert "alert(1)&lt;/script&gt;" in page
    assert "<del>" in page
    assert "default-src &#39;none&#39;" in page


@pytest.fixture
def runs(tmp_path: Path, make_srt: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, texts in {
        "old/E01.srt": ("Hello", "Bye"), "old/E02.srt": ("One",), "old/s/E03.srt": ("Same",),
        "new/E01.srt": ("Hello", "Good-bye"), "new/E04.srt": ("Two",), "new/s/E03.srt": ("Same",),
    }.items():  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_srt(*texts), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("runs")
def test_folders_are_compared_by_name(cli: Cli) -> None:
    result = cli("diff", "old", "new", "--exit-code")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "cue 2 00:00:03,000 --> 00:00:05,000 changed",
        "  [-Bye-]{+Good-bye+}",
        "E01.srt: 1 cue differ",
        "s/E03.srt: 0 cues differ",
        "E02.srt is only in old",
        "E04.srt is only in new",
    ]
    unified = cli("diff", "old", "new", "--format", "unified").stdout.splitlines()
    assert unified[:2] == ["--- E01.srt", "+++ E01.srt"]
    assert cli("diff", "old", "old", "--exit-code").exit_code == 0
    written = cli("diff", "old", "new", "--format", "html", "-o", "d.html")
    assert written.stdout == "d.html\n"
    assert "Good-" in Path("d.html").read_text("utf-8")
    assert "a file and a folder" in cli("diff", "old", "new/E01.srt").stderr
    assert (
        "overwrite an input"
        in cli("diff", "old/E01.srt", "new/E01.srt", "-o", "old/E01.srt").stderr
    )


def test_a_file_against_nothing_is_all_new(cli: Cli, runs: Path) -> None:
    (runs / "empty.srt").write_text("")
    assert "{+One+}" in cli("diff", "empty.srt", "old/E02.srt").stdout


def test_changes_are_plain_data() -> None:
    assert Change(kind="added", old=None, new=OLD.cues[0]).cue is OLD.cues[0]


@pytest.mark.parametrize("times", [1, 400])
def test_what_differs_is_told_of_thousands_of_words_too(times: int) -> None:
    old, new = ["好", "吗", "好"] * times, ["好", "好", "不"] * times
    for op, a, b, c, d in opcodes(old, new):
        assert (old[a:b] == new[c:d]) == (op == "equal")
    assert [word for _, _, _, c, d in opcodes(old, new) for word in new[c:d]] == new
    assert [word for _, a, b, _, _ in opcodes(old, new) for word in old[a:b]] == old


def test_two_endless_texts_are_not_compared_by_the_word() -> None:
    assert list(opcodes(["好"] * 30_000, ["好"] * 30_000)) == [("replace", 0, 30_000, 0, 30_000)]
