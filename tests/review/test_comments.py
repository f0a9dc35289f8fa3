"""Comments as people's tools write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dramaloc.errors import InputError
from dramaloc.review.comments import Comment, milliseconds, parse_comments
from dramaloc.subtitles.document import Document


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("00:01:02,345", 62_345), ("00:01:02.3", 62_300), ("1:02", 62_000), ("01:02:03", 3_723_000),
        ("00:00:10:12", 10_500), ("00:00:10;12", 10_500), ("62.5", 62_500), ("62s", 62_000),
        ("1m2s", 62_000), ("1分2秒", 62_000), ("1h", 3_600_000), (" 5 ", 5_000),
        ("", None), ("soon", None), ("1:2:3:4:5", None), ("-1", None),
    ],
)  # fmt: skip
def test_time_codes(written: str, ms: int | None) -> None:
    assert milliseconds(written) == ms


def test_frames_count_by_the_videos_rate() -> None:
    assert milliseconds("00:00:01:05", 25) == 1200


@pytest.mark.parametrize(
    "table",
    [
        "Timecode,Comment,Author\n00:00:03:12,Too fast,Chen\n",
        "作者;时间;内容\nChen;0:03.5;Too fast\n",
        "\ttext\tauthor\ttime\n1\tToo fast\tChen\t3.5\n",
    ],
)
def test_columns_are_known_by_name(table: str) -> None:
    (comment,) = parse_comments(table)
    assert (comment.time_ms, comment.text, comment.by, comment.line) == (
        3500,
        "Too fast",
        "Chen",
        2,
    )


def test_columns_are_guessed_without_names() -> None:
    comments = parse_comments('1,0:03,"Too\nfast, really"\n2,0:09,Good\n')
    assert [(each.time_ms, each.text, each.line) for each in comments] == [
        (3000, "Too\nfast, really", 1), (9000, "Good", 3),
    ]  # fmt: skip
    assert parse_comments("when,what\n0:03,Slow\n")[0].text == "Slow"
    assert parse_comments(" \n\n") == ()


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("time,comment\nsoon,Good\n", "line 2"), ("Good,Bad\nA,B\n", "no column of times"),
        ("0:03\n", "no column of times"),
    ],
)  # fmt: skip
def test_tables_without_times_are_refused(table: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_comments(table)
    assert what in str(caught.value) or caught.value.line == 2


def test_a_comment_belongs_to_the_cue_on_screen_or_just_gone(
    document: Callable[..., Document],
) -> None:
    cues = document("one", "two").cues
    at = [Comment(time_ms=ms, text="x").at(cues) for ms in (0, 2100, 2500, 4499, 6499, 6501)]
    assert at == [0, 0, 1, 1, 1, None]
