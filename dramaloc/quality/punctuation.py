"""Marks that only some languages write: French blanks before them, Spanish ones that open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.markets.market import Market
from dramaloc.quality.subject import Check, Fault, Subject
from dramaloc.subtitles.inline import bare

_BOUND = "\u00a0"
# Before a mark that ends a part of a sentence; 12:30, :) and the second mark of ?! need none.
_TIGHT = re.compile(r"(?<=[^\s\d?!:;¿¡(«\u00a0\u202f]) ?([?!;:]+)(?=[\s»)\"”…<{]|\Z)")
_TIGHT_AFTER_DIGIT = re.compile(r"(?<=\d) ?([?!;:]+)(?=[\s»)\"”…<{]|\Z)")
_QUOTE = re.compile(r"« ?(?=[^\s\u00a0\u202f])|(?<=[^\s\u00a0\u202f]) ?»")
_ENDS = re.compile(r"[?!]+")


def space_before_marks(subject: Subject) -> Iterator[Fault]:
    """A no-break space before ? ! ; : and inside « », as French is written."""
    mended = mend_spaces_before_marks(subject.text, subject.market)
    if mended != subject.text:
        at = next((i for i, pair in enumerate(zip(subject.text, mended, strict=False))
                   if pair[0] != pair[1]), 0)  # fmt: skip
        shown = subject.text[max(0, at - 12) : at + 3]
        yield Fault(message=f"no no-break space at {shown!r}")


def mend_spaces_before_marks(text: str, market: Market) -> str:
    r"""Write the no-break spaces of a market that has them.

    >>> french = Market(code="fr-FR", name="", conventions=Conventions(space_before_marks=True))
    >>> mend_spaces_before_marks("Quoi? « Oui »", french)
    'Quoi\xa0? «\xa0Oui\xa0»'
    """
    if not market.conventions.space_before_marks:
        return text
    text = _TIGHT.sub(rf"{_BOUND}\1", text)
    text = _TIGHT_AFTER_DIGIT.sub(rf"{_BOUND}\1", text)
    return _QUOTE.sub(lambda found: f"«{_BOUND}" if "«" in found.group() else f"{_BOUND}»", text)


def inverted_marks(subject: Subject) -> Iterator[Fault]:
    """A question or exclamation that no ¿ or ¡ opens, here or in the cue before."""
    if not subject.market.conventions.inverted_marks:
        return
    before = bare(subject.previous.text) if subject.previous else ""
    open_already = not re.search(r"[.?!…]\W*\Z", before) and len(re.findall("[¿¡]", before))
    opened = len(re.findall("[¿¡]+", subject.text)) + bool(open_already)
    closed = len(_ENDS.findall(subject.text))
    if closed > opened:
        yield Fault(message="a question or exclamation ends that no ¿ or ¡ opens")


CHECKS = (
    Check(
        code="space-before-marks",
        severity="info",
        what="no no-break space where the language writes one before ? ! ; : and inside « »",
        source="Lexique des règles typographiques en usage à l'Imprimerie nationale",
        hint="Write U+00A0",
        run=space_before_marks,
        fix=mend_spaces_before_marks,
    ),
    Check(
        code="inverted-marks",
        severity="warning",
        what="a question or exclamation without its opening mark",
        source="RAE, Ortografía de la lengua española",
        hint="Open it with ¿ or ¡ where it begins",
        run=inverted_marks,
    ),
)
