r"""What every format can be asked about a cue: who says which words how, and where they stand.

Tags of all formats are read alike, since files mix them: SubRip holds `{\an8}`, and WebVTT has
been seen with `<font>`. What has no place here is named in `lost`, so that nobody loses it unseen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from dramaloc.subtitles.inline import TAG

_TAGS = re.compile(TAG, re.IGNORECASE)
_TAG = re.compile(r"<(/?)(\w+)([^>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_INNER = re.compile(r"<[^<>]*>")
_ANIMATION = re.compile(r"\\t\([^()]*(?:\([^()]*\)[^()]*)*\)?")
_ASS_TAG = re.compile(
    r"\\(;|alpha|iclip|clip|xbord|ybord|bord|xshad|yshad|shad|blur|be|fscx|fscy|fsp|frx|fry|frz"
    r"|fr|fax|fay|fade|fad|fn|fs|fe|move|pos|org|pbo|kf|ko|kt|k|K|[1-4][ac]|an|a|b|i|u|s|c|q|r|p|t"
    r"|\w+)([^\\}]*)"
)

COLOURS = {
    "white": "#ffffff", "lime": "#00ff00", "cyan": "#00ffff", "red": "#ff0000",
    "yellow": "#ffff00", "magenta": "#ff00ff", "blue": "#0000ff", "black": "#000000",
}  # fmt: skip
_MORE_COLOURS = {
    "green": "#008000", "aqua": "#00ffff", "fuchsia": "#ff00ff", "gray": "#808080",
    "grey": "#808080", "silver": "#c0c0c0", "maroon": "#800000", "purple": "#800080",
    "navy": "#000080", "olive": "#808000", "teal": "#008080", "orange": "#ffa500",
}  # fmt: skip
_ASS_NAMES = {
    "fad": "fade", "fade": "fade", "move": "movement", "t": "animation", "fs": "font size",
    "fn": "font", "clip": "clipping", "iclip": "clipping", "q": "wrapping", "org": "rotation",
    "bord": "outline", "shad": "shadow", "blur": "blur", "alpha": "transparency",
    "fr": "rotation", "frx": "rotation", "fry": "rotation", "frz": "rotation", ";": "remark",
    "k": "karaoke", "kf": "karaoke", "ko": "karaoke", "kt": "karaoke", "p": "drawing",
    "fscx": "font size", "fscy": "font size", "fsp": "letter spacing", "3c": "outline",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How words are set; `colour` is `#rrggbb`, or nothing for the player's own."""

    italic: bool = False
    bold: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words of one look and one voice; `ruby` stands over (or beside) them."""

    text: str
    look: Look = Look()
    ruby: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a cue stands: `anchor` as on a number pad (2 is below in the middle), 0 if not said.

    `x` and `y` are where the anchor is, in percent of the picture from its left and top.
    `vertical` is `rl` or `lr`: the way its lines follow one another.
    """

    anchor: int = 0
    x: float | None = None
    y: float | None = None
    vertical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Styled:
    """A cue's words and their setting; `lost` names what could not be read into it."""

    runs: tuple[Run, ...]
    placement: Placement = Placement()
    lost: tuple[str, ...] = ()


def styled(text: str, base: Look = Look(), styles: Mapping[str, Look] | None = None) -> Styled:
    r"""Read a cue's text; `styles` are those that tags may name.

    >>> [(run.text, run.look.italic) for run in styled("a <i>b</i>{\\an8}").runs]
    [('a ', False), ('b', True)]
    """
    reader = _Reader(base=base, styles=styles or {}, look=base)
    last = 0
    for match in _TAGS.finditer(text):
        reader.words(text[last : match.start()])
        reader.tag(match.group())
        last = match.end()
    reader.words(text[last:])
    return Styled(
        runs=tuple(run for run in reader.runs if run.text),
        placement=reader.placement,
        lost=tuple(dict.fromkeys(reader.lost)),
    )


@dataclass
class _Reader:
    """What has been read of a text so far."""

    base: Look
    styles: Mapping[str, Look]
    look: Look
    voice: str = ""
    placement: Placement = Placement()
    runs: list[Run] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    open_tags: list[tuple[str, Look]] = field(default_factory=list)
    ruby_from: int = 0

    def words(self, text: str) -> None:
        if text:
            self.runs.append(Run(text=text, look=self.look, voice=self.voice))

    def tag(self, tag: str) -> None:
        if tag.startswith("{"):
            self._overrides(tag)
        elif match := _TAG.match(tag):
            closing, name, rest = match[1], match[2].lower(), match[3]
            if name == "rt":
                self._ruby(_INNER.sub("", tag))
            elif closing:
                self._close(name)
            elif name in ("set", "metadata"):
                self.lost.append("animation" if name == "set" else "metadata")
            elif not name[0].isdigit():
                self._open(name, rest)
            else:
                self.lost.append("times within a cue")

    def _open(self, name: str, rest: str) -> None:
        self.open_tags.append((name, self.look))
        given = attributes(rest)
        flags = {"i": "italic", "b": "bold", "u": "underline", "s": "strike"}
        if name in flags:
            self.look = _switched(self.look, flags[name], on=True)
        elif name == "ruby":
            self.ruby_from = len(self.runs)
        elif name == "v":
            self.voice = html.unescape(rest.partition(" ")[2]).strip()
        elif name == "lang":
            self.lost.append("language of words")
        elif name == "c":
            self._classes(rest)
        elif name == "font":
            self.look = replace(self.look, colour=hex_colour(given.get("color", "")))
            self.lost += [f"font {key}" for key in given if key != "color"]
        elif name == "span" and given.get("ruby", "") != "base":
            self._span(given)

    def _classes(self, rest: str) -> None:
        for name in rest.strip().lstrip(".").split("."):
            colour = COLOURS.get(name) or hex_colour(f"#{name.removeprefix('color')}")
            if colour:
                self.look = replace(self.look, colour=colour)
            elif name:
                self.lost.append(f"class {name}")

    def _span(self, given: Mapping[str, str]) -> None:
        for name in given.get("style", "").split():
            if name in self.styles:
                self.look = merged(self.look, self.styles[name])
            else:
                self.lost.append(f"style {name}")
        self.look, lost = look_of(given, self.look)
        self.lost += lost

    def _close(self, name: str) -> None:
        if name == "v":
            self.voice = ""
        while self.open_tags and any(name == other for other, _ in self.open_tags):
            other, self.look = self.open_tags.pop()
            if other == name:
                break

    def _ruby(self, over: str) -> None:
        base = self.runs[self.ruby_from :]
        if base and over.strip():
            whole = replace(base[0], text="".join(run.text for run in base), ruby=over.strip())
            self.runs[self.ruby_from :] = [whole]
        self.ruby_from = len(self.runs)

    def _overrides(self, block: str) -> None:
        if _ANIMATION.search(block):
            self.lost.append("animation")
        for match in _ASS_TAG.finditer(_ANIMATION.sub("", block)):
            name, value = match[1], match[2].strip()
            if not self._override(name, value):
                self.lost.append(_ASS_NAMES.get(name.lower(), f"\\{name}"))

    def _override(self, name: str, value: str) -> bool:
        flags = {"i": "italic", "b": "bold", "u": "underline", "s": "strike"}
        place = self.placement
        if name in flags:
            on = value not in ("0", "") if value else getattr(self.base, flags[name])
            self.look = _switched(self.look, flags[name], on=on)
        elif name in ("c", "1c"):
            self.look = replace(self.look, colour=ass_colour(value) if value else self.base.colour)
        elif name == "r":
            self.look = self.styles.get(value, self.base)
        elif name == "an" and value in set("123456789"):
            self.placement = replace(place, anchor=place.anchor or int(value))
        elif name == "a" and value.isdigit() and int(value) in OLD_ANCHORS:
            self.placement = replace(place, anchor=place.anchor or OLD_ANCHORS[int(value)])
        elif name in ("pos", "move") and len(at := re.findall(r"-?[\d.]+", value)) >= 2:  # noqa: PLR2004
            self.placement = replace(place, x=float(at[0]), y=float(at[1]))
            return name == "pos"
        else:
            return False
        return True


OLD_ANCHORS = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}


def _switched(look: Look, flag: str, *, on: bool) -> Look:
    changed: dict[str, Any] = {flag: on}
    return replace(look, **changed)


def attributes(rest: str) -> dict[str, str]:
    """Read a tag's attributes; a prefix such as `tts:` is left out."""
    return {
        match[1].rpartition(":")[2]: html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(rest)
    }


def look_of(given: Mapping[str, str], look: Look = Look()) -> tuple[Look, list[str]]:
    """Read TTML's styling attributes over a look; also name those that have no place in it."""
    lost = []
    for key, value in given.items():
        if key == "fontStyle":
            look = replace(look, italic=value in ("italic", "oblique"))
        elif key == "fontWeight":
            look = replace(look, bold=value == "bold")
        elif key == "textDecoration":
            look = replace(
                look,
                underline=("underline" in value and "noUnderline" not in value),
                strike="lineThrough" in value and "noLineThrough" not in value,
            )
        elif key == "color":
            look = replace(look, colour=hex_colour(value))
        elif key in ("begin", "end", "dur"):
            lost.append("times within a cue")
        elif key not in ("id", "space", "ruby", "style", "lang", "class"):
            lost.append(key)
    return look, lost


def merged(look: Look, other: Look) -> Look:
    """Lay one look over another: what is on in either is on."""
    return Look(
        italic=look.italic or other.italic,
        bold=look.bold or other.bold,
        underline=look.underline or other.underline,
        strike=look.strike or other.strike,
        colour=other.colour or look.colour,
    )


def hex_colour(value: str) -> str:
    """Write a colour as `#rrggbb`; nothing if it is none.

    >>> hex_colour("Yellow"), hex_colour("#FF0000FF"), hex_colour("rgb(0, 128, 255)")
    ('#ffff00', '#ff0000', '#0080ff')
    """
    plain = value.strip().lower()
    if plain in COLOURS or plain in _MORE_COLOURS:
        return COLOURS.get(plain) or _MORE_COLOURS[plain]
    if match := re.fullmatch(r"#([0-9a-f]{6})(?:[0-9a-f]{2})?", plain):
        return f"#{match[1]}"
    if match := re.fullmatch(r"#([0-9a-f]{3})", plain):
        return "#" + "".join(2 * digit for digit in match[1])
    if match := re.fullmatch(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+).*\)", plain):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return ""


def ass_colour(value: str) -> str:
    """Read ASS's colour, blue first: `&H0000FF&` is red; SSA writes the number in decimal."""
    digits = value.strip().strip("&").lstrip("Hh")
    try:
        number = int(digits, 16) if "&" in value else int(digits)
    except ValueError:
        return ""
    return f"#{number & 0xFF:02x}{number >> 8 & 0xFF:02x}{number >> 16 & 0xFF:02x}"


FLAGS = {"italic": "italics", "bold": "bold", "underline": "underline", "strike": "strike-through"}


def marked_up(
    runs: Iterable[Run], tags: Mapping[str, tuple[str, str]], words: Callable[[Run], str]
) -> str:
    """Write runs with a format's tags around the words of each look.

    `tags` are by flag, and `colour` with a place for it: `<font color="{}">`.
    """
    parts = []
    for look, group in groupby(runs, key=lambda run: run.look):
        inner = "".join(map(words, group))
        if look.colour and "colour" in tags:
            opening, closing = tags["colour"]
            inner = f"{opening.format(look.colour)}{inner}{closing}"
        for name in FLAGS:
            if name in tags and getattr(look, name):
                inner = f"{tags[name][0]}{inner}{tags[name][1]}"
        parts.append(inner)
    return "".join(parts)


def with_ruby_in_brackets(run: Run) -> str:
    """Write a run's words, and what stands over them in brackets behind them."""
    return f"{run.text}({run.ruby})" if run.ruby else run.text
