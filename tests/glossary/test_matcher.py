"""The matcher against an oracle that tries every substring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dramaloc.glossary.matcher import Match, Matcher, Shortlist
from dramaloc.glossary.term import Origin, Term, layered


def _term(source: str, layer: int = 0) -> Term:
    return Term(source=source, target=source.upper(), origin=Origin(layer=layer))


def _oracle(terms: list[Term], text: str) -> list[tuple[int, int]]:
    """Repeatedly take the best candidate that is still free: longest, highest, leftmost."""
    by_source = {term.source: term for term in terms}
    candidates = [
        (start, end)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end] in by_source
    ]
    taken: list[tuple[int, int]] = []
    while candidates:
        best = min(
            candidates,
            key=lambda c: (c[0] - c[1], -by_source[text[c[0] : c[1]]].origin.layer, c[0]),
        )
        taken.append(best)
        candidates = [c for c in candidates if c[1] <= best[0] or best[1] <= c[0]]
    return sorted(taken)


_TERMS = st.lists(
    st.builds(_term, st.text("杨家村长", min_size=1, max_size=4), st.integers(0, 2)),
    max_size=12,
    unique_by=lambda term: term.source,
)
_TEXT = st.text("杨家村长人", max_size=24)


@given(_TERMS, _TEXT)
def test_it_agrees_with_brute_force(terms: list[Term], text: str) -> None:
    found = Matcher(terms).find(text)
    assert [(match.start, match.end) for match in found] == _oracle(terms, text)
    assert all(text[match.start : match.end] == match.term.source for match in found)


@given(_TERMS, _TEXT)
def test_matches_stand_in_order_and_leave_no_room_for_another(terms: list[Term], text: str) -> None:
    found = Matcher(terms).find(text)
    ends = [0, *(match.end for match in found)]
    starts = [*(match.start for match in found), len(text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not any(term.source in text[end:start] for term in terms)


def _sources(matches: tuple[Match, ...]) -> list[str]:
    return [match.term.source for match in matches]


def test_the_longest_wins_over_the_leftmost() -> None:
    terms = [_term("杨家"), _term("家木雕")]
    assert _sources(Matcher(terms).find("杨家木雕")) == ["家木雕"]


def test_a_nested_term_is_part_of_the_longer_one() -> None:
    terms = [_term("董"), _term("董奶奶"), _term("奶奶")]
    assert _sources(Matcher(terms).find("董奶奶说奶奶")) == ["董奶奶", "奶奶"]


def test_the_series_table_wins_over_the_market_at_equal_length() -> None:
    terms = [_term("小白", layer=0), _term("白菜", layer=1)]
    assert _sources(Matcher(terms).find("小白菜")) == ["白菜"]


def test_the_leftmost_wins_where_nothing_else_decides() -> None:
    terms = [_term("小白"), _term("白菜")]
    assert _sources(Matcher(terms).find("小白菜")) == ["小白"]


def test_a_short_term_at_the_end_is_not_taken_for_a_longer_one() -> None:
    (match,) = Matcher([_term("奶"), _term("奶奶"), _term("奶奶家")]).find("董奶奶")
    assert (match.term.source, match.start, match.end) == ("奶奶", 1, 3)


def test_a_label_is_one_only_where_nothing_else_is_said() -> None:
    matcher = Matcher([Term(source="看点", target="highlights", kind="label"), _term("点书")])
    assert _sources(matcher.find("看点")) == ["看点"]
    assert _sources(matcher.find("我看点书")) == ["点书"]


def test_nothing_to_find_is_found_nowhere() -> None:
    assert Matcher(()).find("木雕") == ()
    assert Matcher([_term("木雕")]).find("") == ()


def test_a_row_without_source_matches_nothing() -> None:
    banned = layered([[Term(source="", target="chinaman", action="forbid")]])
    assert Matcher(banned).find("任何字") == ()


def test_looking_costs_the_same_with_ten_thousand_terms() -> None:
    """Counted in look-ups, not in seconds: only lengths that share a first character count."""

    class Counting(dict[str, Term]):
        lookups = 0

        def get(self, key: str, default: Term | None = None) -> Term | None:  # type: ignore[override]
            self.lookups += 1
            return super().get(key, default)

    text = "杨家村长说木雕是剑川木雕" * 3
    counts = []
    for others in (0, 10_000):
        matcher = Matcher([_term("木雕"), *(_term(f"x{number}") for number in range(others))])
        matcher._terms = Counting(matcher._terms)
        assert len(matcher.find(text)) == 6
        counts.append(matcher._terms.lookups)
    assert counts[0] == counts[1]


@given(
    words=st.lists(st.text("木雕扎染布", max_size=3), max_size=8),
    text=st.text("木雕扎染", max_size=6),
)
def test_a_shortlist_leaves_out_only_what_cannot_stand_there(words: list[str], text: str) -> None:
    listed = Shortlist((word, _term(f"{word}{at}")) for at, word in enumerate(words)).of(text)
    expected = [f"{w}{at}" for at, w in enumerate(words) if w and set(w) <= set(text)]
    assert [term.source for term in listed] == expected
