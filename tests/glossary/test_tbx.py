"""TBX: rows survive the way there and back, other tools' files are read, hostile ones refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.errors import OutputError, TableError
from dramaloc.glossary.tables import compose_table, parse_table, read_table
from dramaloc.glossary.tbx import compose_tbx, parse_tbx
from dramaloc.glossary.term import ACTIONS, STATUSES, Origin, Term
from dramaloc.markets.packs import bundled_packs

_CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="|"),
    min_size=1,
    max_size=8,
).map(lambda text: f"{text} &<'\"> {text}")
_FORMS = st.lists(_CELLS, max_size=3).map(tuple)
_TERMS = st.builds(
    Term,
    source=_CELLS,
    target=_CELLS,
    action=st.sampled_from(ACTIONS),
    status=st.sampled_from(STATUSES),
    kind=st.one_of(st.just(""), _CELLS),
    accept=_FORMS,
    forbid=_FORMS,
    note=st.one_of(st.just(""), _CELLS),
    reference=st.one_of(st.just(""), _CELLS),
    market=st.sampled_from(["", "es-419", "zh-Hant-TW"]),
    gender=st.sampled_from(["", "male", "female", "other"]),
    age=st.sampled_from(["", "1948", "2"]),
    relation=st.one_of(st.just(""), _CELLS),
)


def _bare(terms: tuple[Term, ...] | list[Term]) -> list[Term]:
    return [replace(term, origin=Origin()) for term in terms]


def _entry(body: str, *, head: str = "", root: str = "martif") -> bytes:
    entry = f"<termEntry id='e'>{body}</termEntry>"
    text = f"<{root} type='TBX'><text><body>{entry}</body></text></{root}>"
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}{text}".encode()


def _language(tag: str, *terms: str, beside: str = "") -> str:
    groups = "".join(f"<tig><term>{term}</term></tig>" for term in terms)
    return f"<langSet xml:lang='{tag}'>{beside}{groups}</langSet>"


@given(st.lists(_TERMS, max_size=6))
def test_table_to_tbx_to_table(terms: list[Term]) -> None:
    written = compose_tbx(terms)
    read = parse_tbx(written.encode())
    assert (_bare(read.terms), read.skipped) == (terms, ())
    assert _bare(parse_table(compose_table(read.terms))) == terms
    assert compose_tbx(read.terms) == written


@pytest.mark.parametrize("name", ["heritage", "idioms", "honorifics"])
def test_a_packs_table_survives_with_its_rows(name: str) -> None:
    terms = read_table(bundled_packs() / "en" / f"{name}.csv")
    read = parse_tbx(compose_tbx(terms).encode()).terms
    assert _bare(read) == _bare(terms)
    assert parse_table(compose_table(read)) == parse_table(compose_table(terms))


def test_what_is_written() -> None:
    (term,) = parse_table(
        "source,target,kind,accept,forbid,note,reference\n"
        "扎染,tie-dye,heritage,tie and dye,batik,a craft,ours\n"
    )
    written = compose_tbx([term])
    assert '<descrip type="subjectField">heritage</descrip>' in written
    assert '<termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>' in written
    assert '<admin type="source">ours</admin>' in written
    assert '<note from="translator">a craft</note>' in written
    # An entry of its own, all of it forbidden: so Weblate has it.
    kept, wrong = written.split('<termEntry id="r1-forbidden-1">')
    assert (kept.count("deprecatedTerm"), wrong.count("deprecatedTerm")) == (0, 2)


def test_the_language_of_rows_without_market() -> None:
    written = compose_tbx([Term(source="头发", target="頭髮")], "zh-Hant-TW")
    assert '<langSet xml:lang="zh-Hant-TW">' in written
    (term,) = parse_tbx(written.encode()).terms
    assert (term.source, term.target, term.market) == ("头发", "頭髮", "zh-Hant-TW")


def test_a_character_that_xml_cannot_hold() -> None:
    with pytest.raises(OutputError, match="which XML cannot write"):
        compose_tbx([Term(source="木雕", target="wood\x07carving")])


def test_a_file_of_another_tool() -> None:
    doctype = '<!DOCTYPE martif PUBLIC "ISO 12200:1999A//DTD MARTIF core" "TBXcdv04.dtd">'
    data = _entry(
        "<descripGrp><descrip type='subjectField'> craft\n </descrip></descripGrp>"
        "<note>seen in Dali</note>"
        + _language("zh-CN", "扎染", "紮染")
        + _language("en", "tie-dye")
        + _language("es-419", "teñido con nudos", beside="<note>nota</note>"),
        head=doctype,
    )
    terms = parse_tbx(data).terms
    assert [(t.source, t.target, t.market) for t in terms] == [
        ("扎染", "tie-dye", ""),
        ("紮染", "tie-dye", ""),
        ("扎染", "teñido con nudos", "es-419"),
        ("紮染", "teñido con nudos", "es-419"),
    ]
    assert [(t.kind, t.note) for t in terms[::2]] == [("craft", "seen in Dali"), ("craft", "nota")]


def test_status_decides_which_of_many_is_the_target() -> None:
    def group(term: str, status: str) -> str:
        return (
            f"<ntig><termGrp><term>{term}</term>"
            f"<termNote type='administrativeStatus'>{status}</termNote></termGrp></ntig>"
        )

    english = "".join(
        (
            group("batik", "deprecatedTerm-admn-sts"),
            group("tie and dye", "admittedTerm-admn-sts"),
            group("tie-dye", "preferredTerm-admn-sts"),
        )
    )
    data = _entry(_language("zh", "扎染") + f"<langSet xml:lang='en'>{english}</langSet>")
    (term,) = parse_tbx(data).terms
    assert (term.target, term.accept, term.forbid) == ("tie-dye", ("tie and dye",), ("batik",))


def test_only_a_forbidden_term_and_one_not_to_translate() -> None:
    forbidden = (
        "<langSet xml:lang='en'><tig><term>batik</term>"
        "<termNote type='administrativeStatus'>forbidden</termNote></tig></langSet>"
    )
    (term,) = parse_tbx(_entry(_language("zh-Hans", "扎染") + forbidden)).terms
    assert (term.target, term.status) == ("batik", "forbidden")
    needed = "<descrip type='Translation needed'>No</descrip>"
    (term,) = parse_tbx(_entry(needed + _language("zh", "KTV") + _language("en", "KTV"))).terms
    assert (term.action, term.required) == ("keep", "KTV")


def test_tbx_of_2019() -> None:
    data = (
        '<tbx type="TBX-Basic" xmlns="urn:iso:std:iso:30042:ed-2"><text><body><conceptEntry>'
        '<langSec xml:lang="zh"><termSec><term>木雕</term></termSec></langSec>'
        '<langSec xml:lang="en"><termSec><term>wood carving</term></termSec></langSec>'
        "</conceptEntry></body></text></tbx>"
    )
    (term,) = parse_tbx(data.encode()).terms
    assert (term.source, term.target) == ("木雕", "wood carving")


def test_entries_that_hold_nothing_for_us_are_named() -> None:
    read = parse_tbx(_entry(_language("fr", "bois") + _language("en", "wood")))
    assert (read.terms, read.skipped) == ((), ("e",))


_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_entry("&l11;", head=f"<!DOCTYPE martif [{_LAUGHS}]>"), "XML entities"),
        (_entry("&x;", head="<!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), "entities"),
        (_entry("", head="<!DOCTYPE m [<!ENTITY % x SYSTEM 'http://h/x'> %x;]>"), "entities"),
        (b"<martif>" + b"<a>" * 1_000_000, "64 deep"),
        (
            _entry(_language("zh", *"ab" * 500) + _language("en", "x") * 500),
            "too many terms",
        ),
        (_entry("", root="html"), "the root element is 'html'"),
        (b"source,target\n", "not valid XML"),
        (b"", "not valid XML"),
        (b"<?xml version='1.0' encoding='gb18030'?><martif/>", "not readable"),
        (_entry("<a>")[:60], "not valid XML"),
    ],
)
def test_hostile_and_broken_files_are_refused_at_once(data: bytes, what: str) -> None:
    begun = time.monotonic()
    with pytest.raises(TableError) as caught:
        parse_tbx(data)
    assert what in caught.value.message
    assert caught.value.hint
    assert time.monotonic() - begun < 5
