"""Copy under review: people edit a field as its file has it, engines know it sentence by sentence.

Rows and records hold texts as they were read, with tags for the marks of Markdown, so that
what was decided fits the next run's sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from dramaloc.marketing import copy
from dramaloc.marketing.field import sentences
from dramaloc.review.identity import Row, rows
from dramaloc.review.merge import Decided
from dramaloc.subtitles.document import Document


def shown(document: Document) -> Document:
    """Show a document's texts as its file has them."""
    texts = (copy.as_written(cue.text, document.format) for cue in document.cues)
    cues = tuple(replace(cue, text=text) for cue, text in zip(document.cues, texts, strict=True))
    return replace(document, cues=cues)


def as_written(row: Row, form: str) -> Row:
    """Show a row's texts as a file of that format has them."""
    source = row.source and replace(row.source, text=copy.as_written(row.source.text, form))
    cue = replace(row.cue, text=copy.as_written(row.cue.text, form))
    return replace(row, cue=cue, source=source)


def as_read(decided: Iterable[Decided], known: Sequence[Row], form: str) -> tuple[Decided, ...]:
    """Undo `as_written` for what was decided of the rows `known`."""
    return tuple(
        replace(
            each,
            row=known[each.row.position],
            text=copy.as_read(each.text, form, each.row.cue.text),
        )
        for each in decided
    )


def by_sentence(decided: Iterable[Decided], source: Document) -> Iterator[Decided]:
    """Yield what was decided of the sentences of fields that have as many as their source.

    `source` is read sentence by sentence. Sentences that nobody can tell apart are left out:
    they come back only with their whole field.
    """
    parts = _by_field(source)
    for each in decided:
        there = parts.get(each.row.source.settings, ()) if each.row.source else ()
        said = [words for words, _ in sentences(each.text)]
        if each.reviewed and len(there) == len(said) > 1:
            for row, text in zip(there, said, strict=True):
                yield replace(each, row=replace(row, source=row.cue), text=text, comments=())


def _by_field(source: Document) -> Mapping[str, Sequence[Row]]:
    grouped = groupby(rows(source, source), key=lambda row: row.cue.settings)
    return {settings: list(group) for settings, group in grouped}
