"""Rules about what has to be said: required terms, forbidden renderings, figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dramaloc.glossary.forms import unfulfilled, violations
from dramaloc.glossary.term import Term
from dramaloc.quality.numbers import missing
from dramaloc.quality.subject import Check, DocumentCheck, Fault, Subject, Whole, words_of_cue
from dramaloc.subtitles.inline import bare, take_apart, words_of

# Languages whose number words we read; elsewhere a number may be there in letters.
_READ = ("en", "zh", "ja")


def term_missing(subject: Subject) -> Iterator[Fault]:
    """A required term of the source without any accepted form here, nor in its sentence's cues."""
    whole, language = subject.whole, subject.market.language
    lacking = unfulfilled(_required(whole, (subject.position,)), subject.text, language)
    group = whole.group(subject.position)
    if lacking and len(group) > 1:
        text = "\n".join(bare(whole.cues[at].text) for at in group)
        nowhere = unfulfilled(_required(whole, group), text, language)
        lacking = tuple(term for term in lacking if term in nowhere)
    for term in lacking:
        yield Fault(
            message=f"{term.source} must be rendered {term.required!r}",
            hint=f"Use {' or '.join((term.required, *term.accept))}",
        )


def _required(whole: Whole, positions: Sequence[int]) -> list[Term]:
    """List the terms that the sources of some cues require, as often as they are said."""
    return [
        match.term
        for at in positions
        if (source := whole.sources[at]) is not None
        for match in whole.matcher.find(words_of_cue(source))
        if match.term.action in ("translate", "keep")
    ]


def term_forbidden(subject: Subject) -> Iterator[Fault]:
    """A rendering the market forbids for a term of the source, or anywhere."""
    market = subject.market
    terms = list(subject.whole.banned)
    if subject.source is not None:
        found = subject.whole.matcher.find(words_of_cue(subject.source))
        terms += [match.term for match in found]
    for term, (start, end) in violations(terms, subject.text, market.language):
        yield Fault(
            message=f"{subject.text[start:end]!r} is wrong for {term.source or 'this market'}",
            hint=f"Use {term.required!r}" if term.target else "",
        )


def number_mismatch(subject: Subject) -> Iterator[Fault]:
    """A figure of the source that is not here, nor moved into a neighbour or its sentence.

    Figures inside terms are the terms' affair; measures that are converted on the way (公里 to
    miles) and languages whose number words we do not read are only mentioned.
    """
    if subject.source is None:
        return
    source = words_of_cue(subject.source)
    for match in reversed(subject.whole.matcher.find(source)):
        if match.term.action in ("translate", "keep"):
            source = f"{source[: match.start]}　{source[match.end :]}"
    for mention in missing(source, subject.text, tuple(subject.neighbours)):
        certain = subject.language in _READ and not mention.converts
        yield Fault(message=f"the source says {mention.text}", severity=None if certain else "info")


def first_mention_missing(whole: Whole) -> Iterator[Fault]:
    """A term with a note for the viewer, said in the source and explained nowhere."""
    said = " ".join(" ".join(bare(cue.text).split()) for cue in whole.cues).casefold()
    seen: set[str] = set()
    for position, source in enumerate(whole.sources):
        for utterance in take_apart(source.text) if source else ():
            if utterance.caption or utterance.is_song:
                continue
            for match in whole.matcher.find(words_of(utterance)):
                term = match.term
                if not term.notes or term.action != "translate" or term.target in seen:
                    continue
                seen.add(term.target)
                if not any(" ".join(note.split()).casefold() in said for note in term.notes):
                    yield Fault(
                        message=f"{term.target!r} is never explained: {term.notes[0]}",
                        position=position,
                    )


CHECKS = (
    Check(
        code="term-missing",
        severity="error",
        what="a required term of the source is not rendered",
        source="the market's and the show's term tables",
        hint="Use the term",
        run=term_missing,
    ),
    Check(
        code="term-forbidden",
        severity="error",
        what="a rendering that the term tables forbid",
        source="the market's and the show's term tables",
        hint="Say it otherwise",
        run=term_forbidden,
    ),
    Check(
        code="number-mismatch",
        severity="warning",
        what="a figure of the source is not in the translation",
        source="ours",
        hint="Check the figure",
        run=number_mismatch,
    ),
)
FIRST_MENTION = DocumentCheck(
    code="first-mention-missing",
    severity="info",
    what="a term's note for the viewer never appears",
    source="the market's term tables",
    hint="Explain it by hand where you can",
    run=first_mention_missing,
)
