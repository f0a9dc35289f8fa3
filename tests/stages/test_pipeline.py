"""From a document to a localized one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the tests are no package

from fakes import FakeEngine

from dramaloc.engines.echo import EchoEngine
from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Conventions, Limits, Market
from dramaloc.stages.adapt import adapt
from dramaloc.stages.localization import Choices
from dramaloc.stages.pipeline import localize, route, with_series
from dramaloc.stages.segment import segment
from dramaloc.subtitles.document import Cue, Document

TIE_DYE = Term(source="扎染", target="tie-dye", note="the Bai people's indigo craft|bound cloth")
MARKET = Market(code="en-US", name="English", inherits=("en",), glossary=Glossary((TIE_DYE,)))


def document(*texts: str, seconds: float = 4.0) -> Document:
    cues = tuple(
        Cue(
            number=at + 1,
            start_ms=at * 10_000,
            end_ms=int(at * 10_000 + seconds * 1000),
            text=text,
            line=at * 4 + 2,
        )
        for at, text in enumerate(texts)
    )
    return Document(cues=cues, language="zh-Hans")


def test_times_order_and_marks_stay() -> None:
    source = document("{\\an8}[大理]", "- 你好\n- <i>再见</i>", "♪ 月亮 ♪", "")
    found = localize(source, MARKET, engine=FakeEngine(default=lambda _text: "Words."))
    assert [c.text for c in found.target.cues] == [
        "{\\an8}[Words]",
        "-Words.\n-<i>Words.</i>",
        "♪ Words. ♪",
        "",
    ]
    assert [(c.start_ms, c.end_ms, c.number) for c in found.target.cues] == [
        (c.start_ms, c.end_ms, c.number) for c in source.cues
    ]


def test_echo_writes_the_source_and_says_so() -> None:
    found = localize(document("你好"), MARKET, engine=EchoEngine())
    assert found.target.cues[0].text == "你好"
    assert {"copied-source", "untranslated"} <= {finding.code for finding in found.findings}


def test_segments_are_utterances() -> None:
    found = segment(document("- 你好\n- 再见", "♪♪", "一\n二"))
    assert [(s.cue_positions, s.text) for s in found] == [
        ((0,), "你好"),
        ((0,), "再见"),
        ((2,), "一 二"),
    ]


def test_paraphrase_rewrites_the_source_and_says_why() -> None:
    idiom = Term(source="一盏茶的功夫", target="十分钟", action="paraphrase")
    longer = Term(source="等一盏茶的功夫馆", target="Tea House", kind="place")
    market = replace(MARKET, glossary=Glossary((idiom, longer)))
    found = adapt(segment(document("一盏茶的功夫就到", "等一盏茶的功夫馆")), market)
    assert [s.text for s in found] == ["十分钟就到", "等一盏茶的功夫馆"]
    assert found[0].reasons == ("paraphrase: 一盏茶的功夫 → 十分钟",)
    assert found[0].source == "一盏茶的功夫就到"


def test_series_outrank_the_market_and_other_markets_rows_stay_out() -> None:
    rows = [
        Term(source="扎染", target="tie-dyeing"),
        Term(source="阿鹏", target="阿鵬", market="zh-Hant-TW"),
        Term(source="老段", target="Old Duan", market="en-GB"),
    ]
    found = with_series(MARKET, rows)
    assert {t.source: t.target for t in found.glossary} == {"扎染": "tie-dyeing"}


ENGINE = FakeEngine(default=lambda _text: "This is tie-dye.")


def texts(source: Document, **options: object) -> list[str]:
    found = localize(source, MARKET, engine=ENGINE, **options)  # type: ignore[arg-type]
    return [cue.text.replace("\n", " ") for cue in found.target.cues]


def test_a_term_is_explained_once_at_its_first_mention() -> None:
    assert texts(document("这是扎染", "那是扎染")) == [
        "This is tie-dye (the Bai people's indigo craft).",
        "This is tie-dye.",
    ]


def test_a_shorter_note_is_taken_where_the_longer_does_not_fit() -> None:
    assert texts(document("这是扎染", seconds=1.6)) == ["This is tie-dye (bound cloth)."]


def test_the_note_moves_to_a_later_mention_that_has_room() -> None:
    source = document("这是扎染", "那是扎染")
    hurried = replace(source.cues[0], end_ms=source.cues[0].start_ms + 900)
    found = texts(replace(source, cues=(hurried, source.cues[1])))
    assert found == ["This is tie-dye.", "This is tie-dye (the Bai people's indigo craft)."]


def test_no_room_anywhere_is_reported() -> None:
    found = localize(document("这是扎染", seconds=0.9), MARKET, engine=ENGINE)
    assert found.explained == ()
    assert [f.position for f in found.findings if f.code == "first-mention-missing"] == [0]


@pytest.mark.parametrize("text", ["♪ 这是扎染 ♪", "[这是扎染]"])
def test_songs_and_captions_are_never_explained(text: str) -> None:
    assert "indigo" not in texts(document(text))[0]


@pytest.mark.parametrize("explained", [None, {"tie-dye"}])
def test_what_was_explained_before_is_not_again(explained: set[str] | None) -> None:
    assert texts(document("这是扎染"), choices=Choices(explained=explained)) == ["This is tie-dye."]


def test_notes_do_not_break_the_markets_limits() -> None:
    narrow = replace(MARKET, limits=Limits(max_line_columns=20, max_lines=2))
    found = localize(document("这是扎染"), narrow, engine=ENGINE)
    assert found.target.cues[0].text == "This is tie-dye\n(bound cloth)."


def test_a_route_without_a_direct_model_goes_by_the_pivots_words() -> None:
    spanish = Market(
        code="es",
        name="Spanish",
        glossary=Glossary(
            (Term(source="扎染", target="teñido"), Term(source="甲马", target="jiama"))
        ),
    )
    hops = route("zh-Hans", spanish, FakeEngine(languages=("en",)), MARKET)
    assert [(hop.source, hop.target) for hop in hops] == [("zh-Hans", "en"), ("en", "es")]
    assert {t.source: t.target for t in hops[0].glossary} == {"扎染": "tie-dye", "甲马": "jiama"}


def test_doubtful_terms_are_findings() -> None:
    engine = FakeEngine(default=lambda _text: "Nothing.", capabilities=(), stand_ins=())
    found = localize(document("他学扎染很久"), MARKET, engine=engine)
    assert "term-forced" in {finding.code for finding in found.findings}


def test_italics_go_where_the_script_has_none() -> None:
    taiwan = replace(MARKET, code="zh-Hant-TW", conventions=Conventions(italics=False))
    found = localize(document("<i>你好</i>", "{\\an8}你<i>好</i>"), taiwan, engine=EchoEngine())
    assert [cue.text for cue in found.target.cues] == ["你好", "{\\an8}你好"]


def test_idioms_of_the_pivot_serve_every_market() -> None:
    idiom = Term(source="一盏茶的功夫", target="十分钟", action="paraphrase")
    english = replace(MARKET, glossary=Glossary((idiom,)))
    spanish = Market(code="es", name="Spanish")
    engine = FakeEngine(default=lambda text: text, languages=("en",))
    found = localize(document("等一盏茶的功夫"), spanish, engine=engine, pivot=english)
    assert found.translations[0].reasons == ("paraphrase: 一盏茶的功夫 → 十分钟",)
    assert "十分钟" in found.target.cues[0].text


def test_shields_of_the_pivot_hold_its_idioms_back_in_every_market() -> None:
    idiom = Term(source="承让", target="谢谢你让我赢", action="paraphrase")
    shield = Term(source="传承", target="", action="ignore")
    english = replace(MARKET, glossary=Glossary((idiom, shield)))
    spanish = Market(code="es", name="Spanish")
    engine = FakeEngine(default=lambda text: text, languages=("en",))
    found = localize(document("传承让手艺活着", "承让了"), spanish, engine=engine, pivot=english)
    assert [each.reasons for each in found.translations] == [
        (),
        ("paraphrase: 承让 → 谢谢你让我赢",),
    ]


RUNNING = ("我在网上看到照片", "专门从上海飞过来的")


def joined_engine(whole: str = "I saw it online, and flew in from Shanghai.") -> FakeEngine:
    answers = {
        " ".join(RUNNING): whole,
        RUNNING[0]: "I saw this photo on the net.",
        RUNNING[1]: "They flew in from Shanghai.",
    }
    return FakeEngine(answers, default=lambda _text: "Good.")


def running(*between: str) -> Document:
    texts = (RUNNING[0], *between, RUNNING[1], "好啊", "走吧")
    times = [at * 3_000 if at else 0 for at in range(len(texts))]
    return Document(
        cues=tuple(
            Cue(number=at + 1, start_ms=time, end_ms=time + 2_900, text=text)
            for at, (time, text) in enumerate(zip(times, texts, strict=True))
        ),
        language="zh-Hans",
    )


class Surer(FakeEngine):
    """Is the surer of a rendering the longer its source is."""

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002
        return [-10 / len(text) for text, _ in pairs]


def surer() -> Surer:
    made = joined_engine()
    return Surer(made.answers, default=made.default)


def test_a_sentence_over_cues_is_translated_whole_where_that_is_better() -> None:
    found = localize(running(), MARKET, engine=surer())
    assert [c.text.replace("\n", " ") for c in found.target.cues[:2]] == [
        "I saw it online,",
        "and flew in from Shanghai.",
    ]
    assert [t.group for t in found.translations] == [(0, 1), (0, 1), (), ()]
    assert "sentence over cues 1–2" in found.translations[0].reasons


def test_the_parts_stay_where_the_model_prefers_them() -> None:
    found = localize(
        running(), MARKET, engine=joined_engine("I saw it online and there was so on.")
    )
    assert found.target.cues[1].text == "They flew in from Shanghai."
    (reason,) = found.translations[0].reasons
    assert reason.startswith("sentence over cues 1–2 rendered cue by cue: ")


def test_a_caption_between_does_not_part_a_sentence() -> None:
    source = running("[上海]")
    over = replace(source.cues[1], start_ms=1_000, end_ms=4_000)
    second = replace(source.cues[2], start_ms=3_000, end_ms=5_900)
    source = replace(source, cues=(source.cues[0], over, second, *source.cues[3:]))
    found = localize(source, MARKET, engine=surer())
    assert [t.group for t in found.translations[:3]] == [(0, 2), (), (0, 2)]
    assert found.target.cues[1].text == "[Good]"


@pytest.mark.parametrize(
    ("choices", "engine"),
    [
        (Choices(joining=None), surer()),
        (Choices(), FakeEngine(default=lambda text: text, capabilities=())),
    ],
)
def test_nothing_is_joined_when_not_wanted_or_when_no_score_can_tell(
    choices: Choices, engine: FakeEngine
) -> None:
    found = localize(running(), MARKET, engine=engine, choices=choices)
    assert not any(t.group for t in found.translations)
    asked = [request.text for call in engine.calls for request in call]
    assert " ".join(RUNNING) not in asked


def test_over_a_pivot_the_first_hop_decides() -> None:
    spanish = Market(code="es", name="Spanish")
    whole = " ".join(RUNNING)
    answers = {
        whole: "I saw it online and flew in.",
        RUNNING[0]: "I saw it online.",
        RUNNING[1]: "They flew in.",
        "I saw it online and flew in.": "Lo vi en la red y vine en avión.",
        "I saw it online.": "Lo vi en la red.",
        "They flew in.": "Vinieron en avión.",
    }
    engine = Surer(answers, default=lambda _text: "Bien.", languages=("en",))
    found = localize(running(), spanish, engine=engine, pivot=MARKET)
    assert [c.text for c in found.target.cues[:2]] == ["Lo vi en la red", "y vine en avión."]
    assert found.translations[0].between == "I saw it online and flew in."
