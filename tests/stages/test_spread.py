"""A sentence's words go back to the cues it is said in, or the cues keep their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Limits, Market
from dramaloc.markets.packs import load_market
from dramaloc.stages.localization import Segment, Slot, TermUse, Translation
from dramaloc.stages.spread import hopeful, spread
from dramaloc.subtitles.document import Cue, Document

EN = load_market("en-US")
FREE = Limits(max_line_columns=42, max_lines=2, max_cps=50)


def document(count: int, seconds: Sequence[float] = ()) -> Document:
    lengths = [*seconds, *[3.0] * (count - len(seconds))]
    cues, at = [], 0
    for number, length in enumerate(lengths):
        end = at + int(length * 1000)
        cues.append(Cue(number=number + 11, start_ms=at, end_ms=end, text="原文"))
        at = end + 100
    return Document(cues=tuple(cues), language="zh-Hans")


def translation(source: str, text: str, *slots: int, terms: Sequence[Term] = ()) -> Translation:
    uses = tuple(TermUse(term=t, kept=t.target in text, rung="placeholder") for t in terms)
    segment = Segment(
        slots=tuple(Slot(cue=slot, utterance=0) for slot in slots), text=source, source=source
    )
    return Translation(
        segment=segment, text=text, origin="fake", engine="fake", terms=uses, between=text
    )


def shared(
    text: str,
    *own: str,
    sources: Sequence[str] = (),
    seconds: Sequence[float] = (),
    market: Market = EN,
    terms: Sequence[Sequence[Term]] = (),
    sure: bool = True,
) -> tuple[Translation, ...]:
    """Spread a whole over cues whose own renderings are `own`."""
    told = list(sources) or ["一二三四五六"] * len(own)
    required = [*terms, *[()] * (len(own) - len(terms))]
    parts = [
        translation(source, part, at, terms=due)
        for at, (source, part, due) in enumerate(zip(told, own, required, strict=True))
    ]
    every = [term for due in required for term in due]
    whole = translation(" ".join(told), text, *range(len(own)), terms=every)

    def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [-1.0 if (rendering == text) is sure else -2.0 for _, rendering in pairs]

    return spread(parts, [whole], score, document(len(own), seconds), market)


def texts(found: Sequence[Translation]) -> list[str]:
    return [each.text for each in found]


def test_a_sentence_is_cut_where_a_reader_pauses() -> None:
    found = shared(
        "If my sister-in-law hears of this, she'll murder you.",
        "If my sister-in-law hears of this.",
        "She insisted on your life.",
    )
    assert texts(found) == ["If my sister-in-law hears of this,", "she'll murder you."]
    assert [each.group for each in found] == [(0, 1), (0, 1)]
    assert found[0].reasons == ("sentence over cues 11–12",)


def test_time_and_source_say_how_much_a_cue_gets() -> None:
    words = "red blue green white brown black pink grey gold teal"
    parts = ("red blue green white brown", "black pink grey gold teal")
    even = texts(shared(words, *parts))
    assert abs(len(even[0]) - len(even[1])) <= 6
    early = texts(
        shared(words, *parts, seconds=[1.5, 6.0], sources=["一二三", "一二三四五六七八九"])
    )
    assert len(early[0]) < len(even[0])


TERM = Term(source="扎染布", target="tie dyed cloth", kind="heritage")


def test_a_term_stays_whole_and_with_its_cue() -> None:
    words = "Grandma said the tie dyed cloth was for her"
    for home in (0, 1):
        terms = [(TERM,), ()] if home == 0 else [(), (TERM,)]
        found = shared(
            words,
            "Grandma said tie dyed cloth",
            "was for her tie dyed cloth",
            terms=terms,
        )
        assert ["tie dyed cloth" in text for text in texts(found)] == [home == 0, home == 1]
        assert [len(each.terms) for each in found] == [int(home == 0), int(home == 1)]


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        (["我打算投", "两千万块钱"], "And so I will put in twenty million yuan of it"),
        (["他欠我一百", "二十五块钱"], "He owes me one hundred and twenty five of them"),
        (["下午三点", "半来吧"], "You come at about half past three then, will you"),
    ],
)
def test_a_figure_is_never_cut(sources: list[str], text: str) -> None:
    parts = ("and this is the one part", "and this is the other")
    said = texts(shared(text, *parts, sources=sources))
    assert " ".join(said) == text
    figure = re.search(r"twenty million|one hundred and twenty five|half past three", text)
    assert figure
    assert any(figure.group() in part for part in said)


def kept_apart(found: Sequence[Translation], why: str, *own: str) -> None:
    assert texts(found) == list(own)
    assert {each.reasons[-1] for each in found} == {
        f"sentence over cues 11–{10 + len(own)} rendered cue by cue: {why}"
    }
    assert not any(each.group for each in found)


def test_the_model_is_not_asked_again_for_what_it_said_while_it_translated() -> None:
    asked: list[tuple[str, str]] = []

    def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
        asked.extend(pairs)
        return [-1.0] * len(pairs)

    first = replace(translation("一二三四五六", "I left before", 0), sure=-1.0)
    second = translation("七八九", "he came.", 1)
    whole = translation("一二三四五六 七八九", "I had left before he came.", 0, 1)
    found = spread([first, second], [replace(whole, sure=-0.1)], score, document(2), EN)
    assert asked == [("七八九", "he came.")]
    assert " ".join(texts(found)) == "I had left before he came."


@pytest.mark.parametrize(
    ("sure", "tried"), [(-0.1, True), (-0.79, True), (-0.8, False), (-2.0, False), (None, True)]
)
def test_a_whole_that_cannot_win_is_not_tried(sure: float | None, *, tried: bool) -> None:
    parts = [replace(translation(text, text, at), sure=-1.0) for at, text in enumerate("一二")]
    whole = translation("一 二", "", 0, 1).segment
    found = hopeful(parts, [whole], {"一 二": sure}, lambda _pairs: [])
    assert found == ((whole,) if tried else ())


def test_a_whole_that_was_not_tried_says_so_at_its_cues() -> None:
    parts = [translation(text, text, at) for at, text in enumerate("一二三")]
    whole = translation("一 二", "", 0, 1).segment
    found = spread(parts, [], lambda _pairs: [], document(3), EN, [whole])
    assert texts(found) == ["一", "二", "三"]
    because = "sentence over cues 11–12 rendered cue by cue: the model is less sure of the whole"
    assert [each.reasons for each in found] == [(because,), (because,), ()]


def test_what_the_model_is_less_sure_of_is_left() -> None:
    own = ("This is one part", "and this is another")
    found = shared("This is one sentence and nothing more", *own, sure=False)
    kept_apart(found, "the model is less sure of the whole", *own)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("No.", "it says much less"),
        (
            "This is it " * 3 + "and then there was so much more to be said of it",
            "it says much more",
        ),
        ("They they they they they they they they", "it repeats itself"),
    ],
)
def test_what_says_less_or_more_is_left(text: str, why: str) -> None:
    own = ("This is one part", "and this is another")
    kept_apart(shared(text, *own), why, *own)


def test_a_lost_term_or_figure_counts_more_than_a_better_sentence() -> None:
    own = ("The tie dyed cloth is", "for three people")
    found = shared(
        "The cloth is for three people.", *own, terms=[(TERM,)], sources=["扎染布", "三个人"]
    )
    kept_apart(found, "it would lose a term", *own)
    own = ("I have 500,000 yuan", "in this very bag")
    found = shared("I have all my money in this bag", *own, sources=["五十万", "在包里"])
    kept_apart(found, "it would lose a figure", *own)


def test_what_cannot_be_read_in_time_is_left() -> None:
    own = ("It was here.", "I had it.")
    found = shared("It was here with me all along.", *own, seconds=[0.5, 0.5])
    kept_apart(found, "it says much more", *own)
    narrow = replace(EN, limits=Limits(max_line_columns=12, max_lines=1, max_cps=20))
    own = ("It was here.", "I had it all.")
    found = shared("Unquestionably irreplaceable", *own, market=narrow)
    kept_apart(found, "no split of it can be read in time", *own)


def test_the_next_best_split_is_tried_before_giving_up() -> None:
    # The comma asks for a cut that a cue of one second cannot hold.
    own = ("Well, my dear,", "they took it all away.")
    found = shared("When they came, they took all we had.", *own, seconds=[3.0, 0.8])
    assert found[0].group == (0, 1)
    assert len(found[1].text) <= 20 * 1.25 * 0.8


def test_japanese_is_cut_between_phrases() -> None:
    japanese = load_market("ja-JP")
    text = "奥様に知られたらあの人はあなたを許さない"
    said = texts(shared(text, "奥様に知られたら", "あの人は許さないでしょう", market=japanese))
    assert "".join(said) == text
    assert all(said)


WORDS = st.lists(
    st.sampled_from("you said the tie-dye, and I went home. for Mr. Lu 20 million of it".split()),
    min_size=6,
    max_size=24,
).map(" ".join)


@settings(max_examples=40)
@given(WORDS, st.lists(st.floats(0.5, 6.0), min_size=2, max_size=4), st.data())
def test_every_word_stays_and_no_cue_is_empty(
    text: str, seconds: list[float], data: st.DataObject
) -> None:
    count = len(seconds)
    sources = [data.draw(st.text("一是在的", min_size=1, max_size=12)) for _ in seconds]
    own = [text[at::count] or "x" for at in range(count)]
    market = replace(EN, limits=FREE, glossary=Glossary())
    found = shared(text, *own, sources=sources, seconds=seconds, market=market)
    assert found == shared(text, *own, sources=sources, seconds=seconds, market=market)
    assert [each.segment.slots[0].cue for each in found] == list(range(count))
    if found[0].group:
        assert " ".join(texts(found)).split() == text.split()
        assert all(any(map(str.isalnum, each.text)) for each in found)
        for one, other in pairwise(texts(found)):
            assert not (one.endswith("20") and other.startswith("million"))
    else:
        assert texts(found) == own
