"""Markdown: headings, paragraphs, list items and table cells are fields, named by their heading.

What is not prose stays: front matter, code, HTML blocks, link definitions, rules. Marks inside a
line become tags that carry them, which are moved along with the words as tags in subtitles are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from dramaloc.marketing.field import Field, Kind

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)\r?\n.*?^\1\s*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_PROSE = re.compile(
    r"\s*(?:\[[^\]]+\]:\s|<[!/a-zA-Z]|(?:[-*_]\s*){3,}$|={2,}\s*$|\|?(?:\s*:?-{3,}:?\s*\|?)+$)"
)
_LEAD = re.compile(r"(?:\s*(?:>|#{1,6}\s|[-*+]\s(?:\[[ xX]\]\s)?|\d{1,9}[.)]\s))*\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_CELL = re.compile(r"(?:\\\||[^|])+")

# Code, images, HTML and bare addresses stay as they are; the marks around words move with them.
_OPAQUE = (
    r"`+[^`]+`+|!\[[^\]]*\]\([^)]*\)|</?[a-zA-Z][^<>]*>|<https?://[^<>]*>|https?://[\w./?=&%#-]+"
)
_LINK = r"\[(?P<text>[^\[\]]*)\](?P<to>\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])"
_EMPHASIS = r"(?P<mark>\*\*\*|\*\*|__|~~|\*|_)(?=\S)(?P<words>(?:(?!(?P=mark)).)+?)(?<=\S)(?P=mark)"
_INLINE = re.compile(f"(?P<opaque>{_OPAQUE})|{_LINK}|{_EMPHASIS}")
_TAG = re.compile(r"</?(?:span|c) ([^<>]*)>")


def fields(text: str) -> Iterator[Field]:
    front = _FRONT_MATTER.match(text)
    skipped = [front.span()] if front else []
    skipped += [match.span() for match in _COMMENT.finditer(text)]
    heading, fence, at = "", "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        start, at = at, at + len(line) + 1
        if any(first <= start < last for first, last in skipped):
            continue
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        if fence or line.startswith(("    ", "\t")) or _NO_PROSE.match(line):
            continue
        titled = _HEADING.match(line)
        heading = titled[1] if titled else heading
        yield from _in_line(line, start, heading, number)


def _in_line(line: str, start: int, heading: str, number: int) -> Iterator[Field]:
    lead = _LEAD.match(line)
    first = lead.end() if lead else 0
    rest = line[first:]
    cells = _CELL.finditer(rest) if rest.startswith("|") else re.finditer(r".+", rest)
    for cell in cells:
        words = re.sub(r"\s#+\s*$", "", cell.group()) if line.startswith("#") else cell.group()
        if words.strip():
            begin = first + cell.start() + len(words) - len(words.lstrip())
            end = first + cell.start() + len(words.rstrip())
            yield Field(start=start + begin, end=start + end, name=heading, line=number)


def decoded(raw: str) -> str:
    """Write marks as tags that carry them.

    >>> decoded("**蓝院**开播")
    '<span **>蓝院</span **>开播'
    """
    parts, last = [], 0
    for match in _INLINE.finditer(raw):
        parts.append(raw[last : match.start()])
        if match["opaque"]:
            parts.append(_tag("c", match["opaque"]))
        elif match["to"]:
            parts += [_tag("span", "["), match["text"], _tag("/span", f"]{match['to']}")]
        else:
            mark = match["mark"]
            parts += [_tag("span", mark), match["words"], _tag("/span", mark)]
        last = match.end()
    return "".join([*parts, raw[last:]])


def encoded(_raw: str, text: str) -> str:
    """Write the tags as the marks they carry; `decoded` is its inverse."""
    return _TAG.sub(lambda match: html.unescape(match[1]), text)


def _tag(name: str, carried: str) -> str:
    return f"<{name} {html.escape(carried, quote=False)}>"


MARKDOWN = Kind(
    name="md", suffixes=(".md", ".markdown"), fields=fields, decoded=decoded, encoded=encoded
)
