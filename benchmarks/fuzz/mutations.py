# ruff: noqa: E501
"""Real files made strange: bytes, lines, blocks and encodings changed, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

# What readers look for, and what makes them stumble.
TOKENS = (
    "-->", "->", "\n\n", "\r", "\r\n", "\n", "\0", "\ufeff", "\u200b", "\x1a", "\u2028", "\x85",
    "\x1b", "\t", ",", ";", '"', "'", "|", "<", ">", "&", "&#0;", "&#x110000;", "&lt;", "&amp;",
    "&#20320;", "&nosuch;", "<!--", "-->", "]]>", "<![CDATA[", "<?x", "<!DOCTYPE a [", "<!ENTITY",
    "</", "/>", "<i>", "<b>", "</i>", "<br/>", "<v ", "<c.x>", "<ruby>", "<rt>", "<00:00:01.000>",
    "{", "}", "{\\an8}", "{\\k20}", "{\\p1}", "\\N", "\\n", "\\h", "\\", "[", "]", "[br]", "♪", "- ",
    "1", "0", "-1", "9" * 30, "9" * 400, "٣", "²", "Ⅷ", "１２", "1e999", "NaN", "null", "true", "[]",
    "00:00:01,000 --> 00:00:02,000", "99:99:99,999", "00:00:00.1 --> 1", "1:2:3:4", "NOTE", "STYLE",
    "WEBVTT", "REGION", "Dialogue:", "Format:", "[Events]", "=1+1", "'", "#", "x" * 300, "（" * 50,
    "你好", "木屑", "\U0001f600", "e\u0301", "\u202e", "\u0600", "İ", "ß", "ﬁ", "\ud7ff", "\ufffe",
)  # fmt: skip
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030",
    "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "cp1252",
)  # fmt: skip
_MOST = 20_000  # characters; blocks that repeat must not grow for ever

Change = Callable[[str, Random, Sequence[str]], str]


def _insert(text: str, random: Random, _others: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(TOKENS) + text[at:]


def _replace(text: str, random: Random, _others: Sequence[str]) -> str:
    start, end = _span(text, random)
    return text[:start] + random.choice(TOKENS) + text[end:]


def _delete(text: str, random: Random, _others: Sequence[str]) -> str:
    start, end = _span(text, random)
    return text[:start] + text[end:]


def _repeat(text: str, random: Random, _others: Sequence[str]) -> str:
    start, end = _span(text, random)
    return (text[:end] + text[start:end] * random.choice((1, 1, 2, 9)) + text[end:])[:_MOST]


def _cut_off(text: str, random: Random, _others: Sequence[str]) -> str:
    return text[: random.randint(0, len(text))]


def _swap_lines(text: str, random: Random, _others: Sequence[str]) -> str:
    lines = text.split("\n")
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def _drop_line(text: str, random: Random, _others: Sequence[str]) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _any_character(text: str, random: Random, _others: Sequence[str]) -> str:
    at = random.randint(0, len(text))
    point = random.choice(
        (random.randrange(0x100), random.randrange(0x3000), random.randrange(0xD800))
    )
    return text[:at] + chr(point) + text[at + random.randint(0, 1) :]


def _splice(text: str, random: Random, others: Sequence[str]) -> str:
    other = random.choice(others)
    start, end = _span(other, random)
    at = random.randint(0, len(text))
    return (text[:at] + other[start:end] + text[at:])[:_MOST]


def _line_ends(text: str, random: Random, _others: Sequence[str]) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\n\n", "\n \n")))[:_MOST]


CHANGES: tuple[Change, ...] = (
    _insert, _insert, _replace, _delete, _repeat, _cut_off, _swap_lines, _drop_line,
    _any_character, _splice, _line_ends,
)  # fmt: skip


def _span(text: str, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + random.choice((1, 2, 5, 20, 100)))


def mutated(seeds: Sequence[str], random: Random) -> bytes:
    """Return one strange file made from `seeds`, in one encoding or broken in its bytes."""
    text = random.choice(seeds)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        text = random.choice(CHANGES)(text, random, seeds)
    kind = random.random()
    if kind < 0.75:  # noqa: PLR2004  # most must get past the first test of their bytes
        return text.encode("utf-8", "replace")
    if kind < 0.9:  # noqa: PLR2004
        return text.encode(random.choice(ENCODINGS), "replace")
    return with_broken_bytes(text.encode(random.choice(ENCODINGS), "replace"), random)


def with_broken_bytes(data: bytes, random: Random) -> bytes:
    """Change, take away and add single bytes."""
    broken = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        at = random.randint(0, len(broken))
        removed = random.choice((0, 1, 1, 4))
        broken[at : at + removed] = random.randbytes(random.choice((0, 1, 1, 3)))
    return bytes(broken)
