"""What is wrong with term tables before anyone translates with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dramaloc.glossary.forms import pattern
from dramaloc.glossary.term import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of one row, with its file and 1-based line."""

    path: str
    line: int
    message: str


def lint(
    terms: Sequence[Term], language: str, max_note_columns: float, *, series: bool = False
) -> tuple[Problem, ...]:
    """Check one layer: duplicates, forms that forbid themselves, notes too long for a line.

    `language` is the one its rows are rendered in, unless a row names its own market. Only the
    table of a `series` may hold terms of a single character.
    """
    found = [*_duplicates(terms)]
    for term in terms:
        if not series:
            found += _single_character(term)
        found += _self_forbidding(term, term.market or language)
        found += _long_note(term, max_note_columns)
    return tuple(sorted(found, key=lambda problem: (problem.path, problem.line)))


def _problem(term: Term, message: str) -> Problem:
    return Problem(path=term.origin.path, line=term.origin.line, message=message)


def _duplicates(terms: Sequence[Term]) -> Iterator[Problem]:
    rows: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        if term.action != "forbid" and term.status in ("preferred", "admitted"):
            rows[term.source, term.market or "en"].append(term)
    for (source, _), same in rows.items():
        for term in same[1:]:
            first = same[0]
            where = f"{first.origin.path}:{first.origin.line}"
            if term.target == first.target:
                yield _problem(term, f"{source} stands already at {where}")
            else:
                yield _problem(
                    term, f"{source} is {term.target!r} here and {first.target!r} at {where}"
                )


def _single_character(term: Term) -> Iterator[Problem]:
    if len(term.source) == 1:
        yield _problem(
            term, f"{term.source} stands inside too many words; a market needs a longer source"
        )


def _self_forbidding(term: Term, language: str) -> Iterator[Problem]:
    if term.action == "paraphrase" or not term.forbid:
        return
    wrong = pattern(term.forbid, language)
    for form in (term.required, *term.accept):
        if wrong.fullmatch(form.replace("*", "")):
            yield _problem(term, f"{form!r} is both required and forbidden for {term.source}")


def _long_note(term: Term, max_columns: float) -> Iterator[Problem]:
    longest = max(map(len, term.notes), default=0)
    if longest > max_columns:
        yield _problem(
            term, f"the note of {term.source} has {longest} characters, {max_columns:g} fit"
        )
