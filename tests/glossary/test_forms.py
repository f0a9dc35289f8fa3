"""Which strings count as a rendering of a term."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.glossary.forms import (
    Span,
    accepted,
    forbidden,
    located,
    pattern,
    unfulfilled,
    violations,
)
from dramaloc.glossary.term import Term


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("tie-dye", "Tie dye"),
        ("tie-dye", "tie-dyes"),
        ("tie-dye", "tie‑dye"),
        ("tie-dye", "tiedye"),
        ("wood carving", "WOOD CARVINGS"),
        ("wood carving", "wood\ncarving"),
        ("wood carving", "wood-carving"),
        ("wood carv*", "wood carver's"[:11]),
        ("wood carver", "wood carvers'"),
        ("embroidery", "embroideries"),
        ("Grandma", "grandma’s"),
        ("brush", "brushes"),
        ("box", "box"),
        ("craftsman", "craftsmen"),
        ("talisman", "talismans"),
        ("wife", "wives"),
        ("hero", "heroes"),
        ("New Year's Eve", "New Year’s Eve"),
        ("New Year's Eve", "New Years Eve"),
        ("cloisonné", "cloisonne"),
        ("carv*", "carved"),
        ("Dr. Lin", "Dr. Lin's"),
        ("68 yuan", "68 yuans"),
    ],
)
def test_a_form_fulfils(form: str, text: str) -> None:
    assert pattern((form,), "en").search(f"Well, {text}.")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("art", "party"),
        ("art", "artful"),
        ("tie-dye", "tie the dye"),
        ("wood carving", "woodcut"),
        ("embroidery", "embroider"),
        ("carv*", "scarves"),
        ("Ah Peng", "Ah Pengyou"),
        ("Duan", "Duane"),
        ("Dr. Lin", "Drs Lin"),
        ("King", "Kingdom"),
    ],
)
def test_a_form_does_not_fulfil(form: str, text: str) -> None:
    assert not pattern((form,), "en").search(f"Well, {text}.")


def test_other_languages_take_no_english_plural() -> None:
    assert not pattern(("batik",), "id").search("batiks")
    assert pattern(("batik",), "id").search("Batik!")


def test_chinese_renderings_may_touch_their_neighbours() -> None:
    assert pattern(("紮染",), "zh-Hant-TW").findall("這紮染布") == ["紮染"]


def test_the_longest_form_is_found_first() -> None:
    found = pattern(("Duan", "Duan Qingshan"), "en").findall("Duan Qingshan and Duan")
    assert found == ["Duan Qingshan", "Duan"]


def test_special_characters_stand_for_themselves() -> None:
    assert pattern(("A.B (c)",), "en").search("A.B (c)")
    assert not pattern(("A.B (c)",), "en").search("AxB (c)")


def test_a_keep_term_is_fulfilled_by_its_source() -> None:
    term = Term(source="KTV", target="karaoke bar", action="keep")
    assert accepted(term, "en").search("to the KTV")
    assert not accepted(term, "en").search("to the karaoke bar")


def test_a_term_that_forbids_nothing_has_no_forbidden_pattern() -> None:
    assert forbidden(Term(source="木雕", target="wood carving"), "en") is None


GRANDMA = Term(source="奶奶", target="Grandma", accept=("granny",))
WOOD = Term(source="木雕", target="wood carving", forbid=("woodcut", "carving"))


@pytest.mark.parametrize(
    ("terms", "text", "missing"),
    [
        ((GRANDMA,), "Granny's here", ()),
        ((GRANDMA,), "She is here", (GRANDMA,)),
        ((GRANDMA, GRANDMA), "Grandma! Granny!", ()),
        ((GRANDMA, GRANDMA), "Grandma!", (GRANDMA,)),
        ((WOOD, GRANDMA), "Grandma's wood carvings", ()),
        ((), "anything", ()),
    ],
)
def test_every_term_needs_a_form_of_its_own(
    terms: tuple[Term, ...], text: str, missing: tuple[Term, ...]
) -> None:
    assert unfulfilled(terms, text, "en") == missing


def test_no_stretch_of_text_counts_for_two_terms() -> None:
    whole = Term(source="段青山", target="Duan Qingshan")
    part = Term(source="老段", target="Duan")
    assert unfulfilled((part, whole), "Duan Qingshan", "en") == (part,)
    assert unfulfilled((part, whole), "Duan Qingshan, Duan!", "en") == ()


def test_a_form_another_term_needs_is_left_to_it() -> None:
    either = Term(source="奶奶", target="Grandma", accept=("Madam",))
    only = Term(source="外婆", target="Madam")
    assert unfulfilled((either, only), "Madam, Grandma", "en") == ()
    longer = Term(source="姥姥", target="Grandmother", accept=("Madam",))
    assert unfulfilled((longer, only), "Madam! Grandmother!", "en") == ()


@given(
    st.lists(st.lists(st.sampled_from("pqr"), min_size=1, max_size=3), max_size=4),
    st.lists(st.sampled_from("pqr"), max_size=5),
)
def test_as_few_terms_as_possible_are_missing(forms: list[list[str]], words: list[str]) -> None:
    terms = [
        Term(source=str(number), target=first, accept=tuple(more))
        for number, (first, *more) in enumerate(forms)
    ]

    def kept(order: tuple[Term, ...]) -> int:
        """Give each term in turn every way to take a word; the best of all orders is right."""
        if not order:
            return 0
        term, *rest = order
        best = kept(tuple(rest))
        for at, word in enumerate(left):
            if word in (term.target, *term.accept):
                left[at] = ""
                best = max(best, 1 + kept(tuple(rest)))
                left[at] = word
        return best

    left = list(words)
    expected = max(map(kept, permutations(terms)))
    assert len(terms) - len(unfulfilled(terms, " ".join(words), "en")) == expected


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a woodcut", [(2, 9)]),
        ("woodcuts and carvings", [(0, 8), (13, 21)]),
        ("a wood carving", []),
        ("a statue", []),
    ],
)
def test_forbidden_renderings_are_found_unless_inside_an_allowed_one(
    text: str, spans: list[Span]
) -> None:
    assert [span for _, span in violations((WOOD,), text, "en")] == spans


def test_what_another_term_allows_is_no_violation() -> None:
    king = Term(source="王", target="Wang", forbid=("King",))
    kitchen_god = Term(source="大王", target="Great King")
    assert violations((king,), "Great King", "en")
    assert not violations((king, kitchen_god), "Great King", "en")


@pytest.mark.parametrize(
    ("form", "language", "text", "found"),
    [
        ("कल", "hi", "कल आना", True),
        ("कल", "hi", "कला है", False),  # a vowel sign goes on with the word
        ("नक्काशी*", "hi", "नक्काशियाँ", False),
        ("नक्काश*", "hi", "नक्काशियाँ देखो", True),
        ("রং", "bn", "রং করা", True),
        ("নকশি", "bn", "নকশিকাঁথা", False),
        ("*حفر", "ar", "والحفر على الخشب", True),
        ("حفر", "ar", "حفرة", False),
    ],
)
def test_words_end_where_their_script_says(
    form: str, language: str, text: str, *, found: bool
) -> None:
    assert bool(pattern((form,), language).search(text)) is found


def test_hundreds_of_terms_in_one_text_each_have_a_form_of_their_own() -> None:
    carving, work = (Term(source=s, target=s) for s in ("art work", "art"))
    text = "art work, art, " * 100
    spans = located([work] * 110 + [carving] * 100, text, "en")
    taken = sorted(span for span in spans if span)
    assert all(one[1] <= two[0] for one, two in pairwise(taken))
    assert (sum(span is None for span in spans[:110]), None in spans[110:]) == (10, False)


@given(
    forms=st.lists(
        st.tuples(*[st.sampled_from(["", "art", "art work", "work", "blue art"])] * 3), max_size=4
    ),
    words=st.lists(st.sampled_from(["art", "work", "blue", "x"]), max_size=6),
)
def test_what_one_term_allows_is_forbidden_by_none(
    forms: list[tuple[str, str, str]], words: list[str]
) -> None:
    terms = [
        Term(source=str(at), target=good, accept=(also,) * bool(also), forbid=(bad,) * bool(bad))
        for at, (good, also, bad) in enumerate(forms)
    ]
    text = " ".join(words)
    allowed = [
        match.span()
        for term in terms
        if term.target or term.accept
        for match in accepted(term, "en").finditer(text)
    ]
    expected = tuple(
        (term, match.span())
        for term in terms
        if (wrong := forbidden(term, "en"))
        for match in wrong.finditer(text)
        if not any(start <= match.start() and match.end() <= end for start, end in allowed)
    )
    assert violations(terms, text, "en") == expected
