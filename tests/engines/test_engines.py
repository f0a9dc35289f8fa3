"""The engines: the bundled Argos model, OpenCC, echo, and finding packages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from dramaloc.engines.argos import ArgosEngine, ArgosOptions
from dramaloc.engines.echo import EchoEngine
from dramaloc.engines.engine import Engine, Request
from dramaloc.engines.opencc import OpenCCEngine, converts
from dramaloc.engines.packages import (
    Package,
    argos_code,
    bundled_models,
    find_packages,
    user_folders,
)
from dramaloc.engines.registry import ADAPTERS, best_for, create
from dramaloc.errors import EngineError, EngineNotInstalledError
from dramaloc.subtitles import formats
from dramaloc.subtitles.inline import bare


@pytest.fixture(scope="module")
def argos() -> ArgosEngine:
    return ArgosEngine(ArgosOptions(threads=2))


@pytest.fixture(scope="module")
def lines(samples: Path) -> list[str]:
    document = formats.read((samples / "E01.zh-Hans.srt").read_bytes())
    texts = [bare(cue.text).replace("\n", " ") for cue in document.cues]
    return list(dict.fromkeys(texts))[:60]


def _texts(engine: Engine, texts: Sequence[str], target: str = "en") -> list[str]:
    requests = [Request(text=text) for text in texts]
    return [found[0].text for found in engine.translate(requests, "zh-Hans", target)]


@pytest.fixture(scope="module")
def together(argos: ArgosEngine, lines: list[str]) -> list[str]:
    return _texts(argos, lines)


def test_a_text_alone_comes_out_as_in_a_batch(
    argos: ArgosEngine, lines: list[str], together: list[str]
) -> None:
    alone = [_texts(argos, [line])[0] for line in lines]
    differing = [
        (line, one, other)
        for line, one, other in zip(lines, alone, together, strict=True)
        if one != other
    ]
    assert differing == []


def test_answers_come_in_the_order_of_the_requests(
    argos: ArgosEngine, lines: list[str], together: list[str]
) -> None:
    assert len(set(together)) > len(lines) / 2
    assert _texts(argos, lines[::-1]) == together[::-1]


def test_translations_are_text_in_the_target_language(together: list[str]) -> None:
    assert all(text == text.strip() and text for text in together)
    latin = sum(any(ch.isascii() and ch.isalpha() for ch in text) for text in together)
    assert latin >= 0.95 * len(together)
    assert not any("▁" in text for text in together)


def test_repeated_texts_are_translated_once(
    argos: ArgosEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    real = argos._decode

    def counting(model: object, requests: Sequence[Request], *rest: object) -> object:
        decoded.extend(request.text for request in requests)
        return real(model, requests, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(argos, "_decode", counting)
    done: list[int] = []
    requests = [Request(text=text) for text in ("你好", "再见", "你好", "你好")]
    found = argos.translate(requests, "zh-Hans", "en", done.append)
    assert sorted(decoded) == sorted({"你好", "再见"})
    assert found[0] == found[2] == found[3] != found[1]
    assert sum(done) == 4


def test_several_hypotheses_come_best_first(argos: ArgosEngine) -> None:
    few, one = argos.translate(
        [Request(text="我奶奶是染布的", hypotheses=4), Request(text="我奶奶是染布的")],
        "zh-Hans",
        "en",
    )
    assert (len(few), len(one)) == (4, 1)
    assert [c.score for c in few] == sorted((c.score for c in few), reverse=True)
    assert len({c.text for c in few}) > 1
    assert few[0].text == one[0].text


def test_nothing_to_translate(argos: ArgosEngine) -> None:
    assert argos.translate([], "zh-Hans", "en") == []


def test_scores_are_mean_log_probabilities(argos: ArgosEngine) -> None:
    good, bad = argos.score([("你好", "Hello."), ("你好", "Seven parliaments bark.")], "zh", "en")
    assert bad < good < 0


def test_a_rendering_is_scored_as_it_is_when_scored_by_itself(
    argos: ArgosEngine, lines: list[str]
) -> None:
    asked = [Request(text=line, hypotheses=4) for line in lines[:20]]
    found = argos.translate(asked, "zh-Hans", "en")
    pairs = [(line, one.text) for line, each in zip(lines, found, strict=False) for one in each]
    scores = argos.score(pairs, "zh-Hans", "en")
    said = [one.score for each in found for one in each]
    off = sorted(abs(one - other) for one, other in zip(said, scores, strict=True))
    assert off[len(off) * 9 // 10] <= 0.011  # the rest is text that is cut into other pieces


def test_two_engines_give_the_same_text_whatever_their_threads(
    lines: list[str], together: list[str]
) -> None:
    assert _texts(ArgosEngine(ArgosOptions(threads=1)), lines[:20]) == together[:20]


def test_routes(argos: ArgosEngine) -> None:
    assert argos.route("zh-Hans", "en") == ("zh-Hans", "en")
    assert argos.route("zh", "en") == ("zh", "en")
    with pytest.raises(EngineNotInstalledError) as caught:
        argos.route("zh-Hans", "pt-BR")
    assert caught.value.message == "no Argos package translates zh to pb, nor zh to en to pb"
    assert caught.value.hint == "Get one with: dramaloc models install en pb"
    with pytest.raises(EngineNotInstalledError, match="no Argos package translates ja to en\\. "):
        argos.route("ja", "en")
    with pytest.raises(EngineNotInstalledError, match="into itself") as caught:
        argos.route("en", "en-GB")  # nothing to install would help
    assert "models install" not in caught.value.hint


def test_a_pivot_is_found_where_there_is_no_direct_package() -> None:
    def package(one: str, other: str) -> Package:
        return Package(from_code=one, to_code=other, version="1", path=Path("nowhere"))

    engine = ArgosEngine(packages=[package("zh", "en"), package("en", "es")])
    assert engine.route("zh-Hans", "es-419") == ("zh-Hans", "en", "es-419")
    with pytest.raises(EngineNotInstalledError):
        engine.signature("zh-Hans", "es")
    direct = ArgosEngine(packages=[*engine.packages, package("zh", "es")])
    assert direct.route("zh-Hans", "es-419") == ("zh-Hans", "es-419")


def test_the_starter_model_says_that_it_is_one(argos: ArgosEngine) -> None:
    assert "starter model" in argos.notice("zh-Hans", "en")
    users = Package(from_code="zh", to_code="en", version="1", path=Path("nowhere"))
    assert ArgosEngine(packages=[users]).notice("zh-Hans", "en") == ""


def test_the_signature_names_model_and_settings(argos: ArgosEngine) -> None:
    signature = argos.signature("zh-Hans", "en")
    assert signature.startswith("argos/zh-en@")
    assert argos.package("zh-Hans", "en").digest in signature
    other = ArgosEngine(ArgosOptions(beam_size=2)).signature("zh-Hans", "en")
    assert other != signature
    assert ArgosEngine(ArgosOptions(threads=1)).signature("zh-Hans", "en") == signature


def test_the_bundled_package_is_found_after_the_users(tmp_path: Path) -> None:
    (bundled,) = find_packages([bundled_models()])
    assert (bundled.from_code, bundled.to_code, bundled.bundled) == ("zh", "en", True)
    mine = tmp_path / "translate-zh_en-9_9"
    shutil.copytree(bundled.path, mine)
    found = find_packages([tmp_path, bundled_models()])
    assert [(p.path, p.bundled) for p in found] == [(mine, False), (bundled.path, True)]
    assert found[0].digest == bundled.digest
    assert ArgosEngine(packages=found).package("zh-Hans", "en").path == mine


@pytest.mark.parametrize(
    "damage", ["no metadata", "metadata no json", "metadata a list", "no model", "no tokenizer"]
)
def test_what_is_no_package_is_passed_over(tmp_path: Path, damage: str) -> None:
    (bundled,) = find_packages([bundled_models()])
    mine = tmp_path / "translate-zh_en"
    mine.mkdir()
    said = json.loads((bundled.path / "metadata.json").read_text(encoding="utf-8"))
    text = {"metadata no json": "{", "metadata a list": "[]"}.get(damage, json.dumps(said))
    if damage != "no metadata":
        (mine / "metadata.json").write_text(text)
    if damage != "no model":
        (mine / "model").mkdir()
    if damage != "no tokenizer":
        shutil.copy(bundled.path / "sentencepiece.model", mine)
    (tmp_path / "a-file").write_text("no folder")
    assert find_packages([tmp_path, tmp_path / "absent"]) == ()


def test_a_package_with_a_broken_model_is_an_error_that_names_it(tmp_path: Path) -> None:
    (bundled,) = find_packages([bundled_models()])
    mine = tmp_path / "translate-zh_en"
    shutil.copytree(bundled.path, mine)
    (mine / "model" / "model.bin").write_bytes(b"truncated")
    engine = ArgosEngine(packages=find_packages([tmp_path]))
    with pytest.raises(EngineError, match="cannot be loaded") as caught:
        _texts(engine, ["你好"])
    assert caught.value.path == str(mine)


def test_the_tests_never_look_into_the_users_own_folders(
    outer_environment: dict[str, str],
) -> None:
    home = Path(outer_environment.get("HOME", "/nowhere"))
    assert not any(folder.is_relative_to(home) for folder in user_folders())


@pytest.mark.parametrize(
    ("tag", "code"),
    [("zh-Hans", "zh"), ("zh-Hant-TW", "zt"), ("pt-BR", "pb"), ("pt-PT", "pt"), ("fil-PH", "tl"),
     ("en-US", "en"), ("ES-419", "es")],
)  # fmt: skip
def test_argos_codes(tag: str, code: str) -> None:
    assert argos_code(tag) == code


@pytest.mark.parametrize(
    ("target", "converted"),
    [("zh-Hant-TW", "這個影片"), ("zh-Hant-HK", "這個視頻"), ("zh-Hant", "這個視頻")],
)
def test_opencc_writes_the_words_of_each_place(target: str, converted: str) -> None:
    assert _texts(OpenCCEngine(), ["这个视频", "", "OK"], target) == [converted, "", "OK"]


def test_opencc_refuses_what_it_cannot_convert() -> None:
    engine = OpenCCEngine()
    assert engine.route("zh-Hans", "zh-Hant-TW") == ("zh-Hans", "zh-Hant-TW")
    for source, target in (("zh-Hans", "en"), ("zh-Hant", "zh-Hant-TW"), ("ja", "zh-Hant")):
        assert not converts(source, target)
        with pytest.raises(EngineNotInstalledError, match="opencc converts"):
            engine.route(source, target)
    assert engine.signature("zh-Hans", "zh-Hant-TW") != engine.signature("zh-Hans", "zh-Hant-HK")


def test_echo_returns_what_it_was_given() -> None:
    done: list[int] = []
    found = EchoEngine().translate(
        [Request(text="你好"), Request(text="你好")], "zh-Hans", "en", done.append
    )
    assert [candidates[0].text for candidates in found] == ["你好", "你好"]
    assert sum(done) == 2


def test_names_of_engines() -> None:
    assert {name: create(name).name for name in ADAPTERS} == {name: name for name in ADAPTERS}
    assert create("echo") is not create("echo")
    with pytest.raises(EngineNotInstalledError, match=r"no engine is called 'deepl'\. Known: "):
        create("deepl")
    assert best_for("zh-Hans", "zh-Hant-TW") == "opencc"
    assert best_for("zh-Hans", "en") == "argos"
    assert best_for("zh-Hant-TW", "en") == "argos"


def test_a_text_comes_out_the_same_alone_and_in_any_batch() -> None:
    """`benchmarks/batching.py` does the same with 5,000 segments and more shapes."""
    from benchmarks.batching import Shape, translate_with
    from benchmarks.season import Season, lines

    (texts,) = lines(Season(episodes=1, cues=40))
    alone = translate_with(Shape(size=1), texts)
    for shape in (Shape(size=7), Shape(size=512, unit="tokens", order="shuffled")):
        found = translate_with(shape, texts)
        assert [text for text, _ in found] == [text for text, _ in alone]
        assert [round(score, 2) for _, score in found] == [round(score, 2) for _, score in alone]
