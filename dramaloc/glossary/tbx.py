"""TBX (ISO 30042:2008, `martif`), the termbase format that Weblate and most CAT tools read.

A row becomes a `termEntry`: its spellings stand in the Chinese `langSet`, its target and
accepted forms in the other. What a row forbids becomes entries of its own, because Weblate takes
an entry for forbidden as a whole or not at all. A paraphrase, which is Chinese
too, stands under the tag `zh-Hans-x-plain`. What TBX has no word for is marked `x-dramaloc-…`,
as TBX allows for private data, and other readers pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from dramaloc.errors import TableError
from dramaloc.glossary.tables import Row, rows
from dramaloc.glossary.term import ACTIONS, STATUSES, Origin, Status, Term
from dramaloc.xmlfiles import HOSTILE, escaped, local, tree

SOURCE_LANGUAGE = "zh-Hans"
_PLAIN = "zh-Hans-x-plain"
_MAX_ROWS = 10_000  # spellings times languages of one entry; a large one has a hundred
_ADMIN_STATUS: dict[Status, str] = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
    "obsolete": "supersededTerm-admn-sts",
}
# As TBX-Basic of 2019, Weblate and older tools write the same four.
_READ_STATUS: dict[str, Status] = {
    **{value.lower(): status for status, value in _ADMIN_STATUS.items()},
    **{value.replace("-", "").lower(): status for status, value in _ADMIN_STATUS.items()},
    "preferred": "preferred",
    "admitted": "admitted",
    "deprecated": "forbidden",
    "forbidden": "forbidden",
    "superseded": "obsolete",
    "obsolete": "obsolete",
    "standardizedterm-admn-sts": "preferred",
    "legalterm-admn-sts": "preferred",
    "regulatedterm-admn-sts": "preferred",
}
_FORBIDDEN_ENTRY = re.compile(r"(.+)-forbidden-\d+")
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<martif type="TBX" xml:lang="en">
  <martifHeader>
    <fileDesc>
      <sourceDesc>
        <p>dramaloc term table</p>
      </sourceDesc>
    </fileDesc>
    <encodingDesc>
      <p type="XCSURI">TBXXCS.xcs</p>
    </encodingDesc>
  </martifHeader>
  <text>
    <body>
"""
_FOOT = "    </body>\n  </text>\n</martif>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class TbxTerms:
    """What was read: the terms, and the ids (or numbers) of entries that held none for us."""

    terms: tuple[Term, ...]
    skipped: tuple[str, ...] = ()


_Form = tuple[str, Status | None]
_LangSet = tuple[str, Sequence[str], Sequence[_Form]]


def compose_tbx(terms: Iterable[Term], language: str = "en") -> str:
    """Write terms as TBX, the same bytes for the same terms.

    `language` is the one of rows that name no market. Raises `OutputError` for characters that
    XML cannot hold.
    """
    entries = (_entry(row, number, language) for number, row in enumerate(rows(terms), start=1))
    return f"{_HEAD}{''.join(entries)}{_FOOT}"


def _entry(row: Row, number: int, language: str) -> str:
    term = row.term
    tag = _PLAIN if term.action == "paraphrase" else term.market or language
    target = term.target or row.sources[0]
    exact = term.action == "forbid" or term.status != "preferred"
    marks: list[tuple[str, str]] = [("action", term.action)] if term.action != "translate" else []
    marks += [("status", term.status)] if exact else []
    marks += [("market", term.market)] if term.action == "paraphrase" and term.market else []
    person = {"gender": term.gender, "age": term.age, "relation": term.relation}
    marks += [(name, value) for name, value in person.items() if value]
    head = [_element("descrip", "subjectField", term.kind)] if term.kind else []
    if term.action == "keep":
        head.append(_element("descrip", "Translation needed", "No"))
    head += [_element("admin", f"x-dramaloc-{name}", value) for name, value in marks]
    about = [f'<note from="translator">{escaped(term.note)}</note>'] if term.note else []
    about += [_element("admin", "source", term.reference)] if term.reference else []
    status: Status = "forbidden" if term.action == "forbid" else term.status
    forms: list[_Form] = [(target, status), *((form, "admitted") for form in term.accept)]
    ours: list[_Form] = [(source, _doubled(status)) for source in row.sources if source]
    theirs: list[_Form] = [(source, "forbidden") for source in row.sources if source]
    written = _lines(f"r{number}", head, [(SOURCE_LANGUAGE, [], ours), (tag, about, forms)])
    for count, form in enumerate(term.forbid, start=1):
        wrong: list[_Form] = [(form, "forbidden")]
        written += _lines(
            f"r{number}-forbidden-{count}", [], [(SOURCE_LANGUAGE, [], theirs), (tag, [], wrong)]
        )
    return written


def _doubled(status: Status) -> Status | None:
    """Mark a source with its forbidden rendering: Weblate asks that of all terms of an entry."""
    return status if status in ("forbidden", "obsolete") else None


def _lines(name: str, head: Sequence[str], sets: Sequence[_LangSet]) -> str:
    lines = [f'      <termEntry id="{name}">', *(f"        {each}" for each in head)]
    for tag, about, forms in sets:
        if not forms:
            continue
        lines.append(f'        <langSet xml:lang="{escaped(tag)}">')
        lines += [f"          {each}" for each in about]
        for form, status in forms:
            lines += ["          <tig>", f"            <term>{escaped(form)}</term>"]
            if status:
                noted = _element("termNote", "administrativeStatus", _ADMIN_STATUS[status])
                lines.append(f"            {noted}")
            lines.append("          </tig>")
        lines.append("        </langSet>")
    return "\n".join([*lines, "      </termEntry>\n"])


def _element(name: str, kind: str, text: str) -> str:
    return f'<{name} type="{kind}">{escaped(text)}</{name}>'


def parse_tbx(data: bytes, *, name: str = "") -> TbxTerms:
    """Read TBX of 2008 or 2019; each of an entry's languages makes a row, English without market.

    Entities and anything else a hostile file might use to grow or to reach out are refused.
    Raises `TableError`.
    """
    root = tree(data, TableError)
    if local(root.tag) not in ("martif", "tbx"):
        raise TableError(
            f"the root element is {local(root.tag)!r}", hint="A TBX file has martif or tbx"
        )
    found: list[Row] = []
    by_id: dict[str, range] = {}
    skipped: list[str] = []
    entries = (each for each in root.iter() if local(each.tag) in ("termEntry", "conceptEntry"))
    for number, entry in enumerate(entries, start=1):
        key = entry.get("id") or str(number)
        read = list(_rows(entry, key, Origin(path=name, line=number)))
        if not read:
            skipped.append(key)
        elif (main := _main_entry(key, by_id)) and _only_forbids(read, found, main):
            term = found[main[0]].term
            forbidding = replace(term, forbid=(*term.forbid, read[0].term.target))
            found[main[0]] = replace(found[main[0]], term=forbidding)
        else:
            by_id[key] = range(len(found), len(found) + len(read))
            found += read
    terms = tuple(term for row in found for term in _spelled(row))
    return TbxTerms(terms=terms, skipped=tuple(skipped))


def _main_entry(key: str, known: dict[str, range]) -> range | None:
    forbidden = _FORBIDDEN_ENTRY.fullmatch(key)
    return known.get(forbidden[1]) if forbidden else None


def _only_forbids(read: Sequence[Row], found: Sequence[Row], main: range) -> bool:
    """Say whether an entry forbids one rendering for just the sources of its main entry."""
    if len(read) != 1 or len(main) != 1:
        return False
    wrong, row = read[0], found[main[0]]
    same = wrong.term.market == row.term.market or row.term.action == "paraphrase"
    return (
        same
        and wrong.sources == row.sources
        and wrong.term.status == "forbidden"
        and not wrong.term.accept
    )


def _spelled(row: Row) -> Iterator[Term]:
    for source in row.sources:
        yield replace(row.term, source=source, target=row.term.target or source)


def _language(element: Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("lang") or ""


def _said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What stands beside an entry's terms, by element and type."""

    said: dict[tuple[str, str], str]

    @classmethod
    def of(cls, elements: Iterable[Element]) -> _Entry:
        said: dict[tuple[str, str], str] = {}
        for element in elements:
            key = (local(element.tag), element.get("type", ""))
            said[key] = "; ".join(filter(None, (said.get(key), _said(element))))
        return cls(said=said)

    def get(self, name: str, kind: str = "") -> str:
        return self.said.get((name, kind), "")


def _rows(entry: Element, key: str, origin: Origin) -> Iterator[Row]:
    sets = [(_language(each), each) for each in entry if local(each.tag) in ("langSet", "langSec")]
    chinese = _source_tag([tag for tag, _ in sets])
    above = _Entry.of(_beside(entry))
    action = above.get("admin", "x-dramaloc-action")
    sources = tuple(form for tag, each in sets if tag == chinese for form, _ in _forms(each))
    if not sources and action != "forbid":
        return
    if len(sources) * len(sets) > _MAX_ROWS:
        raise TableError(f"entry {key} holds too many terms", hint=HOSTILE)
    for tag, each in sets:
        forms = _forms(each)
        if tag == chinese or not forms:
            continue
        term = _term(forms, above, _Entry.of(_beside(each)), origin)
        if tag == _PLAIN:
            term = replace(term, action="paraphrase")
            market = above.get("admin", "x-dramaloc-market")
        else:
            market = "" if tag.lower() == "en" else tag
        implied = term.action in ("keep", "ignore") and term.target in sources
        target = "" if implied else term.target
        yield Row(sources=sources or ("",), term=replace(term, target=target, market=market))


def _source_tag(tags: Sequence[str]) -> str | None:
    """Choose simplified Chinese for the source; plain `zh` or `zh-CN` do where there is none."""
    for wanted in (SOURCE_LANGUAGE, "zh", "zh-CN", "zh-SG", "zh-Hans-CN"):
        for tag in tags:
            if tag.lower().replace("_", "-") == wanted.lower():
                return tag
    return None


def _beside(element: Element) -> Iterator[Element]:
    """Yield what describes an entry or a language, in groups too, without its terms."""
    for child in element:
        if local(child.tag) in ("descripGrp", "adminGrp"):
            yield from child
        elif local(child.tag) in ("descrip", "admin", "note"):
            yield child


def _forms(language: Element) -> list[_Form]:
    forms: list[_Form] = []
    for group in language:
        if local(group.tag) not in ("tig", "ntig", "termSec"):
            continue
        said = [_said(each) for each in group.iter() if local(each.tag) == "term"]
        status = next(
            (
                _READ_STATUS.get(_said(each).lower())
                for each in group.iter()
                if local(each.tag) == "termNote" and each.get("type") == "administrativeStatus"
            ),
            None,
        )
        if said and said[0]:
            forms.append((said[0], status))
    return forms


_BEST_FIRST = ("preferred", None, "admitted", "forbidden", "obsolete")


def _term(forms: Sequence[_Form], above: _Entry, beside: _Entry, origin: Origin) -> Term:
    """Make one row of an entry's forms in one language: the best is its target."""
    marked = above.get("admin", "x-dramaloc-status")
    status = next((known for known in STATUSES if known == marked), None)
    best = 0
    if status is None:
        best = min(range(len(forms)), key=lambda at: _BEST_FIRST.index(forms[at][1]))
        status = forms[best][1] or "preferred"
    rest = [form for at, form in enumerate(forms) if at != best]
    named = above.get("admin", "x-dramaloc-action")
    action = next((known for known in ACTIONS if known == named), None)
    untranslated = above.get("descrip", "Translation needed").lower() == "no"
    wrong = ("forbidden", "obsolete")
    return Term(
        source="",
        target=forms[best][0],
        action=action or ("keep" if untranslated else "translate"),
        status=status,
        kind=above.get("descrip", "subjectField"),
        accept=tuple(form for form, how in rest if how not in wrong),
        forbid=tuple(form for form, how in rest if how in wrong),
        note=beside.get("note") or above.get("note"),
        reference=beside.get("admin", "source") or above.get("admin", "source"),
        gender=above.get("admin", "x-dramaloc-gender"),
        age=above.get("admin", "x-dramaloc-age"),
        relation=above.get("admin", "x-dramaloc-relation"),
        origin=origin,
    )
