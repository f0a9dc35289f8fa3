import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.subtitles.width import width


@pytest.mark.parametrize(
    ("text", "characters", "columns"),
    [
        ("", 0, 0),
        ("扎染", 2, 2),
        ("tie-dye", 7, 3.5),
        ("ＡＢ１２，。", 6, 6),  # full-width forms
        ("ﾊﾝｶﾞ", 4, 2),  # half-width katakana
        ("…“”—·♪", 6, 6),  # ambiguous: full-width among Chinese characters
        ("你好 3天", 5, 4),
        ("ที่นี่", 2, 1),  # Thai vowels and tones stand above their consonants
        ("e\u0301 é", 3, 1.5),
        ("я", 1, 0.5),
        ("مُحَمَّد", 4, 2),  # Arabic points
        ("\u200b\u200e\ufeffa\u00ad", 1, 0.5),  # invisible
        ("한국어", 3, 3),
        ("🎨", 1, 1),
    ],
)
def test_text_takes_the_room_its_market_counts(
    text: str, characters: float, columns: float
) -> None:
    assert width(text) == width(text, "characters") == characters
    assert width(text, "east-asian") == columns


@given(st.text(), st.text())
def test_the_widths_of_two_texts_add_up(first: str, second: str) -> None:
    for counting in ("characters", "east-asian"):
        assert width(first + second, counting) == width(first, counting) + width(second, counting)
