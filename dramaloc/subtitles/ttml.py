"""TTML: DFXP, IMSC and their kin. The file is kept as written around the paragraphs' words.

https://www.w3.org/TR/ttml2/. An XML library would write the whole file anew; so expat says where
each paragraph begins and ends, and only those parts are ever written again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, encode
from dramaloc.subtitles.document import Block, Cue, Document, Unparsed
from dramaloc.subtitles.markup import line_end
from dramaloc.subtitles.styled import attributes
from dramaloc.subtitles.ttml_text import remarks_in, text_of, written
from dramaloc.subtitles.ttml_time import Clock, clock_of, offset

_COMMENT = r"<!--(?:(?!-->).)*-->"
_DOCTYPE = r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>"
_ROOT = re.compile(rf"(?:<\?xml[^>]*\?>)?(?:\s|{_COMMENT}|{_DOCTYPE})*<(\w+:)?tt[\s>]", re.DOTALL)
_NAMESPACE = re.compile(r"http://www\.w3\.org/(?:ns/ttml|2006/\d\d/ttaf1)$")
_LANGUAGE = re.compile(r"(<(?:\w+:)?tt\b[^>]*?\bxml:lang\s*=\s*)([\"'])[^\"']*\2")
_ENCODING = re.compile(r"(<\?xml[^>]*\bencoding\s*=\s*)([\"'])[^\"']*\2")
_TIMES = re.compile(r"\s*\b(begin|end|dur)\s*=\s*(\"[^\"]*\"|'[^']*')")
_COMMENTS = re.compile(rf"\s*(?:{_COMMENT}\s*)+", re.DOTALL)
_MAX_DEPTH = 64  # a file of ours has a dozen
_CLOSING = "\n    </div>\n  </body>\n</tt>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    """A paragraph's place in the bytes: of its tag, of what is in it, and its end."""

    start: int
    inner: int
    inner_end: int
    end: int
    line: int
    times: tuple[int, int] | None
    preserve: bool


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element: its name, its absolute times in milliseconds, whether space counts."""

    name: str
    begin: int
    end: int | None
    preserve: bool
    at: int
    line: int
    timed: bool
    odd: bool  # a time of its own that says nothing


@dataclass
class _Scanner:
    """Expat's events, from which the paragraphs and the parents' times are gathered."""

    data: bytes
    clock: Clock | None = None
    paragraphs: list[_Paragraph] = field(default_factory=list)
    timed_parents: list[int] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)
    _open: list[_Element] = field(default_factory=list)
    _inside: list[tuple[int, int]] = field(default_factory=list)
    _agent: str = ""

    def scan(self) -> None:
        parser = expat.ParserCreate("utf-8", "|")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.buffer_text = False
        self._parser = parser
        try:
            parser.Parse(self.data, True)  # noqa: FBT003  # expat takes it by position
        except expat.ExpatError as error:
            raise SubtitleError(
                f"not well-formed XML ({expat.ErrorString(error.code)})",
                line=error.lineno,
                hint="Mend the file, or export it again",
            ) from error

    def _entity(self, name: str, *_: object) -> None:
        raise SubtitleError(
            f"the file declares an entity, {name[:40]!r}, which no subtitle needs",
            line=self._parser.CurrentLineNumber,
            hint="Have it exported without a document type",
        )

    def _start(self, full: str, given: Mapping[str, str]) -> None:
        space, _, name = full.rpartition("|")
        nested = name == "p" and any(other.name == "p" for other in self._open)
        if nested or len(self._open) > _MAX_DEPTH:
            raise SubtitleError(
                "a paragraph within a paragraph" if nested else "elements stand too deep",
                line=self._parser.CurrentLineNumber,
                hint="No tool needs that: ask whoever sent the file",
            )
        plain = {key.rpartition("|")[2]: value for key, value in given.items()}
        if not self._open:
            self._root(space, name, given)
        if name == "agent":
            self._agent = plain.get("id", "")
        parent = self._open[-1] if self._open else None
        in_words = parent is not None and parent.name in ("p", "span")
        element = self._timed(name, plain, parent)
        if element.timed and name in ("body", "div"):
            self.timed_parents.append(element.at)
        if in_words and element.timed and element.end is not None:
            self._inside.append((element.begin, element.end))
        self._open.append(element)

    def _root(self, space: str, name: str, given: Mapping[str, str]) -> None:
        if name != "tt" or not _NAMESPACE.search(space):
            raise SubtitleError(
                f"the root element is {name!r}, which is not TTML's", line=1, hint="Check the file"
            )
        self.clock = clock_of({key.rpartition("|")[2]: value for key, value in given.items()})

    def _timed(self, name: str, given: Mapping[str, str], parent: _Element | None) -> _Element:
        at, line = self._parser.CurrentByteIndex, self._parser.CurrentLineNumber
        if given.get("timeContainer") == "seq":
            raise SubtitleError(
                "times that follow one another (timeContainer seq) are not understood",
                line=line,
                hint="Have it exported with absolute times",
            )
        base = parent.begin if parent else 0
        begin, end = base, parent.end if parent else None
        clock = self.clock or Clock()
        found = {key: offset(given[key], clock) for key in ("begin", "end", "dur") if key in given}
        if None not in found.values():
            begin = base + (found.get("begin") or 0)
            ends = [base + value for key in ("end",) if (value := found.get(key)) is not None]
            ends += [begin + value for key in ("dur",) if (value := found.get(key)) is not None]
            end = min([*ends, *([end] if end is not None else [])], default=None)
        preserve = (
            given.get("space", "preserve" if parent and parent.preserve else "") == "preserve"
        )
        odd = None in found.values()
        timed = bool(found) and not odd
        return _Element(
            name, begin, end, preserve, at, line, timed or bool(parent and parent.timed), odd
        )

    def _end(self, full: str) -> None:
        element = self._open.pop()
        name = full.rpartition("|")[2]
        if name == "agent":
            self._agent = ""
        if name != "p" or not any(other.name == "body" for other in self._open):
            return
        inner = _tag_end(self.data, element.at)
        empty = self.data[inner - 2 : inner] == b"/>"
        inner_end = inner if empty else self._parser.CurrentByteIndex
        end = inner if empty else _tag_end(self.data, inner_end)
        times = (element.begin, element.end) if element.end is not None else None
        if element.odd:
            times = None
        elif times is None and self._inside:
            times = min(a for a, _ in self._inside), max(b for _, b in self._inside)
        self._inside.clear()
        self.paragraphs.append(
            _Paragraph(start=element.at, inner=inner, inner_end=inner_end, end=end,
                       line=element.line, times=times, preserve=element.preserve)
        )  # fmt: skip

    def _characters(self, text: str) -> None:
        if self._agent and self._open[-1].name == "name":
            self.agents[self._agent] = self.agents.get(self._agent, "") + text


def _tag_end(data: bytes, start: int) -> int:
    """Return the index behind the tag that begins at `start`; its values may hold a `>`."""
    quote = b""
    for at in range(start, len(data)):
        char = data[at : at + 1]
        if quote:
            quote = b"" if char == quote else quote
        elif char in (b'"', b"'"):
            quote = char
        elif char == b">":
            return at + 1
    return len(data)


def recognises(text: str) -> bool:
    """Say whether a text is XML whose root is `tt`."""
    return bool(_ROOT.match(text.lstrip()[:20_000]))


def parse(decoded: DecodedText, *, language: str = "") -> Document:
    """Read TTML of any profile. Raises `SubtitleError`, also for files that are no harmless XML."""
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    scanner = _Scanner(text.encode("utf-8", "surrogatepass"))
    scanner.scan()
    data, found = scanner.data, scanner.paragraphs

    def piece(start: int, end: int) -> str:
        return _untimed(data, start, end, scanner.timed_parents)

    header = piece(0, found[0].start if found else len(data))
    joint = _indentation(header)
    cues: list[Cue] = []
    between: list[Block | Unparsed] = []
    end, moved = len(header), ""
    for at, one in enumerate(found):
        gap = moved + piece(end, one.start) if at else joint
        if gap != joint:
            kind = "note" if _COMMENTS.fullmatch(gap) else "markup"
            between.append(Block(line=one.line, position=len(cues), kind=kind, text=gap))
        if one.times is None:
            raw, reason = data[one.start : one.end].decode(), "this paragraph has no times"
            between.append(Unparsed(line=one.line, position=len(cues), text=raw, reason=reason))
            moved = ""
        else:
            head = data[one.start : one.inner].decode()
            inner = data[one.inner : one.inner_end].decode()
            cues.append(_cue(head, inner, one, scanner.agents))
            # A cue's words may be written anew; what is said about them then stands behind it.
            moved = "".join(joint + remark for remark in remarks_in(inner))
        end = one.end
    if found:
        last = moved + piece(end, len(data))
        between.append(Block(line=found[-1].line, position=len(cues), kind="end", text=last))
    return Document(
        cues=tuple(cues),
        language=language,
        format="ttml",
        encoding=decoded.encoding,
        newline=line_end(decoded.text),
        bom=decoded.bom,
        header=header,
        unparsed=tuple(one for one in between if isinstance(one, Unparsed)),
        blocks=tuple(one for one in between if isinstance(one, Block)),
        final_newlines=1,
    )


def _untimed(data: bytes, start: int, end: int, timed: Sequence[int]) -> str:
    """Return a piece of the file; parents lose their times, since cues have absolute ones.

    `timed` are their places, ascending.
    """
    parts, last = [], start
    for at in timed[bisect_left(timed, start) : bisect_left(timed, end)]:
        close = _tag_end(data, at)
        parts += [data[last:at].decode(), _TIMES.sub("", data[at:close].decode())]
        last = close
    return "".join([*parts, data[last:end].decode()])


def _cue(head: str, inner: str, one: _Paragraph, agents: Mapping[str, str]) -> Cue:
    settings = re.sub(r"\A<[\w:.-]+\s*|\s*/?>\Z", "", head)
    given = attributes(settings)
    start, end = one.times or (0, 0)
    agent = given.get("agent", "").split()
    return Cue(
        start_ms=start,
        end_ms=end,
        text=text_of(inner, preserve=one.preserve),
        settings=settings,
        speaker=agents.get(agent[0], agent[0]).strip() if agent else "",
        name=given.get("id", ""),
        line=one.line,
    )


def compose(document: Document) -> bytes:
    """Write a document as TTML; of a paragraph that has not changed, even its tag stays."""
    header = document.header.lstrip()
    prefix = (match[1] or "") if (match := _ROOT.match(header)) else ""
    root = header[match.end() - 1 :].partition(">")[0] if match else ""
    clock = clock_of(attributes(root))
    joint = _indentation(document.header)
    parts, joined = [document.header], True
    for one in _in_order(document):
        if isinstance(one, Block):
            parts.append(one.text)
        else:
            text = _paragraph(one, clock, prefix) if isinstance(one, Cue) else one.text
            parts += [text] if joined else [joint, text]
        joined = isinstance(one, Block)
    if len(parts) > 1:
        parts += [one.text for one in document.kept if _closes(one)] or [_CLOSING]
    text = _ENCODING.sub(rf"\g<1>\g<2>{document.encoding.upper()}\g<2>", "".join(parts), count=1)
    return encode(
        text.replace("\n", document.newline), encoding=document.encoding, bom=document.bom
    )


def _in_order(document: Document) -> Iterator[Cue | Block | Unparsed]:
    between = deque(one for one in document.kept if not _closes(one))
    for position, cue in enumerate(document.cues):
        while between and between[0].position <= position:
            yield between.popleft()
        yield cue
    yield from between


def _closes(one: Block | Unparsed) -> bool:
    return isinstance(one, Block) and one.kind == "end"


def _indentation(header: str) -> str:
    found = re.search(r"\n*[ \t]*\Z", header)
    return found.group() if found else ""


def _paragraph(cue: Cue, clock: Clock, prefix: str) -> str:
    given = attributes(cue.settings)
    begin, end, lasts = (offset(given.get(key, ""), clock) for key in ("begin", "end", "dur"))
    if lasts is not None and begin is not None and end is None:
        end = begin + lasts
    settings = cue.settings
    if (begin, end) != (cue.start_ms, cue.end_ms):
        rest = _TIMES.sub("", settings).strip()
        settings = (
            f'begin="{clock_time(cue.start_ms)}" end="{clock_time(cue.end_ms)}" {rest}'.strip()
        )
    return f"<{prefix}p {settings}>{written(cue.text, prefix)}</{prefix}p>"


def clock_time(ms: int) -> str:
    """Write a time as TTML's clock time, the same in every time base."""
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{thousandths:03}"


def relabel(document: Document, tag: str) -> str:
    """Return the header with the language of the file, if it names one, replaced."""
    return _LANGUAGE.sub(rf"\g<1>\g<2>{tag}\g<2>", document.header, count=1)
