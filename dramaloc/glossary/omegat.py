"""OmegaT's glossaries: source, target and comment between tabs, without a header."""

from __future__ import annotations

from collections.abc import Iterable

from dramaloc.errors import TableError
from dramaloc.glossary.term import Origin, Term


def parse_omegat(text: str, *, name: str = "") -> tuple[Term, ...]:
    r"""Read one term a line; lines that begin with `#` are comments.

    Raises `TableError` for a line without a tab.

    >>> [(t.source, t.target, t.note) for t in parse_omegat("木雕\twood carving\ta craft")]
    [('木雕', 'wood carving', 'a craft')]
    """
    terms = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        source, target, note = (*map(str.strip, line.split("\t")), "", "", "")[:3]
        if not source or not target:
            raise TableError(
                "a line needs a source, a tab and a target",
                line=number,
                hint="Write it so, or begin the file with a header: source, target, …",
            )
        origin = Origin(path=name, line=number)
        terms.append(Term(source=source, target=target, note=note, origin=origin))
    return tuple(terms)


def compose_omegat(terms: Iterable[Term]) -> str:
    """Write the terms that suggest a rendering; OmegaT has no place for the others."""
    lines = (
        "\t".join(" ".join(cell.split()) for cell in (term.source, term.required, term.note))
        for term in terms
        if suggests(term)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def suggests(term: Term) -> bool:
    """Say whether a term offers a rendering, rather than forbids or rewrites one."""
    return (
        term.action in ("translate", "keep")
        and term.status in ("preferred", "admitted")
        and not term.source.startswith("#")
    )
