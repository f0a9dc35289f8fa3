"""TMX 1.4b, the format in which translation tools exchange their memories.

A unit's neighbours stand in `prev` and `next`, as OmegaT writes them, a person or engine in
`changeid`. What TMX has no word for is marked `x-dramaloc-…`, as TMX allows for private data,
and other readers pass over it. Native codes within a segment are kept if they are subtitle
marks, and left out otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import dramaloc
from dramaloc.errors import TmxError
from dramaloc.memory.entry import Entry
from dramaloc.subtitles.inline import bare
from dramaloc.xmlfiles import escaped, feed, local

SOURCE_LANGUAGE = "zh-Hans"
_CODES = {"bpt", "ept", "it", "ph", "ut"}
_PROPS = {
    "prev": "before",
    "next": "after",
    "x-dramaloc-show": "show",
    "x-dramaloc-episode": "episode",
}
_REVIEWED = "x-dramaloc-reviewed"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="dramaloc" creationtoolversion="{version}" segtype="block" \
o-tmf="dramaloc" adminlang="en" srclang="{language}" datatype="plaintext"/>
  <body>
"""
_FOOT = "  </body>\n</tmx>\n"


def compose_tmx(entries: Iterable[Entry], language: str = SOURCE_LANGUAGE) -> Iterator[str]:
    """Write entries as TMX, piece by piece: the same bytes for the same entries.

    Raises `OutputError` for characters that XML cannot hold.
    """
    yield _HEAD.format(version=dramaloc.__version__, language=escaped(language))
    for entry in entries:
        yield _unit(entry, language)
    yield _FOOT


def _unit(entry: Entry, language: str) -> str:
    lines = ["    <tu>"]
    for kind, name in _PROPS.items():
        if value := getattr(entry, name):
            lines.append(f'      <prop type="{kind}">{escaped(value)}</prop>')
    said = "yes" if entry.reviewed else "no"
    lines += [
        f'      <prop type="{_REVIEWED}">{said}</prop>',
        _variant(language, entry.source),
        _variant(entry.market, entry.target, entry.origin),
        "    </tu>\n",
    ]
    return "\n".join(lines)


def _variant(language: str, text: str, by: str = "") -> str:
    who = f' changeid="{escaped(by)}"' if by else ""
    seg = f"<seg>{escaped(text)}</seg>"
    return f'      <tuv xml:lang="{escaped(language)}"{who}>{seg}</tuv>'


@dataclass(frozen=True, slots=True, kw_only=True)
class TmxEntries:
    """What was read; `skipped` counts the units that lack one of the two languages."""

    entries: tuple[Entry, ...]
    skipped: int = 0


def parse_tmx(data: bytes, market: str, *, origin: str = "", reviewed: bool = True) -> TmxEntries:
    """Read the units of a TMX that have a rendering for a market.

    The market's own tag is taken, or else its language's. `origin` names what no unit names
    itself; `reviewed` says what to think of units that do not say. Raises `TmxError`.
    """
    units: Sequence[_Unit] = feed(data, _Reader(), TmxError)
    found: list[Entry] = []
    for unit in units:
        source, target = unit.source(), unit.target(market)
        if source is None or target is None or not (source.text and target.text):
            continue
        said = {**unit.props, **source.props, **target.props}
        found.append(
            Entry(
                source=source.text,
                target=target.text,
                market=market,
                origin=target.by or unit.by or origin,
                reviewed={"yes": True, "no": False}.get(said.get(_REVIEWED, ""), reviewed),
                **{name: said.get(kind, "") for kind, name in _PROPS.items()},
            )
        )
    if not found:
        tags = sorted({each.language for unit in units for each in unit.variants})
        raise TmxError(
            f"no unit has Chinese and {market}",
            hint=f"Its languages are {', '.join(tags)}" if tags else "It holds no units",
        )
    return TmxEntries(entries=tuple(found), skipped=len(units) - len(found))


@dataclass
class _Variant:
    language: str
    by: str = ""
    text: str = ""
    props: dict[str, str] = field(default_factory=dict)


@dataclass
class _Unit:
    """A unit as it stands in the file; `wanted` is the language it was translated from."""

    wanted: str
    by: str = ""
    props: dict[str, str] = field(default_factory=dict)
    variants: list[_Variant] = field(default_factory=list)

    def source(self) -> _Variant | None:
        chinese = [each for each in self.variants if _primary(each.language) == "zh"]
        ranked = sorted(chinese, key=lambda each: _hans(each.language, self.wanted))
        return ranked[0] if ranked else None

    def target(self, market: str) -> _Variant | None:
        source = self.source()
        for tag in _tags(market):
            for each in self.variants:
                if each is not source and _tag(each.language) == tag:
                    return each
        return None


def _hans(tag: str, wanted: str) -> tuple[bool, bool]:
    """Sort the file's source language first, then simplified Chinese."""
    return _tag(tag) != _tag(wanted), _tag(tag) not in ("zh-hans", "zh-cn", "zh", "zh-hans-cn")


def _tag(language: str) -> str:
    return language.replace("_", "-").lower()


def _primary(language: str) -> str:
    return _tag(language).partition("-")[0]


def _tags(market: str) -> tuple[str, ...]:
    """List what other tools call a market, the closest first: `en-US`, then `en`.

    >>> _tags("zh-Hant-TW")
    ('zh-hant-tw', 'zh-tw', 'zh-hant', 'zh')
    """
    parts = _tag(market).split("-")
    shorter = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    scriptless = [f"{parts[0]}-{parts[2]}"] if len(parts) > 2 else []  # noqa: PLR2004  # language, script, territory
    return (shorter[0], *scriptless, *shorter[1:])


class _Reader:
    """Builds units from a parser's events, without a tree of the whole file."""

    def __init__(self) -> None:
        self._units: list[_Unit] = []
        self._wanted = SOURCE_LANGUAGE
        self._path: list[str] = []
        self._text: list[str] = []
        self._code: list[str] | None = None
        self._kind = ""

    def start(self, tag: str, attrs: Mapping[str, str], /) -> None:
        name = local(tag)
        if not self._path and name != "tmx":
            raise TmxError(f"the root element is {name!r}", hint="A TMX file has tmx")
        self._path.append(name)
        by = attrs.get("changeid") or attrs.get("creationid") or ""
        if name == "header":
            self._wanted = attrs.get("srclang", "")
        elif name == "tu":
            self._units.append(_Unit(wanted=attrs.get("srclang", self._wanted), by=by))
        elif name == "tuv" and self._units:
            language = attrs.get(_XML_LANG) or attrs.get("lang") or ""
            self._units[-1].variants.append(_Variant(language=language, by=by))
        elif name == "prop":
            self._kind, self._text = attrs.get("type", ""), []
        elif name == "seg":
            self._text = []
        elif name in _CODES and self._code is None:
            self._code = []

    def data(self, data: str, /) -> None:
        if self._code is not None:
            self._code.append(data)
        else:
            self._text.append(data)

    def end(self, _tag: str, /) -> None:
        name = self._path.pop()
        if name in _CODES and self._code is not None and not _CODES & set(self._path):
            code = "".join(self._code)
            self._text += [code] if not bare(code) else []  # a mark of ours, such as <i>
            self._code = None
        if not self._units or name not in ("seg", "prop"):
            return
        unit, text = self._units[-1], "".join(self._text).strip()
        within = unit.variants[-1] if "tuv" in self._path and unit.variants else None
        if name == "seg" and within:
            within.text = text
        elif name == "prop" and "tu" in self._path:
            (within.props if within else unit.props)[self._kind] = text

    def close(self) -> list[_Unit]:
        return self._units
