"""How much work a run would be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from dramaloc.batch.plan import Job, find_episodes, plan
from dramaloc.batch.quote import BANDS, quote, total, words_in
from dramaloc.batch.remember import Remembered
from dramaloc.batch.run import examine
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.memory.entry import Entry
from dramaloc.memory.store import Memory

Cli = Callable[..., Result]


def _jobs(show: Path, *markets: str) -> tuple[Job, ...]:
    return plan(find_episodes([str(show)], None), markets, show.parent / "out")


def _quote(jobs: tuple[Job, ...], **options: Any) -> Any:
    bench = Workbench(Options(engine="echo", **options))
    return quote(examine(jobs, bench), bench)  # type: ignore[arg-type]  # none of them ended


def test_words_are_counted_as_the_trade_does() -> None:
    counted = {text: words_in(text) for text in ("", "♪", "你好！", "OK", "去KTV唱2小时")}
    assert counted == {"": 0, "♪": 0, "你好！": 2, "OK": 1, "去KTV唱2小时": 6}


def test_repetitions_count_over_episodes_and_within(
    show: Path, make_srt: Callable[..., str]
) -> None:
    (show / "E02.zh-Hans.srt").write_text(make_srt("你好", "再见了", "{\\an8}再见了", "♪"))
    one, two = _quote(_jobs(show, "en-US", "zh-Hant-TW"))
    assert (one.market, one.outputs, one.cues, one.words) == ("en-US", 2, 5, 2 + 4 + 2 + 3 + 3)
    assert {band: words for band, words in one.bands.items() if words} == {"repeated": 5, "new": 9}
    assert two.bands == one.bands
    assert total([one, two]).words == 2 * one.words


def test_the_memory_is_counted_by_bands(show: Path, make_srt: Callable[..., str]) -> None:
    known = "我们明天早上一起去大理看看那棵老树"
    lines = (known, known[:-1] + "花", known[:-3] + "座新桥", known, "完全不一样的话")
    (show / "E01.zh-Hans.srt").write_text(make_srt(*lines), encoding="utf-8")
    (show / "E02.zh-Hans.srt").unlink()
    path = show / "memory.sqlite"
    with Memory.open(path, create=True) as memory:
        memory.add([Entry(source=known, target="…", market="en-US", reviewed=True)])
    (found,) = _quote(_jobs(show, "en-US"), memory=Remembered(path=path))
    assert found.bands["exact"] == 2 * words_in(known)
    assert found.bands["85-94"] == words_in(lines[1])
    assert found.bands["75-84"] == words_in(lines[2])
    assert found.bands["new"] == words_in(lines[4])
    assert sum(found.bands.values()) == found.words


def test_a_dry_run_writes_nothing_and_leaves_out_what_is_done(cli: Cli, show: Path) -> None:
    arguments = ("localize", show, "-m", "en-US", "-o", "out", "--engine", "echo")
    before = sorted(show.parent.rglob("*"))
    dry = cli(*arguments, "--dry-run")
    assert dry.exit_code == 0
    assert dry.stdout.splitlines()[-1].split() == ["en-US", "2", "3", "8", "0", "8"]
    assert sorted(show.parent.rglob("*")) == before
    cli(*arguments)
    (show / "E02.zh-Hans.srt").write_text("没有一行时间\n", encoding="utf-8")
    again = cli(*arguments, "--dry-run", "--format", "json")
    said = json.loads(again.stdout)["data"]
    assert [Path(name).name for name in said["unchanged"]] == ["E01.en-US.srt"]
    assert [Path(each["input"]).name for each in said["failed"]] == ["E02.zh-Hans.srt"]
    assert again.exit_code == 4
    assert set(said["total"]["bands"]) == set(BANDS)


def test_a_pipe_cannot_be_quoted(cli: Cli) -> None:
    assert cli("localize", "-", "-m", "en-US", "--dry-run", stdin=b"").exit_code == 2
