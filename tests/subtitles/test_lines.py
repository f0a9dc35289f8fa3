import itertools
import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.markets.packs import load_market
from dramaloc.subtitles import lines as lines_module
from dramaloc.subtitles.width import Counting, width

ENGLISH = load_market("en").breaks
break_lines = partial(lines_module.break_lines, breaks=ENGLISH)

CASES = Path(__file__).parents[1] / "cases" / "lines"
NOT_FIRST = "、。，．：；？！…）〕］｝〉》」』】”’"
NOT_LAST = "（〔［｛〈《「『【“‘"


def golden(name: str) -> list[tuple[str, str]]:
    blocks = re.split(r"\n\s*\n", (CASES / name).read_text(encoding="utf-8").strip())
    read = ([line for line in block.splitlines() if line[0] != "#"] for block in blocks)
    return [
        (first.removeprefix("> ").replace("↵", "\n"), "\n".join(rest))
        for first, *rest in filter(None, read)
    ]


@pytest.mark.parametrize(("text", "expected"), golden("english.txt"))
def test_english_is_broken_where_a_reader_pauses(text: str, expected: str) -> None:
    assert break_lines(text, max_columns=42, max_lines=2) == expected
    assert break_lines(expected, max_columns=42, max_lines=2) == expected


@pytest.mark.parametrize(("text", "expected"), golden("chinese.txt"))
def test_chinese_is_broken_where_a_reader_pauses(text: str, expected: str) -> None:
    limits = {"max_columns": 16, "max_lines": 2}
    assert break_lines(text, **limits, counting="east-asian") == expected
    assert break_lines(expected, **limits, counting="east-asian") == expected


@pytest.mark.parametrize("title", ["Mr.", "Mrs.", "Ms.", "Dr.", "MR."])
def test_a_line_ends_with_a_title_only_where_nothing_else_fits(title: str) -> None:
    kept = 0
    for before, after in itertools.product(range(1, 8), repeat=2):
        words = ["vat"] * before, ["blue"] * after
        broken = break_lines(" ".join([*words[0], title, *words[1]]), max_columns=30, max_lines=2)
        bound = [*words[0], f"{title} {words[1][0]}", *words[1][1:]]
        if some_split_fits(bound, " ", 30, 2, "characters"):
            assert f"{title}\n" not in broken
            kept += "\n" in broken
    assert kept > 10


def test_the_fewest_lines_that_fit_are_used() -> None:
    text = "Stay here, wait, and watch, then come, quickly, and wake me"
    assert break_lines(text, max_columns=42, max_lines=4).count("\n") == 1


def test_words_too_long_for_a_line_stay_whole() -> None:
    text = "https://example.org/a/very/long/address is where it is"
    assert break_lines(text, max_columns=10, max_lines=2).split() == text.split()
    assert break_lines("a" * 50, max_columns=10, max_lines=2) == "a" * 50
    assert break_lines("", max_columns=10, max_lines=2) == ""


def test_text_too_long_for_its_lines_is_spread_over_all_of_them() -> None:
    lines = break_lines("indigo " * 40, max_columns=42, max_lines=2).split("\n")
    assert [line.split() for line in lines] == [["indigo"] * 20] * 2


def test_a_cue_that_holds_a_whole_file_takes_no_quadratic_time() -> None:
    broken = break_lines("indigo " * 30_000, max_columns=42, max_lines=2)
    assert broken.split() == ["indigo"] * 30_000
    assert break_lines("蓝" * 30_000, max_columns=16, max_lines=2, counting="east-asian")


def test_marks_that_combine_stay_with_their_letter() -> None:
    text = "e\u0301👩\u200d🎨❤\ufe0f" * 6
    for columns in range(2, 12):
        broken = break_lines(text, max_columns=columns, max_lines=4, counting="east-asian")
        assert all(line[0] in "e👩❤" for line in broken.split("\n")), broken


WORDS = st.sampled_from(
    "a I to Mr. Dong Yang the vat, is asleep. and or Grandmother's tie-dye — wait… “blue”".split()
)
ENGLISH = st.lists(WORDS, min_size=1, max_size=11).map(" ".join)
# The characters that decide something, often; nothing sticks to more than its neighbours.
CHINESE = st.lists(
    st.sampled_from(
        "染 缸 死 了 藍 是 活 的 ， 。 「藍」 （染） —— … 84 indigo ␣ ！？ e\u0301".split()
    ).map(lambda token: token.replace("␣", " ")),
    min_size=1,
    max_size=14,
).map(lambda tokens: " ".join("".join(tokens).split()))


def some_split_fits(
    pieces: list[str], joint: str, columns: float, lines: int, how: Counting
) -> bool:
    """Try every split there is."""
    return any(
        all(
            width(joint.join(pieces[start:end]).strip(), how) <= columns
            for start, end in itertools.pairwise((0, *cuts, len(pieces)))
        )
        for count in range(lines)
        for cuts in itertools.combinations(range(1, len(pieces)), count)
    )


@settings(max_examples=300)
@given(ENGLISH, st.integers(5, 30), st.integers(1, 3))
def test_english_keeps_words_and_limits(text: str, columns: int, lines: int) -> None:
    broken = break_lines(text, max_columns=columns, max_lines=lines)
    found = broken.split("\n")
    assert broken.replace("\n", " ") == text
    assert len(found) <= lines
    assert break_lines(broken, max_columns=columns, max_lines=lines) == broken
    if some_split_fits(text.split(" "), " ", columns, lines, "characters"):
        assert max(map(width, found)) <= columns


@settings(max_examples=300)
@given(CHINESE, st.integers(3, 12), st.integers(1, 3))
def test_chinese_keeps_characters_limits_and_kinsoku(text: str, columns: int, lines: int) -> None:
    broken = break_lines(text, max_columns=columns, max_lines=lines, counting="east-asian")
    found = broken.split("\n")
    assert "".join(broken.split()) == "".join(text.split())
    assert len(found) <= lines
    assert all(line == line.strip() for line in found)
    assert not any(line[0] in NOT_FIRST for line in found[1:]), found
    assert not any(line[-1] in NOT_LAST for line in found[:-1]), found
    # What may stand alone, found by a second, plainer rule than the module's own.
    pieces = re.findall(
        rf"[{NOT_LAST}]*(?:\w[\u0301]|[A-Za-z0-9]+\u0301?|—+|…+|.)(?: ?[{NOT_FIRST}])*| ", text
    )
    assert "".join(pieces) == text
    if some_split_fits(pieces, "", columns, lines, "east-asian"):
        assert max(width(line, "east-asian") for line in found) <= columns
        again = break_lines(broken, max_columns=columns, max_lines=lines, counting="east-asian")
        assert again == broken


@pytest.mark.parametrize(
    ("text", "language", "columns", "expected"),
    [
        (
            "奶奶說過 這口染缸 從她嫁過來那天起就沒有涼過",
            "zh-Hant-TW",
            16,
            "奶奶說過 這口染缸\n從她嫁過來那天起就沒有涼過",
        ),
        (
            "おばあちゃんはこの藍甕を一度も冷ましたことがないの",
            "ja",
            13,
            "おばあちゃんはこの藍甕を\n一度も冷ましたことがないの",
        ),
        (
            "할머니는 시집온 날부터 이 염색 항아리를 식힌 적이 없어요",
            "ko",
            16,
            "할머니는 시집온 날부터 이\n염색 항아리를 식힌 적이 없어요",
        ),
        (
            "คุณยายบอกว่าหม้อครามใบนี้ไม่เคยเย็นเลยตั้งแต่วันที่ท่านแต่งงานเข้ามา",
            "th",
            35,
            "คุณยายบอกว่าหม้อครามใบนี้ไม่เคย\nเย็นเลยตั้งแต่วันที่ท่านแต่งงานเข้ามา",
        ),
        (
            "قالت الجدة إن هذا الحوض لم يبرد منذ يوم زفافها",
            "ar",
            42,
            "قالت الجدة إن هذا الحوض\nلم يبرد منذ يوم زفافها",
        ),
    ],
)
def test_each_script_is_broken_in_its_own_way(
    text: str, language: str, columns: int, expected: str
) -> None:
    counting: Counting = "east-asian" if language[:2] in ("zh", "ja", "ko") else "characters"
    broken = lines_module.break_lines(
        text, max_columns=columns, max_lines=2, counting=counting, language=language
    )
    assert broken == expected


def test_no_break_spaces_bind() -> None:
    text = "Vous aussi, vous avez vu cela\u00a0? Oui\u202f!"
    broken = lines_module.break_lines(text, max_columns=30, max_lines=2, language="fr-FR")
    assert broken == "Vous aussi,\nvous avez vu cela\u00a0? Oui\u202f!"
