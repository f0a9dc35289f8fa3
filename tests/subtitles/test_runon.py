"""Which cues make one sentence: limits, things to step over, what a file is used to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.segmentation import episodes
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.runon import USUAL_JOINING, Joining, run_on_groups
from dramaloc.subtitles.seams import FILE, clauses, features, parse_boundary, probability, shipped

HALVES = ("因为我在后山种的那", "所以就没有人来")  # nobody ends a sentence so
ANY = replace(USUAL_JOINING, threshold=0.0)
ANY_GAP = replace(ANY, max_gap_ms=60_000)


def cues(*texts: str, gap_ms: int = 100, language: str = "zh-Hans") -> Document:
    made = tuple(
        Cue(start_ms=at * (1500 + gap_ms), end_ms=at * (1500 + gap_ms) + 1500, text=text)
        for at, text in enumerate(texts)
    )
    return Document(cues=made, language=language)


def test_a_sentence_that_runs_on_is_found() -> None:
    # The neighbours give the file a usual gap and a usual lack of punctuation.
    found = run_on_groups(cues("你来了", *HALVES, "好啊", "走吧"))
    assert (1, 2) in found


def test_two_sentences_stay_two() -> None:
    assert run_on_groups(cues("你吃饭了吗", "我今天不饿", "那就好", "你在哪儿呢")) == ()


@pytest.mark.parametrize(
    "between",
    [["[大理 周城]"], ["♪ 苍山的云 ♪"], ["【三年后】", "♪ 洱海的月 ♪"], ["♪♪"]],
)
def test_captions_and_songs_are_stepped_over(between: list[str]) -> None:
    (group,) = run_on_groups(cues(HALVES[0], *between, HALVES[1], gap_ms=0), ANY_GAP)
    assert group == (0, len(between) + 1)


def test_a_line_at_the_top_over_the_dialogue_is_a_sign() -> None:
    first, sign, second = cues(HALVES[0], "{\\an8}云南大理", HALVES[1]).cues
    over = replace(sign, start_ms=first.start_ms + 200, end_ms=first.end_ms + 50)
    document = Document(cues=(first, over, replace(second, start_ms=first.end_ms + 100)))
    assert run_on_groups(document, ANY) == ((0, 2),)


def test_a_sentence_may_move_to_the_top_of_the_picture() -> None:
    assert run_on_groups(cues(HALVES[0], f"{{\\an8}}{HALVES[1]}"), ANY) == ((0, 1),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HALVES[0], f"- {HALVES[1]}"),
        (f"{HALVES[0]}。", HALVES[1]),
        (f"{HALVES[0]}？", HALVES[1]),
        (f"<i>{HALVES[0]}</i>", HALVES[1]),
        (f"- {HALVES[0]}\n- 好", HALVES[1]),
        (HALVES[0], ""),
    ],
)
def test_another_voice_or_an_end_mark_ends_a_sentence(first: str, second: str) -> None:
    assert run_on_groups(cues(first, second), ANY) == ()


def test_another_speakers_cue_begins_a_sentence() -> None:
    one, other = cues(*HALVES).cues
    document = Document(cues=(replace(one, speaker="奶奶"), replace(other, speaker="阿鹏")))
    assert run_on_groups(document, ANY) == ()


def test_a_long_silence_ends_a_sentence() -> None:
    assert run_on_groups(cues(*HALVES, gap_ms=1500), ANY) == ((0, 1),)
    assert run_on_groups(cues(*HALVES, gap_ms=1501), ANY) == ()
    assert run_on_groups(cues(*HALVES, gap_ms=400), replace(ANY, max_gap_ms=399)) == ()


def test_nothing_is_joined_in_another_language() -> None:
    assert run_on_groups(cues(*HALVES, language="ja"), ANY) == ()


def test_a_comma_at_the_end_says_that_it_goes_on() -> None:
    texts = ("我今天不饿", "你吃饭了吗")
    assert run_on_groups(cues("你来了", *texts, "好啊")) == ()
    assert (1, 2) in run_on_groups(cues("你来了", f"{texts[0]}，", texts[1], "好啊"))


def test_where_all_ends_are_marked_a_bare_end_goes_on() -> None:
    unmarked = ["好啊", "走吧", "你来了", "我知道", "不是他"]
    bare = cues(*unmarked, "这是奶奶", "做的扎染布", *unmarked)
    marked = [f"{text}。" for text in unmarked]
    dotted = cues(*marked, "这是奶奶", "做的扎染布", *marked)
    weak = replace(USUAL_JOINING, threshold=0.9)
    assert (5, 6) not in run_on_groups(bare, weak)
    assert (5, 6) in run_on_groups(dotted, weak)


texts_of_cues = st.lists(
    st.sampled_from([*HALVES, "好", "你来了", "[大理]", "♪ 云 ♪", "- 走\n- 来", "", "我要 就"]),
    max_size=12,
)


@settings(max_examples=60)
@given(texts_of_cues, st.integers(2, 4), st.integers(4, 40), st.integers(0, 900))
def test_groups_keep_their_limits(texts: list[str], most: int, characters: int, gap: int) -> None:
    joining = Joining(threshold=0.0, max_cues=most, max_characters=characters)
    document = cues(*texts, gap_ms=gap)
    groups = run_on_groups(document, joining)
    assert groups == run_on_groups(document, joining)
    positions = [position for group in groups for position in group]
    assert positions == sorted(set(positions))
    for group in groups:
        assert 2 <= len(group) <= most
        assert sum(len("".join(texts[at].split())) for at in group) <= characters
        for one, other in pairwise(group):
            assert document.cues[other].start_ms - document.cues[one].end_ms <= 1500


def test_a_chain_that_is_too_long_is_parted_at_its_weakest_seam() -> None:
    texts = ("因为我在后山种的那", "一棵很老的", "你吃饭了吗", "我在院子里的")
    whole = run_on_groups(cues(*texts), ANY)
    assert whole == ((0, 1, 2, 3),)
    assert run_on_groups(cues(*texts), replace(ANY, max_cues=3)) == ((0, 1, 2),)


def test_only_the_clauses_at_the_seam_count() -> None:
    assert clauses("小杨 看好了，扎花呢") == ["小杨", "看好了", "扎花呢"]
    one = set(features("天黑了 因为下雨", "所以不走 你呢"))
    assert {"E雨", "EE下雨", "S所", "SS所以", "X雨所", "F因为所以", "C因为"} <= one
    assert one == set(features("天亮了 因为下雨", "所以不走"))
    assert not set(features("", "好"))


def test_the_shipped_weights_are_small_and_whole() -> None:
    boundary = shipped()
    assert FILE.stat().st_size < 150_000
    assert 0.2 < boundary.threshold < 0.6
    assert len(boundary.weights) > 5_000
    assert probability(boundary.log_odds(*HALVES)) > 0.7
    assert probability(boundary.log_odds("你吃饭了吗", "我今天不饿")) < 0.1
    assert parse_boundary("bias\t-1\nthreshold\t0.4\n25\tE的 S了\n").weights == {
        "E的": 0.25,
        "S了": 0.25,
    }


def test_the_sample_show_is_found_well() -> None:
    """Where the reference's sentences end was never looked at in training."""
    right = found = wanted = 0
    for episode in episodes():
        pairs = {pair for group in run_on_groups(episode.source) for pair in pairwise(group)}
        right += len(pairs & episode.running_on)
        found += len(pairs)
        wanted += len(episode.running_on)
    assert right / found > 0.7
    assert right / wanted > 0.5


def test_thousands_of_cues_that_run_on_are_parted_in_order() -> None:
    found = run_on_groups(cues(*["因为"] * 3000))
    positions = [position for group in found for position in group]
    assert positions == sorted(set(positions))
    assert all(len(group) <= USUAL_JOINING.max_cues for group in found)
