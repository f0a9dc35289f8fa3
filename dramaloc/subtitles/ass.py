r"""Advanced SubStation (ASS) and its forerunner SSA, line by line, so that nothing is lost.

pysubs2 writes such files anew, without their comments, unknown sections and order of fields; here
only the texts of what is spoken or shown as words are taken out. Karaoke, drawings and comments
stay as they are. Overrides keep their places in the text; the line break `\N` is LF, `\n`, which
is a space unless a line wraps by hand, is U+2028, and `\h` is a no-break space.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dramaloc.errors import SubtitleError
from dramaloc.files import DecodedText, encode
from dramaloc.subtitles.document import Block, Cue, Document, Unparsed
from dramaloc.subtitles.markup import line_end

_FIRST = re.compile(
    r"(?:\s+|[;!].*\n)*+\[(?:Script Info|V4\+? Styles|Events|Aegisub [\w ]+)\]", re.IGNORECASE
)
_OLD = re.compile(r"^\[V4 Styles\]|^ScriptType:\s*v4\.00\s*$", re.IGNORECASE | re.MULTILINE)
_SECTION = re.compile(r"\s*\[([^\]]*[a-z][^\]]*)\]\s*")  # a font's data has no small letters
_EVENT = re.compile(r"\s*(Dialogue|Comment|Picture|Sound|Movie|Command):")
_FORMAT = re.compile(r"\s*Format:(.*)", re.IGNORECASE)
_TIME = re.compile(r"\s*(\d{1,6}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*")
_OVERRIDES = re.compile(r"((?<!\\)\{[^{}]*\})")
_KARAOKE = re.compile(r"\\(?:[kK][fot]?|K)\d")
_DRAWING = re.compile(r"\\p[1-9]")
_TEMPLATED = re.compile(r"karaoke|fx|template|code", re.IGNORECASE)
_PICTURE = re.compile(r"^PlayRes([XY])\s*:\s*(\d{1,6})\b", re.MULTILINE | re.IGNORECASE)
_FIELDS = tuple("layer start end style name marginl marginr marginv effect text".split())
_SOFT_BREAK = "\u2028"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of [Events], cut into its fields by the Format line above it."""

    head: str
    names: tuple[str, ...]
    values: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        return self.values[self.names.index(name)] if name in self.names else ""

    def saying(self, **values: str) -> Event:
        """Return the event with other values in the fields it has."""
        pairs = zip(self.names, self.values, strict=True)
        return Event(self.head, self.names, tuple(values.get(name, old) for name, old in pairs))

    def __str__(self) -> str:
        return self.head + ",".join(self.values)


def recognises(text: str) -> bool:
    """Say whether a text begins as an ASS or SSA file does."""
    return bool(_FIRST.match(text))


def parse(decoded: DecodedText, *, language: str = "") -> Document:
    """Read ASS or SSA. Raises `SubtitleError` if not one of its events can be understood."""
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    body = text.rstrip("\n")
    lines = body.split("\n")
    first = next(_events(lines), (len(lines), ()))[0]
    found: list[Cue | Block | Unparsed] = []
    position = 0
    last = first
    for at, names in _events(lines):
        if at > last:
            found.append(Block(line=last + 1, position=position, kind="lines",
                               text="\n".join(lines[last:at])))  # fmt: skip
        one = _read(lines[at], names, at + 1, position)
        found.append(one)
        position += isinstance(one, Cue)
        last = at + 1
    if last < len(lines) and first < len(lines):
        found.append(Block(line=last + 1, position=position, kind="section",
                           text="\n".join(lines[last:])))  # fmt: skip
    unparsed = tuple(one for one in found if isinstance(one, Unparsed))
    if unparsed and not position:
        raise SubtitleError(
            f"no event of this file can be read; the first is {unparsed[0].text[:40]!r}",
            line=unparsed[0].line,
            hint="An event needs times such as 0:00:01.00,0:00:02.50",
        )
    return Document(
        cues=tuple(one for one in found if isinstance(one, Cue)),
        language=language,
        format="ssa" if _OLD.search(body) else "ass",
        encoding=decoded.encoding,
        newline=line_end(decoded.text),
        bom=decoded.bom,
        header="\n".join(lines[:first]),
        unparsed=unparsed,
        blocks=tuple(one for one in found if isinstance(one, Block)),
        final_newlines=len(text) - len(body),
    )


def _events(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the index of each event line, and the fields its Format line names."""
    for at, names in _in_events(lines):
        if _EVENT.match(lines[at]):
            yield at, names


def _in_events(
    lines: Sequence[str], names: tuple[str, ...] = _FIELDS, *, inside: bool = False
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the index of each line about events, and the fields that hold from there on.

    `names` are those that held before, `inside` says whether the lines begin among events.
    """
    for at, line in enumerate(lines):
        if section := _SECTION.fullmatch(line):
            inside = section[1].strip().casefold() == "events"
        elif inside:
            named = _FORMAT.match(line)
            names = _usable(fields(named[1])) if named else names
            yield at, names


def fields(listed: str) -> tuple[str, ...]:
    """Read what a Format line lists; the actor is called `name` in either way of writing."""
    names = tuple(name.strip().casefold() for name in listed.split(","))
    return tuple("name" if name == "actor" else name for name in names)


def _read(line: str, names: Sequence[str], number: int, position: int) -> Cue | Block | Unparsed:
    event = event_of(line, names)
    if event is None:
        return Unparsed(line=number, position=position, text=line, reason="fields are missing")
    times = _TIME.fullmatch(event["start"]), _TIME.fullmatch(event["end"])
    if times[0] is None or times[1] is None:
        reason = "these times cannot be read"
        return Unparsed(line=number, position=position, text=line, reason=reason)
    start, end = _milliseconds(times[0]), _milliseconds(times[1])
    if kind := _kind(event):
        kept = str(event.saying(start="", end=""))
        return Block(
            line=number, position=position, kind=kind, text=kept, start_ms=start, end_ms=end
        )
    return Cue(
        start_ms=start,
        end_ms=end,
        text=_lines(event["text"]),
        settings=str(event.saying(start="", end="", name="", text="")),
        speaker=event["name"],
        line=number,
    )


def event_of(line: str, names: Sequence[str] = _FIELDS) -> Event | None:
    """Cut an event's line into fields; None if it has fewer than it should."""
    head = _EVENT.match(line)
    if head is None:
        return None
    rest = line[head.end() :]
    blank = rest[: len(rest) - len(rest.lstrip(" "))]
    values = rest[len(blank) :].split(",", len(names) - 1)
    if len(values) < len(names):
        return None
    return Event(line[: head.end()] + blank, tuple(names), tuple(values))


def _kind(event: Event) -> str:
    """Say what an event is that nobody translates; nothing if it has words for a viewer."""
    if event.head.strip() != "Dialogue:":
        return "comment"
    overrides = "".join(_OVERRIDES.findall(event["text"]))
    if _DRAWING.search(overrides):
        return "drawing"
    if _KARAOKE.search(overrides) or _TEMPLATED.match(event["effect"].strip()):
        return "karaoke"
    return ""


def _milliseconds(time: re.Match[str]) -> int:
    hours, minutes, seconds = map(int, time.groups()[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(time[4].ljust(3, "0"))


def _lines(text: str) -> str:
    r"""Write a text's breaks as characters, and its remarks so that nobody takes them for words.

    >>> _lines(r"{check}一\N二\h三")
    '{\\;check}一\n二\xa0三'
    """
    parts = _OVERRIDES.split(text)
    for at, part in enumerate(parts):
        if at % 2 == 0:
            broken = part.replace("\\N", "\n").replace("\\n", _SOFT_BREAK)
            parts[at] = broken.replace("\\h", "\u00a0")
        elif not part.startswith("{\\") or part.startswith("{\\;"):
            parts[at] = "{\\;" + part[1:]
    return "".join(parts)


def _one_line(text: str) -> str:
    parts = _OVERRIDES.split(text)
    for at, part in enumerate(parts):
        if at % 2 == 0:
            broken = part.replace("\n", "\\N").replace(_SOFT_BREAK, "\\n")
            parts[at] = broken.replace("\u00a0", "\\h")
        elif part.startswith("{\\;"):
            parts[at] = "{" + part[3:]
    return "".join(parts)


def compose(document: Document) -> bytes:
    """Write a document as ASS or SSA; what is no cue stands where it stood."""
    names = event_fields(document.header)
    lines = [document.header] if document.header else []
    between = deque(one for one in document.kept if not _is_last(one))
    for position, cue in enumerate(document.cues):
        while between and between[0].position <= position:
            lines.append(_kept(between[0], names))
            names = _fields_behind(between.popleft(), names)
        event = event_of(cue.settings, names)
        lines.append(str(_filled(event or _plain(names), cue)))
    for one in between:
        lines.append(_kept(one, names))
        names = _fields_behind(one, names)
    lines += [one.text for one in document.kept if _is_last(one)]
    text = "\n".join(lines) + "\n" * document.final_newlines
    return encode(
        text.replace("\n", document.newline), encoding=document.encoding, bom=document.bom
    )


def _fields_behind(one: Block | Unparsed, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that hold behind a block: a broken file lists them more than once."""
    lines = one.text.split("\n") if isinstance(one, Block) and one.kind == "lines" else ()
    return ([names] + [found for _, found in _in_events(lines, names, inside=True)])[-1]


def _is_last(one: Block | Unparsed) -> bool:
    return isinstance(one, Block) and one.kind == "section"


def event_fields(header: str) -> tuple[str, ...]:
    """Return the fields that a header's last Format line names: those of its events."""
    named = [names for _, names in _in_events(header.split("\n"))]
    return named[-1] if named else _FIELDS


def _usable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of events; the usual ones where a broken list would lose what is said."""
    return names if "text" in names and len(set(names)) == len(names) else _FIELDS


def _plain(names: Sequence[str]) -> Event:
    usual = {"layer": "0", "marked": "Marked=0", "style": "Default", "marginl": "0",
             "marginr": "0", "marginv": "0"}  # fmt: skip
    return Event("Dialogue: ", tuple(names), tuple(usual.get(name, "") for name in names))


def _filled(event: Event, cue: Cue) -> Event:
    return event.saying(
        start=clock(cue.start_ms),
        end=clock(cue.end_ms),
        name=cue.speaker.replace(",", "，"),
        text=_one_line(cue.text),
    )


def _kept(one: Block | Unparsed, names: Sequence[str]) -> str:
    event = event_of(one.text, names)
    if isinstance(one, Unparsed) or one.start_ms is None or one.end_ms is None or event is None:
        return one.text
    return str(event.saying(start=clock(one.start_ms), end=clock(one.end_ms)))


def clock(ms: int) -> str:
    """Write a time in the hundredths that the format has, as Aegisub rounds.

    >>> clock(3_723_456)
    '1:02:03.46'
    """
    minutes, hundredths = divmod((ms + 5) // 10, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{hundredths // 100:02}.{hundredths % 100:02}"


def styles(header: str) -> dict[str, Mapping[str, str]]:
    """Read the styles of a header: name → field → value, fields in lower case."""
    names: tuple[str, ...] = ()
    found: dict[str, Mapping[str, str]] = {}
    for line in header.split("\n"):
        if named := _FORMAT.match(line):
            names = fields(named[1])
        elif line.lstrip().startswith("Style:"):
            values = [value.strip() for value in line.partition(":")[2].split(",")]
            style = dict(zip(names, values, strict=False))
            found[style.get("name", "").lstrip("*")] = style
    return found


def style_fields(header: str) -> tuple[str, ...]:
    """Return the fields of a header's styles: those of the Format line above the last."""
    names: tuple[str, ...] = ()
    found = names
    for line in header.split("\n"):
        if named := _FORMAT.match(line):
            names = fields(named[1])
        elif line.lstrip().startswith("Style:"):
            found = names
    return found


def sung(block: Block, header: str) -> Cue | None:
    """Return a karaoke line as the cue its words make, for formats that do not sing along."""
    event = event_of(block.text, event_fields(header)) if block.kind == "karaoke" else None
    if event is None or block.start_ms is None or block.end_ms is None:
        return None
    return Cue(
        start_ms=block.start_ms,
        end_ms=block.end_ms,
        text=_lines(event["text"]),
        settings=str(event.saying(start="", end="", name="", text="")),
        speaker=event["name"],
        line=block.line,
    )


SMALL_PICTURE = (384.0, 288.0)  # what players assume where a script does not say


def picture(header: str) -> tuple[float, float]:
    """Return the width and height that a script's positions refer to."""
    said = dict(_PICTURE.findall(header))
    width, height = int(said.get("X", 0)), int(said.get("Y", 0))
    if not width and not height:
        return SMALL_PICTURE
    return float(width or height * 4 / 3), float(height or width * 3 / 4)


def comment(text: str) -> str:
    """Write a remark as an event that is not shown."""
    line = text.replace("\n", "\\N")
    return f"Comment: 0,0:00:00.00,0:00:00.00,Default,,0,0,0,,{line}"


def new_header(*, old: bool = False) -> str:
    """Begin a script with one style, in the words pysubs2 uses: for a full HD picture."""
    import pysubs2

    script = pysubs2.SSAFile()
    script.info |= {"PlayResX": "1920", "PlayResY": "1080", "WrapStyle": "0"}
    script.info["ScaledBorderAndShadow"] = "yes"
    script.styles["Default"] = pysubs2.SSAStyle(
        fontname="Noto Sans", fontsize=64, outline=3, shadow=0, marginv=54
    )
    text = script.to_string("ssa" if old else "ass", header_notice="")
    return str(text).rstrip("\n")
