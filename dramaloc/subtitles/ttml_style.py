"""Looks and places in TTML: read from styles and regions, written as IMSC 1.1's text profile.

https://www.w3.org/TR/ttml-imsc1.1/
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.markup import plain, worded
from dramaloc.subtitles.placement import settled
from dramaloc.subtitles.styled import (
    Look,
    Placement,
    Run,
    Styled,
    attributes,
    look_of,
    styled,
)

_STYLE = re.compile(r"<(?:\w+:)?style\b([^>]*)>")
_REGION = re.compile(r"<(?:\w+:)?region\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?region>)", re.DOTALL)
_PARENT = re.compile(r"<(?:\w+:)?(?:body|div)\b([^>]*)>")
_PERCENT = re.compile(r"(-?[\d.]+)%\s+(-?[\d.]+)%")
_COLUMNS = {"left": 1, "start": 1, "center": 2, "right": 3, "end": 3}
_ROWS = {"before": 6, "center": 3, "after": 0}
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
# What cannot be told from a plain cue by its look alone.
_IGNORED = {"agent", "region", "begin", "end", "dur", "role"}
_PLACING = {"textAlign", "origin", "extent", "displayAlign", "writingMode", "position"}
_USUAL = {
    "fontFamily", "fontSize", "lineHeight", "backgroundColor", "opacity", "showBackground",
    "padding", "wrapOption", "overflow", "linePadding", "multiRowAlign", "fillLineGap",
    "textOutline", "textShadow", "rubyReserve", "zIndex", "unicodeBidi", "direction",
}  # fmt: skip


def reader(document: Document) -> Callable[[Cue], Styled]:
    """Make what reads a document's cues by its styles and regions."""
    styles = _styles(document.header)
    looks = {name: look_of(given)[0] for name, given in styles.items()}
    regions = {
        given["id"]: _region(given, match[2] or "", styles)
        for match in _REGION.finditer(document.header)
        if (given := attributes(match[1])).get("id")
    }
    around: dict[str, str] = {}
    for match in _PARENT.finditer(document.header):
        around |= _styled(attributes(match[1]), styles)

    def read(cue: Cue) -> Styled:
        own = _styled(attributes(cue.settings), styles)
        region = regions.get(own.get("region", around.get("region", "")), {})
        given = {**region, **around, **own}
        look, unread = look_of({k: v for k, v in given.items() if k not in _IGNORED | {"id"}})
        lost = [name for name in unread if name in own and name not in _PLACING | _USUAL]
        found = styled(cue.text, _usual_white(look), looks)
        runs = tuple(
            replace(run, text=plain(run.text), ruby=plain(run.ruby), look=_usual_white(run.look))
            for run in found.runs
        )
        return Styled(
            runs=runs, placement=_placement(given), lost=(*found.lost, *dict.fromkeys(lost))
        )

    return read


def _styles(header: str) -> dict[str, dict[str, str]]:
    """Read the styles with an id, each with what it refers to laid under it."""
    named = {
        given["id"]: given
        for match in _STYLE.finditer(header)
        if (given := attributes(match[1])).get("id")
    }
    return {name: _styled(given, named) for name, given in named.items()}


def _styled(
    given: Mapping[str, str], styles: Mapping[str, Mapping[str, str]], depth: int = 0
) -> dict[str, str]:
    """Lay an element's attributes over those of the styles it refers to."""
    under: dict[str, str] = {}
    for name in given.get("style", "").split():
        if name in styles and depth < 9:  # noqa: PLR2004  # styles may refer in a circle
            under |= _styled(styles[name], styles, depth + 1)
    rest = {key: value for key, value in given.items() if key != "style"}
    return {key: value for key, value in {**under, **rest}.items() if key != "id" or key in given}


def _region(
    given: Mapping[str, str], inside: str, styles: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    region = _styled(given, styles)
    for match in _STYLE.finditer(inside):
        region |= attributes(match[1])
    region.pop("id", None)
    return region


def _usual_white(look: Look) -> Look:
    return replace(look, colour="") if look.colour == "#ffffff" else look


def _placement(given: Mapping[str, str]) -> Placement:
    mode = given.get("writingMode", "")
    if mode.startswith("tb"):
        return Placement(vertical="lr" if mode == "tblr" else "rl")
    origin = _PERCENT.match(given.get("origin", ""))
    extent = _PERCENT.match(given.get("extent", ""))
    row = _ROWS.get(given.get("displayAlign", "before" if origin else "after"), 0)
    column = _COLUMNS.get(given.get("textAlign", "center" if not origin else "start"), 2)
    if not origin or not extent:
        return settled(Placement(anchor=row + column))
    left, top, width, height = (float(each) for m in (origin, extent) for each in m.groups())
    x = left + width * (column - 1) / 2
    y = top + height * (1 - row / 6)
    return settled(Placement(anchor=row + column, x=round(x, 2), y=round(y, 2)))


def cue(cue: Cue, look: Styled) -> Cue:
    """Write a cue with its region; a name that XML allows becomes its id."""
    place = look.placement
    parts = [f"region={quoteattr(_region_id(place))}"]
    speaker = next((run.voice for run in look.runs if run.voice), cue.speaker)
    if speaker:
        parts.append(f"ttm:agent={quoteattr(_agent_id(speaker))}")
    if _NAME.fullmatch(cue.name):
        parts.insert(0, f"xml:id={quoteattr(cue.name)}")
    return replace(
        cue,
        text="".join(_spans(look.runs)),
        settings=" ".join(parts),
        number=None,
        speaker=speaker,
    )


def _spans(runs: Iterable[Run]) -> Iterable[str]:
    for look, group in groupby(runs, key=lambda run: run.look):
        words = "".join(map(_words, group))
        said = {
            "tts:fontStyle": "italic" if look.italic else "",
            "tts:fontWeight": "bold" if look.bold else "",
            "tts:textDecoration": " ".join(
                name
                for name, on in (("underline", look.underline), ("lineThrough", look.strike))
                if on
            ),
            "tts:color": look.colour,
        }
        given = "".join(f' {name}="{value}"' for name, value in said.items() if value)
        yield f"<span{given}>{words}</span>" if given else words


def _words(run: Run) -> str:
    if not run.ruby:
        return worded(run.text)
    return (
        f'<ruby tts:ruby="container"><span tts:ruby="base">{worded(run.text)}</span>'
        f'<rt tts:ruby="text">{worded(run.ruby)}</rt></ruby>'
    )


def _agent_id(speaker: str) -> str:
    return f"speaker-{zlib.crc32(speaker.encode()):08x}"


def _region_id(place: Placement) -> str:
    if place.vertical:
        return f"vertical-{place.vertical}"
    exact = "" if place.x is None or place.y is None else f"-{place.x:g}-{place.y:g}"
    return f"at-{place.anchor or 2}{exact}".replace("--", "-m")


def header(document: Document, cues: Iterable[Cue], shown: Iterable[Styled]) -> str:
    """Begin an IMSC 1.1 file with the regions and speakers its cues need."""
    places = sorted({_region_id(look.placement): look.placement for look in shown}.items())
    speakers = sorted({cue.speaker for cue in cues if cue.speaker})
    agents = [
        f'      <ttm:agent xml:id="{_agent_id(name)}" type="character">'
        f'<ttm:name type="full">{escape(name)}</ttm:name></ttm:agent>'
        for name in speakers
    ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"',
        '    xmlns:tts="http://www.w3.org/ns/ttml#styling"',
        '    xmlns:ttm="http://www.w3.org/ns/ttml#metadata"',
        '    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text"',
        f"    xml:lang={quoteattr(document.language)}>",
        "  <head>",
        *(["    <metadata>", *agents, "    </metadata>"] if agents else []),
        "    <styling>",
        '      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:lineHeight="125%"/>',
        "    </styling>",
        "    <layout>",
        *(f"      {_region_element(name, place)}" for name, place in places),
        "    </layout>",
        "  </head>",
        '  <body style="text">',
        "    <div>",
        "      ",
    ]
    return "\n".join(lines)


def _region_element(name: str, place: Placement) -> str:
    row, column = divmod((place.anchor or 2) - 1, 3)
    display, align = ("after", "center", "before")[row], ("start", "center", "end")[column]
    left, top, width, height = 10.0, 10.0, 80.0, 80.0
    mode = ""
    if place.vertical:  # the first line stands at the side the lines come from
        mode, display, align = f' tts:writingMode="tb{place.vertical}"', "before", "start"
    elif place.x is not None and place.y is not None:
        left, width = _box(place.x, column)
        top, height = _box(place.y, 2 - row)
    return (
        f'<region xml:id="{name}" tts:origin="{left:g}% {top:g}%"'
        f' tts:extent="{width:g}% {height:g}%" tts:displayAlign="{display}"'
        f' tts:textAlign="{align}"{mode}/>'
    )


def _box(at: float, edge: int) -> tuple[float, float]:
    """Return start and size of the widest box whose first edge, middle or last edge is there."""
    if edge == 0:
        return at, round(100 - at, 2)
    if edge == 2:  # noqa: PLR2004  # the last edge
        return 0.0, at
    half = max(5.0, min(at, 100 - at))  # a box without room would show nothing
    return round(at - half, 2), round(2 * half, 2)
