"""The pure half of the training recipe: it needs neither torch nor the corpus."""

import doctest
import importlib
import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from dramaloc.subtitles.seams import parse_boundary
from training.attribution import attribution_text, sentence_counts
from training.augment import (
    PLACEHOLDERS,
    Shape,
    inline,
    join,
    mark,
    new_name,
    noise,
    restyle,
    shuffled_placeholders,
    substitute,
    swap,
    unbroken,
    vary,
)
from training.blend import GENERAL, IN_DOMAIN, Blend, Material, round_of
from training.boundary import (
    Figures,
    all_seams,
    composed,
    learn,
    read,
    seams_in,
    with_best_threshold,
)
from training.check_leaks import leaks, sample_lines_in_corpus
from training.cleaning import Forbidden, clean, held_out, key
from training.contrast import contrasts, questions
from training.corpus import assemble, decoded, glosses, headwords
from training.numerals import FRAMES, chinese, english, number_line
from training.pairs import Pair, follows, read_corpus, read_pairs, write_corpus
from training.probes import has_loop, keeps_placeholders, placeholder_lines, rendered_terms
from training.templates import expand, read_templates
from training.terms import Aligned, align, noun_lexicon

PINYIN = dict(zip("沈青老周来见宋予安陈律师的灯笼亮了红在家", (
    "shen qing lao zhou lai jian song yu an chen lv shi de deng long liang le hong zai jia"
).split(), strict=True))  # fmt: skip
LEXICON = noun_lexicon(
    [
        Pair(source="灯笼", target="lantern; CL:盞|盏[zhan3]", origin="cc-cedict/x:1"),
        Pair(source="红", target="red", origin="cc-cedict/x:2"),
    ]
)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def pair(source: str, target: str, origin: str = "authored/x.tsv:1") -> Pair:
    return Pair(source=source, target=target, origin=origin)


def syllables(text: str) -> list[str]:
    return [PINYIN.get(character, "xx") for character in text]


def words(text: str) -> list[str]:
    return re.findall("灯笼|.", text)


def aligned(source: str, target: str, origin: str = "authored/x.tsv:1") -> Aligned:
    return align(pair(source, target, origin), LEXICON, words, syllables)


def sides(found: Aligned) -> list[tuple[str, str]]:
    source, target = found.pair.source, found.pair.target
    return [(source[t.start : t.end], target[t.target_start : t.target_end]) for t in found.terms]


@pytest.mark.parametrize(
    "name",
    ["pairs", "cleaning", "corpus", "numerals", "augment", "probes", "attribution"],
)
def test_examples_in_the_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"training.{name}")).failed == 0


@pytest.mark.parametrize("name", ["tokenizer", "trainer", "weights"])
def test_examples_that_need_a_library(name: str) -> None:
    pytest.importorskip("sentencepiece")
    if name != "tokenizer":
        pytest.importorskip("torch")
        pytest.importorskip("numpy")
    assert doctest.testmod(importlib.import_module(f"training.{name}")).failed == 0


# Cleaning and provenance


def test_cleaning_normalizes_and_keeps_the_origin() -> None:
    assert list(clean([pair("走吧，  快！", "Ｇo, quick!")])) == [pair("走吧, 快!", "Go, quick!")]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Hello", "Hello."),
        ("你好", "你好 means hello."),
        ("你好", "..."),
        ("好", "A very long sentence that cannot be what one character says."),
        ("好" * 81, "Good." * 20),
    ],
)
def test_cleaning_drops(source: str, target: str) -> None:
    assert list(clean([pair(source, target)])) == []


def test_lines_that_differ_in_punctuation_only_are_one() -> None:
    assert (
        len(list(clean([pair("走吧。", "Go."), pair("走吧", "Go!"), pair("走吧", "Let's go.")])))
        == 2
    )


def test_forbidden_lines_whatever_their_punctuation() -> None:
    forbidden = Forbidden.of(evaluation=["好的"], samples=["我们明天再说吧", "好啊"])
    assert "好 的。" in forbidden
    assert "我们明天，再说吧！" in forbidden
    assert "好啊" not in forbidden  # anybody says it


def test_all_translations_of_a_line_are_held_out_together() -> None:
    lines = [pair(f"第{n}句。", "One.") for n in range(400)]
    aside = [line for line in lines if held_out(line, one_in=10)]
    assert 15 < len(aside) < 80
    assert all(held_out(pair(line.source[:-1], "Another."), one_in=10) for line in aside)


def test_a_corpus_file_reads_back(tmp_path: Path) -> None:
    pairs = [pair("你好", "Hello.", "tatoeba/zh-en.tsv:3"), pair("走", "Go.", "authored/a.tsv:1")]
    write_corpus(tmp_path / "c.tsv", pairs)
    assert read_corpus(tmp_path / "c.tsv") == pairs


def test_line_numbers_count_blank_and_broken_lines(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("你好\tHello.\n\n坏行\n走\tGo.\n", encoding="utf-8")
    found = read_pairs(tmp_path / "a.tsv", "authored")
    assert [p.origin for p in found] == ["authored/a.tsv:1", "authored/a.tsv:4"]
    assert not follows(*found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_subtitles_in_any_encoding(encoding: str) -> None:
    assert decoded("他们说明天走".encode(encoding)).lstrip("﻿") == "他们说明天走"


def test_dictionary_notes_are_no_translations() -> None:
    assert glosses("variant of 燈籠|灯笼[deng1 long2]; (coll.) to go; CL:個|个[ge4]") == ["to go"]
    assert headwords(
        [pair("Ｋ歌", "karaoke"), pair("灯", "see 灯笼"), pair("走", "to go; to run")]
    ) == [pair("走", "to go")]


def small_corpus(folder: Path) -> Path:
    files = {
        "dev.tsv": "别走\tDon't go.\n",
        "authored/a.tsv": (
            "别走！\tDon't leave!\n我们回家吧\tLet's go home.\n样片里有这句话\tA sample line.\n"
        ),
        "authored/a.templates.tsv": "{who}来了\t{who} is here.\n{who}和{what}\t{who} and it.\n",
        "authored/a.slots.tsv": "who\t沈青\tShen Qing\n",
        "tatoeba/zh-en.tsv": "".join(
            f"他有{chinese(n)}本书。\tHe has {n} books.\n" for n in range(2, 400)
        ),
        "cc-cedict/zh-en.tsv": "灯笼\tlantern\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_assembly_keeps_evaluation_and_sample_lines_out(tmp_path: Path) -> None:
    folder, samples = small_corpus(tmp_path / "corpus"), tmp_path / "samples"
    samples.mkdir()
    (samples / "E01.srt").write_text(
        "1\n00:00:01,000 --> 00:00:02,000\n样片里，有这句话\n", "gb18030"
    )
    corpus = assemble(folder, tmp_path / "none", samples, lambda text: text)
    sources = {p.source for p in corpus.train}
    assert "我们回家吧" in sources
    assert not sources & {"别走!", "别走", "样片里有这句话"}
    assert corpus.held_out
    assert not sources & {p.source for p in corpus.held_out}
    kept = {"dev": Forbidden.of(evaluation=["别走"])}
    assert list(leaks(corpus.train, kept)) == []
    assert len(list(leaks([pair("别走。", "Stay.")], kept))) == 1
    assert len(list(sample_lines_in_corpus([folder / "authored"], samples))) == 1


# Terms on both sides


def test_names_are_found_by_their_pinyin() -> None:
    assert sides(aligned("沈青来了", "Shen Qing is here.")) == [("沈青", "Shen Qing")]
    assert sides(aligned("老周在家", "Is Lao Zhou home?")) == [("老周", "Lao Zhou")]
    assert sides(aligned("宋予安来了", "Tell Song Yu'an.")) == [("宋予安", "Song Yu'an")]


def test_a_title_belongs_to_the_name() -> None:
    assert sides(aligned("陈律师来了", "Attorney Chen is here.")) == [("陈律师", "Attorney Chen")]


def test_one_syllable_alone_is_no_name() -> None:
    assert sides(aligned("安来了", "An old man came.")) == []


def test_nouns_that_stand_once_on_both_sides() -> None:
    assert sides(aligned("灯笼亮了", "The lanterns are lit.")) == [("灯笼", "lanterns")]
    assert sides(aligned("灯笼亮了", "A lantern, another lantern.")) == []
    assert sides(aligned("灯笼和灯笼", "A lantern.")) == []


def test_a_name_that_stands_twice_is_left_alone() -> None:
    assert sides(aligned("沈青，沈青来了", "Shen Qing is here.")) == []


# Variants


def test_placeholders_stand_where_the_terms_stood() -> None:
    found = aligned("沈青的灯笼亮了", "Shen Qing's lantern is lit.")
    seen = {mark(found, seeded(n), shuffled_placeholders(seeded(n))).source for n in range(40)}
    assert any(re.fullmatch(r"⟦\d⟧的⟦\d⟧亮了", source) for source in seen)
    assert any(re.fullmatch(r"⟦\d⟧的灯笼亮了", source) for source in seen)
    both = mark(found, seeded(3), iter(PLACEHOLDERS))
    assert list(unbroken([both])) == [both]


def test_a_broken_example_is_dropped() -> None:
    assert list(unbroken([pair("⟦0⟧来了", "He's here."), pair("⟦1⟧和⟦1⟧", "⟦1⟧ and ⟦1⟧")])) == []


def test_the_article_agrees_with_the_new_word() -> None:
    found = aligned("灯笼", "It's a lantern.")
    assert substitute(found, {found.terms[0]: ("伞", "umbrella")}).target == "It's an umbrella."
    assert substitute(found, {found.terms[0]: ("⟦2⟧", "⟦2⟧")}).target == "It's a ⟦2⟧."


def test_inline_writes_the_rendering_into_the_source() -> None:
    found = inline(aligned("沈青来了", "Shen Qing is here."), seeded(1))
    assert (found.source, found.target) == ("Shen Qing 来了", "Shen Qing is here.")


def test_swapped_names_are_spelled_on_both_sides() -> None:
    found = swap(
        aligned("沈青来了", "Shen Qing is here."), (), lambda text: ["ma"] * len(text), seeded(1)
    )
    assert found.source.endswith("来了")
    chinese_name, _ = new_name(seeded(1), lambda text: ["ma"] * len(text))
    assert 2 <= len(chinese_name) <= 3


def test_joined_neighbours_keep_both_sides_in_order() -> None:
    found = join([pair("走吧。", "Let's go."), pair("天黑了", "It's dark.")], seeded(1))
    assert (found.source, found.target) == ("走吧。天黑了", "Let's go. It's dark.")


@pytest.mark.parametrize("seed", range(30))
def test_style_and_noise_change_little(seed: int) -> None:
    line = "走吧，天黑了，再不走就来不及了。"
    assert key(restyle(line, seeded(seed))) == key(line)
    assert abs(len(noise(line, seeded(seed))) - len(line)) <= 1


@pytest.mark.parametrize("seed", range(30))
def test_a_scene_keeps_its_placeholders(seed: int) -> None:
    scene = [aligned("沈青来了", "Shen Qing is here."), aligned("灯笼亮了", "The lantern is lit.")]
    shape = Shape(mark=1.0, inline=0, swap=0, join=1.0, noise=0)
    found = vary(scene, shape, (), syllables, seeded(seed))
    assert keeps_placeholders(found.source, found.target)
    assert found.source.count("⟦") == 2


# Numbers and templates


@pytest.mark.parametrize(
    ("number", "source", "target"),
    [
        (0, "零", "zero"),
        (2, "二", "two"),
        (12, "十二", "twelve"),
        (20, "二十", "twenty"),
        (110, "一百一十", "one hundred and ten"),
        (202, "两百零二", "two hundred and two"),
        (1001, "一千零一", "one thousand and one"),
        (20_500, "两万零五百", "twenty thousand five hundred"),
        (120_000, "十二万", "one hundred and twenty thousand"),
    ],
)
def test_numbers(number: int, source: str, target: str) -> None:
    assert (chinese(number), english(number)) == (source, target)


def test_every_frame_has_one_hole_on_each_side() -> None:
    frames = [frame for _, found in FRAMES for frame in found]
    assert all(side.count("#") == 1 for frame in frames for side in frame)
    assert all("#" not in "".join(number_line(seeded(n))) for n in range(200))


def test_templates_expand_with_their_terms(tmp_path: Path) -> None:
    templates = read_templates(small_corpus(tmp_path) / "authored")
    assert [t.origin for t in templates] == ["authored/a.templates.tsv:1"]
    expand(templates[0], seeded(0))
    slots = {"person": templates[0].slots["who"]}
    named = type(templates[0])(
        source="{person}来了",
        target="{person} is here.",
        origin="authored/a.templates.tsv:1",
        slots=slots,
    )
    found = expand(named, seeded(0))
    assert (found.pair.source, found.pair.target) == ("沈青来了", "Shen Qing is here.")
    assert sides(found) == [("沈青", "Shen Qing")]


# Rounds


def material() -> Material:
    lines = tuple(
        aligned(f"沈青来了{n}次", f"Shen Qing came {n} times.", f"authored/x.tsv:{n}")
        for n in range(60)
    )
    forbidden = Forbidden.of(evaluation=["沈青来了7次"])
    return Material(
        lines=lines,
        templates=(),
        nouns=(("伞", "umbrella"),),
        forbidden=forbidden,
        syllables=syllables,
    )


def test_a_round_is_the_same_for_the_same_seed() -> None:
    blend = Blend(shares={"authored": 1.0}, templates=0, numbers=5, shape=Shape())
    assert round_of(material(), blend, 4) == round_of(material(), blend, 4)
    assert round_of(material(), blend, 4) != round_of(material(), blend, 5)


def test_no_round_holds_a_forbidden_line() -> None:
    blend = Blend(shares={"authored": 1.0}, templates=0, numbers=0, shape=Shape(join=0))
    lines = [p for seed in range(20) for p in round_of(material(), blend, seed)]
    assert lines
    assert not [p for p in lines if key(p.source) == key("沈青来了7次")]


def test_the_end_is_nearer_to_the_drama() -> None:
    assert IN_DOMAIN.shares["tatoeba"] < GENERAL.shares["tatoeba"]
    assert GENERAL.shares.keys() == IN_DOMAIN.shares.keys()


# What the model learns from its own answers


def as_like(answer: str, reference: str) -> float:
    """Stands for chrF: the more words of the reference, the better."""
    wanted = reference.split()
    return 100 * sum(word in answer.split() for word in wanted) / len(wanted)


ASKED = Pair(source="⟦2⟧见过⟦0⟧", target="⟦2⟧ has met ⟦0⟧.", origin="authored/x.tsv:1")


def learnt(*answers: str) -> list[tuple[str, str]]:
    found = list(contrasts(ASKED, answers, as_like))
    assert {contrast.source for contrast in found} <= {ASKED.source}
    return [(contrast.better, contrast.worse) for contrast in found]


def test_an_answer_that_keeps_everything_is_worth_more_than_one_that_does_not() -> None:
    dropped, doubled, foreign = "⟦2⟧ has met him.", "⟦2⟧ has met ⟦2⟧ ⟦0⟧.", "⟦5⟧ has met ⟦0⟧."
    kept = "⟦2⟧ has met ⟦0⟧."
    for wrong in (dropped, doubled, foreign):
        assert learnt(wrong, kept) == learnt(kept, wrong) == [(kept, wrong)]


def test_the_favourite_among_the_exact_stands_against_the_favourites_among_the_wrong() -> None:
    first, second = "⟦2⟧ has met ⟦0⟧.", "⟦2⟧ met ⟦0⟧."
    found = learnt("He.", first, "She.", "It.", second)
    assert found[:2] == [(first, "He."), (first, "She.")]


def test_among_exact_answers_the_one_like_the_reference_is_worth_more() -> None:
    poor, good = "The ⟦2⟧ ⟦0⟧", "⟦2⟧ has met ⟦0⟧."
    assert learnt(poor, good) == [(good, poor)]
    (wording,) = contrasts(ASKED, [poor, good], as_like)
    (loss,) = contrasts(ASKED, ["He.", good], as_like)
    assert loss.margin > wording.margin
    assert learnt(good) == learnt(good, good) == []


def test_where_no_answer_is_exact_the_nearest_is_worth_more() -> None:
    assert learnt("He.", "⟦2⟧.") == [("⟦2⟧.", "He.")]
    assert learnt("⟦2⟧, ⟦2⟧, ⟦2⟧.", "⟦0⟧.", "⟦2⟧.") == [("⟦0⟧.", "⟦2⟧, ⟦2⟧, ⟦2⟧.")]
    assert learnt("⟦0⟧.", "⟦2⟧.") == []


def test_saying_a_thing_twice_is_damage_unless_the_reference_does() -> None:
    twice = "⟦2⟧ has met ⟦0⟧, has met ⟦0⟧, ⟦2⟧ has met."
    stammer = "⟦2⟧ has met ⟦0⟧ and has met him and has met him."
    once = "⟦2⟧ met ⟦0⟧."
    assert learnt(stammer, once) == [(once, stammer)]
    assert learnt(twice, stammer)[0] == (stammer, twice)
    again = replace(ASKED, target="⟦2⟧ met him and met him and met ⟦0⟧.")
    assert not list(contrasts(again, [stammer], as_like))


def named_in(text: str) -> list[str]:
    return re.findall("沈青|[0-9]+", text)


def test_questions_are_the_same_for_a_seed_and_hold_up_to_three_placeholders() -> None:
    found = questions(material(), named_in, 3)
    assert found == questions(material(), named_in, 3) != questions(material(), named_in, 4)
    assert {pair.source.count("⟦") for pair in found} == {0, 1, 2, 3}
    assert not [pair for pair in found if pair.source in material().forbidden]


# What the evaluation asks


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("a b c d a b c d a b c d", True),
        ("Well, a b c d a b c d, a b c d!", True),
        ("a b c d a b c d", False),
        ("", False),
    ],
)
def test_loops(text: str, loops: bool) -> None:  # noqa: FBT001
    assert has_loop(text) is loops


def test_placeholder_lines_hide_exactly_so_many_nouns() -> None:
    lines = ["沈青的灯笼亮了", "灯笼"]

    def nouns(text: str) -> list[str]:
        return re.findall("沈青|灯笼", text)

    for count in (1, 2):
        made = list(placeholder_lines(lines, nouns, count, seeded(1)))
        assert made
        assert all(line.count("⟦") == count for line in made)


def test_hidden_terms_are_those_the_reference_renders() -> None:
    lines = [aligned("沈青的灯笼亮了", "Shen Qing's lantern is lit."), aligned("走", "Go.")]
    assert len(list(rendered_terms(lines, 1, seeded(1)))) == 1
    (both,) = rendered_terms(lines, 2, seeded(1))
    assert re.fullmatch(r"⟦\d⟧的⟦\d⟧亮了", both)
    assert list(rendered_terms(lines, 3, seeded(1))) == []


def test_every_author_is_credited_once_a_sentence() -> None:
    line = "CC-BY 2.0 (France) Attribution: tatoeba.org #1 (CM) & #2 (Martha)"
    text = attribution_text(sentence_counts([line, line.replace("#2", "#3")]))
    assert "Martha (2), CM (1)" in text
    assert "creativecommons.org/licenses/by/2.0/fr" in text


def test_english_tells_which_seams_of_a_line_run_on() -> None:
    def told(source: str, target: str) -> list[tuple[str, str, bool]]:
        return [(s.before, s.after, s.runs_on) for s in seams_in(pair(source, target))]

    assert told("要是下雨 我就不去", "If it rains, I won't go.") == [("要是下雨", "我就不去", True)]
    assert told("下雨了 我不去", "It's raining. I won't go.") == [("下雨了", "我不去", False)]
    assert told("下雨了。我不去", "It's raining so I won't go.") == []  # the marks disagree
    assert told("来 坐 喝茶", "Come, sit down. Have some tea.") == []  # which is which?
    assert told("我不去", "I won't go.") == []


def test_a_boundary_model_is_the_same_every_time_and_comes_back_from_its_file() -> None:
    lines = [("要是下雨 我就不去", "If it rains, I won't go."), ("下雨了 我走了", "Rain. I'm off.")]
    pairs = [
        pair(source, target, f"authored/x.tsv:{number}")
        for number, (source, target) in enumerate(lines * 12, 1)
    ]
    seams = list(all_seams(pairs))
    assert {seam.share for seam in seams} == {("line", True), ("line", False), ("next", False)}
    boundary = learn(seams, rounds=40)
    assert composed(boundary) == composed(learn(seams, rounds=40))
    assert parse_boundary(composed(boundary)) == boundary
    assert boundary.log_odds("要是下雨", "我就不去") > boundary.log_odds("下雨了", "我走了")
    chosen, best = with_best_threshold(boundary, seams)
    assert (chosen.threshold, best.f1) == (best.threshold, 1.0)
    assert Figures(threshold=0.5, precision=0.8, recall=0.4).careful > 0.6


def test_the_boundary_model_learns_no_line_that_is_kept_for_tests(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text(
        "我们家那口老染缸死了\tOur vat died.\n你好\tHello.\n", encoding="utf-8"
    )
    kept = Forbidden.of(evaluation=[], samples=["我们家那口老染缸 死了"])
    assert [each.source for each in read((tmp_path,), kept)] == ["你好"]
