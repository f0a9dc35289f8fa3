"""From one format to another: what both can say is carried over, the rest is reported.

The words of a cue are never given up: ruby without a place stands in brackets, and a karaoke line
becomes a cue of its words. Whatever else the new format cannot say is a `Loss`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from dramaloc.subtitles import ass, placement, ttml_style
from dramaloc.subtitles.document import Block, Cue, Document, Unparsed
from dramaloc.subtitles.markup import plain, worded
from dramaloc.subtitles.styled import (
    COLOURS,
    FLAGS,
    Look,
    Run,
    Styled,
    ass_colour,
    marked_up,
    styled,
    with_ruby_in_brackets,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a format could not say: at the cue at `position`, or in the whole file (None)."""

    position: int | None
    what: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a format says what a cue can be asked; `can` names what it has words for.

    `reader` makes of a document what reads its cues; `cue` writes one, `note` a remark, and
    `header` what a file of such cues begins with. `opaque` are the kinds of block that say
    nothing by themselves.
    """

    can: frozenset[str]
    reader: Callable[[Document], Callable[[Cue], Styled]]
    cue: Callable[[Cue, Styled], Cue]
    header: Callable[[Document, tuple[Styled, ...]], str] = lambda _document, _styled: ""
    opaque: frozenset[str] = frozenset()
    note: Callable[[str], str] | None = None


def convert(document: Document, target: str) -> tuple[Document, tuple[Loss, ...]]:
    """Return a document in another format, and what that format could not say."""
    if document.format == target:
        return document, ()
    dialect = DIALECTS[target]
    read = DIALECTS[document.format].reader(document)
    cues: list[Cue] = []
    shown: list[Styled] = []
    notes: list[Block] = []
    losses = list(_of_the_file(document, target))
    for one in _in_order(document):
        if isinstance(one, Cue):
            look = read(one)
            cues.append(
                replace(dialect.cue(one, look), name=one.name if "name" in dialect.can else "")
            )
            shown.append(look)
            if lost := (*_missing(look, one, dialect.can), *look.lost):
                losses.append(Loss(position=len(cues) - 1, what=lost, line=one.line))
        elif isinstance(one, Unparsed):
            losses.append(Loss(position=None, what=(_named(one),), line=one.line))
        elif one.kind in ("note", "comment") and dialect.note:
            text = dialect.note(note_text(one, document))
            notes.append(replace(one, kind="note", position=len(cues), text=text,
                                 start_ms=None, end_ms=None))  # fmt: skip
        elif one.kind not in DIALECTS[document.format].opaque:
            losses.append(Loss(position=None, what=(_named(one),), line=one.line))
    new = replace(
        document,
        cues=tuple(cues),
        format=target,
        header=dialect.header(replace(document, cues=tuple(cues)), tuple(shown)),
        blocks=tuple(notes),
        unparsed=(),
        final_newlines=2 if target == "srt" else 1,
    )
    return new, tuple(losses)


def _in_order(document: Document) -> Iterator[Cue | Block | Unparsed]:
    """Yield cues and what stands between them; a karaoke line is the cue its words make."""
    kept = list(reversed(document.kept))
    for position in range(len(document.cues) + 1):
        while kept and (kept[-1].position <= position or position == len(document.cues)):
            one = kept.pop()
            sung = ass.sung(one, document.header) if isinstance(one, Block) else None
            if one.text.strip():
                yield sung or one
        if position < len(document.cues):
            yield document.cues[position]


def _named(one: Block | Unparsed) -> str:
    if isinstance(one, Unparsed):
        return f"lines that could not be read: {one.text[:40]!r}"
    section = re.search(r"\[([^\]]+)\]", one.text) if one.kind == "section" else None
    names = {"style": "style sheet", "lines": f"the line {one.text.strip()[:40]!r}"}
    return f"section {section[1]}" if section else names.get(one.kind, one.kind)


def _of_the_file(document: Document, target: str) -> Iterator[Loss]:
    if document.format in ("ass", "ssa") and target not in ("ass", "ssa"):
        yield Loss(position=None, what=("fonts, sizes and outlines of the styles",), line=1)
    if document.format == "ttml" and re.search(r"<(\w+:)?(metadata|title|desc)\b", document.header):
        yield Loss(position=None, what=("metadata of the head",), line=1)
    if document.format == "srt" and document.header:
        what = f"the text before the first cue: {document.header[:40]!r}"
        yield Loss(position=None, what=(what,), line=1)
    hundredths = target in ("ass", "ssa")
    if hundredths and any(ms % 10 for cue in document.cues for ms in (cue.start_ms, cue.end_ms)):
        yield Loss(position=None, what=("thousandths of a second, which are rounded",))


def _missing(look: Styled, cue: Cue, can: frozenset[str]) -> tuple[str, ...]:
    """Name what a cue has and a format has not."""
    has = {
        **{what: any(getattr(run.look, flag) for run in look.runs) for flag, what in FLAGS.items()},
        "colour": any(run.look.colour for run in look.runs),
        "ruby": any(run.ruby for run in look.runs),
        "speaker": bool(speaker_of(cue, look)),
        "more than one voice": len({run.voice for run in look.runs if run.voice}) > 1,
        "position": look.placement.anchor not in (0, 2),
        "exact position": look.placement.x is not None,
        "vertical text": bool(look.placement.vertical),
        "name": bool(cue.name),
    }
    return tuple(
        f"the name {cue.name!r}" if what == "name" else what
        for what, there in has.items()
        if there and what not in can
    )


def speaker_of(cue: Cue, look: Styled) -> str:
    """Return whose words a cue holds: the first voice in it, or the one it names."""
    return next((run.voice for run in look.runs if run.voice), cue.speaker)


def note_text(block: Block, document: Document) -> str:
    """Return a remark without its format's signs."""
    if document.format in ("ass", "ssa"):
        event = ass.event_of(block.text, ass.event_fields(document.header))
        return event["text"].replace("\\N", "\n") if event else block.text
    text = re.sub(r"\A\s*<!--|-->\s*\Z|\ANOTE\b", "", block.text)
    return text.strip()


def _srt_cue(cue: Cue, look: Styled) -> Cue:
    tags = {flag: (f"<{flag[0]}>", f"</{flag[0]}>") for flag in FLAGS}
    tags["colour"] = ('<font color="{}">', "</font>")
    text = marked_up(look.runs, tags, with_ruby_in_brackets)
    return _bare(cue, placement.to_ass(look.placement, None) + text)


def _sbv_cue(cue: Cue, look: Styled) -> Cue:
    return _bare(cue, "".join(map(with_ruby_in_brackets, look.runs)))


def _bare(cue: Cue, text: str) -> Cue:
    return replace(cue, text=text, settings="")


def _vtt_cue(cue: Cue, look: Styled) -> Cue:
    names = {value: name for name, value in COLOURS.items()}
    runs = _coloured(look.runs, lambda colour: names.get(colour, f"color{colour[1:].upper()}"))
    tags = {flag: (f"<{flag[0]}>", f"</{flag[0]}>") for flag in FLAGS if flag != "strike"}
    tags["colour"] = ("<c.{}>", "</c>")
    text = _with_voices(cue, replace(look, runs=runs), tags)
    return replace(cue, text=text, settings=placement.to_webvtt(look.placement))


def _with_voices(cue: Cue, look: Styled, tags: Mapping[str, tuple[str, str]]) -> str:
    """Write runs between voice tags; what stands between two voices belongs to the first."""
    parts: list[tuple[str, list[Run]]] = []
    for run in look.runs:
        voice = run.voice or ("" if any(r.voice for r in look.runs) else cue.speaker)
        same = parts and (parts[-1][0] == voice or not run.text.strip())
        if not same:
            parts.append((voice, []))
        parts[-1][1].append(run)
    text = ""
    for voice, runs in parts:
        inner = marked_up(runs, tags, _with_ruby_tags)
        body = inner.rstrip("\n")
        text += f"<v {worded(voice)}>{body}</v>{inner[len(body) :]}" if voice else inner
    single = len(parts) == 1
    return text.removesuffix("</v>") if single else text


def _with_ruby_tags(run: Run) -> str:
    words = worded(run.text)
    return f"<ruby>{words}<rt>{worded(run.ruby)}</rt></ruby>" if run.ruby else words


def _coloured(runs: tuple[Run, ...], name: Callable[[str], str]) -> tuple[Run, ...]:
    return tuple(
        replace(run, look=replace(run.look, colour=run.look.colour and name(run.look.colour)))
        for run in runs
    )


def _vtt_header(_document: Document, shown: tuple[Styled, ...]) -> str:
    """Begin a WebVTT file; colours that have no name of their own get a style."""
    used = {run.look.colour for look in shown for run in look.runs if run.look.colour}
    rules = [
        f"::cue(.color{colour[1:].upper()}) {{ color: {colour} }}"
        for colour in sorted(used - set(COLOURS.values()))
    ]
    return "\n".join(["WEBVTT", *(["", "STYLE", *rules] if rules else [])])


def _ass_cue(cue: Cue, look: Styled) -> Cue:
    tags = {flag: (f"{{\\{flag[0]}1}}", f"{{\\{flag[0]}0}}") for flag in FLAGS}
    runs = _coloured(
        look.runs, lambda colour: f"&H{colour[5:7]}{colour[3:5]}{colour[1:3]}&".upper()
    )
    tags["colour"] = ("{{\\c{}}}", "{\\c}")
    text = marked_up(runs, tags, lambda run: with_ruby_in_brackets(run).replace("{", "\\{"))
    where = placement.to_ass(look.placement, _PICTURE)
    return replace(cue, text=where + text, settings="", speaker=speaker_of(cue, look), number=None)


_PICTURE = (1920.0, 1080.0)


def _ass_header(_document: Document, _shown: tuple[Styled, ...]) -> str:
    return ass.new_header()


def _ssa_header(_document: Document, _shown: tuple[Styled, ...]) -> str:
    return ass.new_header(old=True)


def _any_reader(_document: Document) -> Callable[[Cue], Styled]:
    def read(cue: Cue) -> Styled:
        found = styled(cue.text)
        place = found.placement
        if place.x is not None:  # players show SubRip's overrides on a picture of 384 by 288
            place = placement.of_ass(place, "2", ass.SMALL_PICTURE, old=False)
        odd = ("the settings behind the times",) if cue.settings else ()
        return replace(found, placement=place, lost=(*found.lost, *odd))

    return read


def _vtt_reader(_document: Document) -> Callable[[Cue], Styled]:
    def read(cue: Cue) -> Styled:
        found = _in_plain(styled(cue.text))
        place, lost = placement.of_webvtt(cue.settings)
        return replace(found, placement=place, lost=(*found.lost, *lost))

    return read


def _in_plain(found: Styled) -> Styled:
    runs = tuple(replace(run, text=plain(run.text), ruby=plain(run.ruby)) for run in found.runs)
    return replace(found, runs=runs)


def _ass_reader(document: Document) -> Callable[[Cue], Styled]:
    """Read by styles; the one most cues have is the look of the file and says nothing."""
    styles = ass.styles(document.header)
    names = ass.event_fields(document.header)
    events = {cue.settings: ass.event_of(cue.settings, names) for cue in document.cues}
    used = [event["style"] for cue in document.cues if (event := events[cue.settings])]
    main = styles.get(max(sorted(set(used)), key=used.count, default=""), {})
    looks = {name: _ass_look(style, main) for name, style in styles.items()}
    picture, old = ass.picture(document.header), document.format == "ssa"

    def read(cue: Cue) -> Styled:
        event = events.get(cue.settings)
        name = event["style"].lstrip("*") if event else ""
        style = styles.get(name, {})
        found = styled(cue.text, looks.get(name, Look()), looks)
        place = placement.of_ass(found.placement, style.get("alignment", "2"), picture, old=old)
        if style.get("fontname", "").startswith("@"):  # how Windows names a font set upright
            place = replace(place, vertical="rl")
        lost = [*found.lost]
        if event and event["effect"].strip():
            lost.append(f"effect {event['effect'].split(';')[0].strip()}")
        if event and any(event[margin].strip("0") for margin in ("marginl", "marginr", "marginv")):
            lost.append("margins")
        spoken = tuple(replace(run, text=_unbroken(run.text)) for run in found.runs)
        return replace(found, runs=spoken, placement=place, lost=tuple(lost))

    return read


def _unbroken(text: str) -> str:
    return text.replace("\u2028", " ").replace("\\{", "{").replace("\\}", "}")


def _ass_look(style: Mapping[str, str], main: Mapping[str, str]) -> Look:
    def flag(name: str) -> bool:
        return style.get(name, "0") not in ("0", "") and main.get(name, "0") in ("0", "")

    colour = ass_colour(style.get("primarycolour", ""))
    return Look(
        italic=flag("italic"),
        bold=flag("bold"),
        underline=flag("underline"),
        strike=flag("strikeout"),
        colour="" if colour == ass_colour(main.get("primarycolour", "")) else colour,
    )


_LOOKS = frozenset({*FLAGS.values(), "colour"})
_ASS = _LOOKS | {"position", "exact position", "speaker"}
DIALECTS: dict[str, Dialect] = {
    "srt": Dialect(can=_LOOKS | {"position"}, reader=_any_reader, cue=_srt_cue),
    "sbv": Dialect(can=frozenset(), reader=_any_reader, cue=_sbv_cue),
    "vtt": Dialect(
        can=(_LOOKS - {"strike-through"})
        | {"position", "exact position", "vertical text", "ruby", "speaker", "more than one voice",
           "name"},
        reader=_vtt_reader,
        cue=_vtt_cue,
        header=_vtt_header,
        note=lambda text: f"NOTE {text}" if "\n" not in text else f"NOTE\n{text}",
    ),
    "ttml": Dialect(
        can=_LOOKS
        | {"position", "exact position", "vertical text", "ruby", "speaker", "name"},
        reader=ttml_style.reader,
        cue=ttml_style.cue,
        header=lambda document, shown: ttml_style.header(document, document.cues, shown),
        note=lambda text: f"\n      <!-- {text.replace('--', '- -')} -->\n      ",
        opaque=frozenset({"markup", "end"}),
    ),
    "ass": Dialect(
        can=_ASS, reader=_ass_reader, cue=_ass_cue, header=_ass_header, note=ass.comment
    ),
    "ssa": Dialect(
        can=_ASS, reader=_ass_reader, cue=_ass_cue, header=_ssa_header, note=ass.comment
    ),
}  # fmt: skip
