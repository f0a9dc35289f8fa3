"""Rules that need the whole document: what could not be read, quotes, the same said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from dramaloc.letters import HAN
from dramaloc.quality.subject import DocumentCheck, Fault, Whole, is_caption, words_of_cue
from dramaloc.subtitles.document import Cue
from dramaloc.subtitles.inline import bare

_OPENING = {"“": "”", "«": "»", "「": "」", "『": "』", "《": "》", "„": "“", "‹": "›"}
_CLOSING = {*_OPENING.values()}
_LONGEST_QUOTE = 8  # cues; a quotation that goes on longer has lost its end
_SHORTEST = 4  # Han characters: 怎么了 is said in many ways, and rightly
_SHORTEST_TARGET = (4, 8)  # words, or letters where none are parted by spaces
_NO_LETTERS = re.compile(r"[\W_]+")
_ALIKE = 0.25


def unparsed(whole: Whole) -> Iterator[Fault]:
    """Lines of the file that are no cue."""
    for item in whole.document.unparsed:
        first = next(iter(item.text.splitlines()), "")
        yield Fault(message=f"{item.reason}: {first[:60]}", line=item.line)


def quote_balance(whole: Whole) -> Iterator[Fault]:
    """Quotation marks that open and never close, or close what was never opened.

    A quotation may run over cues and be opened again in each of them.
    """
    opened: list[tuple[str, int]] = []
    for position, cue in enumerate(whole.cues):
        for char in _quotes(bare(cue.text)):
            place = next((at for at, (q, _) in enumerate(opened) if _ends(q, char)), None)
            if place is not None:
                del opened[place:]
            elif char in _OPENING or char == '"':
                opened = [*(o for o in opened if o[0] != char), (char, position)]
            else:
                yield Fault(message=f"{char} closes what nobody opened", position=position)
        lost = [(q, at) for q, at in opened if position - at >= _LONGEST_QUOTE]
        opened = [each for each in opened if each not in lost]
        yield from (Fault(message=f"{q} is never closed", position=at) for q, at in lost)
    yield from (Fault(message=f"{q} is never closed", position=at) for q, at in opened)


def _ends(opening: str, char: str) -> bool:
    return char == _OPENING.get(opening, opening) or (opening == "„" and char == "”")


def _quotes(text: str) -> Iterator[str]:
    for at, char in enumerate(text):
        inches = char == '"' and text[at - 1 : at].isdigit() and text[:at].count('"') % 2 == 0
        if (char == '"' and not inches) or char in _OPENING or char in _CLOSING:
            yield char


def inconsistent(whole: Whole) -> Iterator[Fault]:
    """The same source line, rendered in another way than the first time."""
    first: dict[str, tuple[str, Cue]] = {}
    for position, key, said in _renderings(whole):
        cue = whole.cues[position]
        before, where = first.setdefault(key, (said, cue))
        if said != before:
            number = f"cue {where.number}" if where.number is not None else "a cue before"
            message = f"the same line reads {_shown(where)!r} in {number}"
            yield Fault(message=message, position=position)


def inconsistent_across(wholes: Mapping[str, Whole]) -> Iterator[tuple[str, Fault]]:
    """Source lines rendered otherwise than in an earlier episode, with the episode's name."""
    first: dict[str, tuple[str, str, Cue]] = {}
    for name, whole in wholes.items():
        for position, key, said in _renderings(whole):
            before, episode, where = first.setdefault(key, (said, name, whole.cues[position]))
            if said != before and episode != name:
                message = f"the same line reads {_shown(where)!r} in {episode}, line {where.line}"
                yield name, Fault(message=message, position=position)


def _renderings(whole: Whole) -> Iterator[tuple[int, str, str]]:
    """Yield position, source and rendering of what is long enough to compare.

    Cues that make one sentence are compared as one: how it was shared out is no difference.
    """
    for position in range(len(whole.cues)):
        group = whole.group(position)
        if position != group[0]:
            continue
        sources = [words_of_cue(source) for at in group if (source := whole.sources[at])]
        key = "".join(_plain(" ".join(sources)).split())
        said = _plain(" ".join(words_of_cue(whole.cues[at]) for at in group))
        if said and len(HAN.findall(key)) >= _SHORTEST:
            yield position, key, said


def same_target(whole: Whole) -> Iterator[Fault]:
    """Two quite different source lines with one and the same rendering."""
    first: dict[str, tuple[str, Cue]] = {}
    for position, (cue, source) in enumerate(zip(whole.cues, whole.sources, strict=True)):
        said = _plain(words_of_cue(cue))
        meant = _plain(words_of_cue(source)) if source else ""
        if not meant or is_caption(cue) or not _is_long(said):
            continue
        before, where = first.setdefault(said, (meant, cue))
        if before != meant and SequenceMatcher(None, before, meant).ratio() < _ALIKE:
            number = f"cue {where.number}" if where.number is not None else "a cue before"
            yield Fault(message=f"another line reads the same in {number}", position=position)


def _is_long(said: str) -> bool:
    words, letters = _SHORTEST_TARGET
    if said.isascii() or " " in said:
        return len(said.split()) >= words
    return len(said) >= letters


def _plain(text: str) -> str:
    """Only the letters and figures, one space between words."""
    return " ".join(_NO_LETTERS.sub(" ", text.casefold()).split())


def _shown(cue: Cue) -> str:
    return " ".join(bare(cue.text).split())[:60]


INCONSISTENT = DocumentCheck(
    code="inconsistent",
    severity="info",
    what="the same source line is rendered in two ways",
    source="Netflix Timed Text Style Guide: General Requirements, consistency",
    hint="Say it as before, unless it means something else here",
    run=inconsistent,
)
CHECKS = (
    DocumentCheck(
        code="unparsed",
        severity="error",
        what="lines of the file that are no cue",
        source="ours: nothing is silently lost",
        hint="Mend it in the file; it is kept as it stands",
        run=unparsed,
    ),
    DocumentCheck(
        code="quote-balance",
        severity="warning",
        what="a quotation mark without its partner",
        source="ours: the spelling of every language that has them in pairs",
        hint="Set the other mark",
        run=quote_balance,
    ),
    INCONSISTENT,
    DocumentCheck(
        code="same-target",
        severity="warning",
        what="quite different source lines have the same rendering",
        source="ours: a cue copied, or a model that fell back on a stock phrase",
        hint="Read both against their source",
        run=same_target,
    ),
)
