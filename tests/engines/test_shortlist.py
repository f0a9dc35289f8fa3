"""The pieces a model may write: fewer, and yet the same text comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dramaloc.engines import argos as argos_module
from dramaloc.engines.argos import ArgosEngine
from dramaloc.engines.engine import Candidate, Request
from dramaloc.engines.shortlist import MAP, shortlist

PIECES = ["<unk>", "<s>", "</s>", "▁the", "染", "缸里", "▁dye", "⟦0⟧", "，", "ー"]
WRITABLE = "\t<unk> <s> </s> ▁the ▁dye ⟦0⟧ ， ー\n".encode()


@pytest.mark.parametrize("name", ["shared_vocabulary", "target_vocabulary"])
def test_pieces_with_chinese_are_left_out(name: str) -> None:
    assert shortlist({f"{name}.json": json.dumps(PIECES).encode()}, "en") == WRITABLE
    assert shortlist({f"{name}.txt": "\n".join([*PIECES, ""]).encode()}, "en") == WRITABLE


@pytest.mark.parametrize("language", ["zh", "zt", "ja", "ko"])
def test_languages_that_write_chinese_characters_keep_them(language: str) -> None:
    assert shortlist({"shared_vocabulary.json": json.dumps(PIECES).encode()}, language) is None


@pytest.mark.parametrize(
    "pieces",
    [[], ["▁the"] * 20 + ["染"], [*PIECES, "a b"], [*PIECES, "\n"], [*PIECES, ""]],
    ids=["none", "little to spare", "a space", "a line end", "an empty piece"],
)
def test_what_spares_nothing_or_cannot_be_written_down_is_no_list(pieces: list[str]) -> None:
    assert shortlist({"shared_vocabulary.json": json.dumps(pieces).encode()}, "en") is None


def test_a_models_own_map_stays() -> None:
    files = {"shared_vocabulary.json": json.dumps(PIECES).encode(), MAP: b"\t<unk>\n"}
    assert shortlist(files, "en") is None


REQUESTS = [
    Request(text="我家那口老染缸 死了", hypotheses=3),
    Request(text="段木生什么时候回来", hypotheses=3),
    Request(text="奶奶 它不冒泡了", prefix="Grandma, the"),
    Request(text="这是扎染", prefix="This is 染"),
    Request(text="我们家那口老染缸 死了", suppress=("vat", "Our")),
    Request(text="你听我说", suppress=("listen", "染")),
]


def _found(requests: list[Request]) -> list[tuple[Candidate, ...]]:
    return ArgosEngine().translate(requests, "zh-Hans", "en")


def test_the_same_text_comes_out_with_and_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ArgosEngine().package("zh-Hans", "en").path / "model"
    listed = shortlist({path.name: path.read_bytes() for path in folder.iterdir()}, "en")
    assert listed is not None
    assert (
        len(listed.split()) < len(json.loads((folder / "shared_vocabulary.json").read_text())) / 2
    )
    with_it = _found(REQUESTS)
    monkeypatch.setattr(argos_module, "shortlist", lambda *_: None)
    assert _found(REQUESTS) == with_it


def test_a_folder_within_a_model_is_passed_over(tmp_path: Path) -> None:
    package = ArgosEngine().package("zh-Hans", "en")
    copy = tmp_path / package.path.name
    (copy / "model" / "more").mkdir(parents=True)
    for path in package.path.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(package.path)).write_bytes(path.read_bytes())
    found = argos_module.find_packages([tmp_path])
    engine = ArgosEngine(packages=found)
    assert engine.translate([Request(text="你好")], "zh-Hans", "en") == _found(
        [Request(text="你好")]
    )
