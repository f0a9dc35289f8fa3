"""What the text formats have in common: character references and line ends."""

from __future__ import annotations

import html
import re

from dramaloc.subtitles.inline import TAG

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_KEPT = re.compile(r"&(?=(?:lt|gt|amp);)")
_TAG = re.compile(TAG, re.IGNORECASE)
_KEPT_REFERENCE = re.compile(r"&(?:lt|gt|amp);")
_CONTROL = re.compile(r"[\x00-\x1f]")


def unescaped(text: str) -> str:
    """Turn character references into characters, inside and outside of tags.

    One stays as it is where its character would make a tag or a reference of what is none:
    `escaped` is then the way back for every text.

    >>> unescaped("Tom &amp; Li &lt;3 &lt;i&gt; &amp;lt;")
    'Tom & Li <3 &lt;i> &amp;lt;'
    """
    parts: list[str] = []
    last, opened = 0, False
    for match in _REFERENCE.finditer(text):
        between = text[last : match.start()]
        opening, closing = between.rfind("<"), between.rfind(">")
        opened = opening > closing or (opened and opening == closing)  # neither: as it was
        parts += [between, _character(match, text, opened=opened)]
        last = match.end()
    return "".join([*parts, text[last:]])


def _character(match: re.Match[str], text: str, *, opened: bool) -> str:
    found = html.unescape(match.group())
    rest = text[match.end() : match.end() + 40]
    if (
        _CONTROL.search(found)
        or (found == "&" and re.match(r"(?:lt|gt|amp);", rest))
        or (found == "<" and re.match(r"[/A-Za-z&]|\d[\d:.]*(?:[>&]|[\d:.]{39})", rest))
        or (found == ">" and opened)
    ):
        return match.group()
    return found


def escaped(text: str) -> str:
    """Write what would be read as markup as character references; tags stay tags.

    >>> escaped("<i>Tom & Li <3</i> &lt;i>")
    '<i>Tom &amp; Li &lt;3</i> &lt;i&gt;'
    """
    parts, last = [], 0
    for tag in _TAG.finditer(text):
        if tag.group().startswith("<"):
            parts += [words_only(text[last : tag.start()]), _amp(tag.group())]
            last = tag.end()
    return "".join([*parts, words_only(text[last:])])


def words_only(text: str) -> str:
    """Write all of a text as words, what looks like tags too."""
    return _amp(text).replace("<", "&lt;").replace(">", "&gt;")


def _amp(text: str) -> str:
    kept = _KEPT.split(text)
    return "&".join(part.replace("&", "&amp;") for part in kept)


def line_end(text: str) -> str:
    """Return the line end a text uses most: LF, CRLF or CR."""
    windows = text.count("\r\n")
    counts = {
        "\n": text.count("\n") - windows,
        "\r\n": windows,
        "\r": text.count("\r") - windows,
    }
    return max(counts, key=lambda mark: counts[mark])


def worded(text: str) -> str:
    """Write plain words as a document in a markup format holds them.

    >>> worded("a <b> & c")
    'a &lt;b> & c'
    """
    return unescaped(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def plain(text: str) -> str:
    """Return the words that a document in a markup format holds; `worded` is the way back."""
    return _KEPT_REFERENCE.sub(lambda match: html.unescape(match.group()), text)
