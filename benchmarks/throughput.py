"""How fast is a season, held against the other ways to do it with the same model?

    uv run python -m benchmarks.throughput [--episodes 2] [--cues 200] [--json FILE]

One after the other, over the same made-up lines, with the bundled model and beam 4: (a) Argos
Translate's own path, one cue at a time, its sentence splitting left out; (b) CTranslate2 by
itself, all cues at once, sorted by length, in batches of tokens; (c) dramaloc from files to files
with terms, line breaks and all checks. Then (c) where one cue in ten repeats a common phrase,
a second run with nothing changed, and markets that share a pivot (the second hop is played by
the same model). The season of the goals is `--episodes 20 --cues 800`.

`cpu` is the processor's time, all threads; where others use the machine, hold that.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import types
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.season import Season, lines, write
from dramaloc.batch.crew import JobDone
from dramaloc.batch.plan import find_episodes, plan
from dramaloc.batch.run import run
from dramaloc.batch.workbench import Options, Workbench
from dramaloc.engines.argos import ArgosEngine
from dramaloc.engines.engine import Candidate, Request, nothing_done
from dramaloc.engines.packages import open_package

PIVOT_MARKETS = "es-ES fr-FR de-DE it-IT pt-BR ru-RU tr-TR id-ID vi-VN th-TH ar ko-KR".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A way and what it took; `outside` is the share of the processor's time outside the engine."""

    name: str
    seconds: float
    cpu: float
    outside: float | None = None


class Measured(ArgosEngine):
    """The engine with its processor time counted; it can play a second hop from English."""

    def __init__(self, *, pivots: bool = False) -> None:
        super().__init__()
        self.pivots = pivots
        self.cpu = 0.0
        self.said: dict[str, str] = {}

    def route(self, source: str, target: str) -> tuple[str, ...]:
        return (source, "en", target) if self.pivots else super().route(source, target)

    def signature(self, source: str, target: str) -> str:
        played = f" as {target}" if source == "en" else ""
        return super().signature("zh-Hans", "en") + played

    def notice(self, source: str, target: str) -> str:  # noqa: ARG002  # the protocol's
        return ""

    def stand_ins(self, source: str, target: str) -> Any:  # noqa: ARG002  # the protocol's
        return super().stand_ins("zh-Hans", "en")

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,  # noqa: ARG002  # the protocol's
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        begun = time.process_time()
        asked = list(requests)
        if source == "en":  # what the second hop costs: the line that became this English
            asked = [
                Request(
                    text=self.said.get(r.text, r.text), hypotheses=r.hypotheses, prefix=r.prefix
                )
                for r in requests
            ]
        found = super().translate(asked, "zh-Hans", "en", done)
        if source != "en" and self.pivots:
            said = zip(requests, found, strict=True)
            self.said |= {each.text: r.text for r, candidates in said for each in candidates}
        self.cpu += time.process_time() - begun
        return found

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:  # noqa: ARG002  # the protocol's
        begun = time.process_time()
        found = super().score(pairs, "zh-Hans", "en")
        self.cpu += time.process_time() - begun
        return found


def timed(name: str, do: Callable[[], Measured | None]) -> Row:
    """Take the time of one way, and the share outside the engine if it used a measured one."""
    wall, cpu = time.perf_counter(), time.process_time()
    engine = do()
    seconds, spent = time.perf_counter() - wall, time.process_time() - cpu
    outside = round(1 - engine.cpu / spent, 3) if engine else None
    return Row(name=name, seconds=round(seconds, 2), cpu=round(spent, 2), outside=outside)


def argos_itself() -> Callable[[Sequence[str]], None]:
    """Open Argos Translate's own translation; what splits sentences for it is not installed."""
    for name in ("stanza", "minisbd"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["minisbd"].SBDetect = object  # type: ignore[attr-defined]
    sys.modules["minisbd"].models = types.SimpleNamespace()  # type: ignore[attr-defined]
    from argostranslate import translate

    class Unsplit:
        def __init__(self, _package: object) -> None: ...

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    translate.MiniSBDSentencizer = translate.StanzaSentencizer = Unsplit
    package = open_package(ArgosEngine().package("zh-Hans", "en"))
    chinese, english = translate.Language("zh", "Chinese"), translate.Language("en", "English")
    whole = translate.CachedTranslation(translate.PackageTranslation(chinese, english, package))
    whole.translate("你好")  # loads the model

    def one_by_one(texts: Sequence[str]) -> None:
        for text in texts:
            whole.translate(text)

    return one_by_one


def plain_ctranslate2() -> Callable[[Sequence[str]], None]:
    """Open the model for CTranslate2 by itself."""
    from ctranslate2 import Translator

    package = ArgosEngine().package("zh-Hans", "en")
    tokenizer = open_package(package).tokenizer
    cores = os.cpu_count() or 1
    translator = Translator(str(package.path / "model"), inter_threads=cores, intra_threads=1)

    def at_once(texts: Sequence[str]) -> None:
        tokens = sorted((tokenizer.encode(text) for text in texts), key=len)
        found = translator.translate_batch(
            tokens, beam_size=4, max_batch_size=512, batch_type="tokens", replace_unknowns=True,
            length_penalty=package.length_penalty,
        )  # fmt: skip
        for result in found:
            tokenizer.decode(result.hypotheses[0])

    at_once(["你好"])
    return at_once


def dramaloc(
    show: Path, out: Path, markets: Sequence[str], *, pivots: bool = False, workers: int = 1
) -> Measured:
    """Localize a show as the command line does; one worker keeps the engine's time apart."""
    engine = Measured(pivots=pivots)
    bench = Workbench(Options(engine="argos", tables=(show / "names.csv",)))
    bench._engines["argos"] = engine  # noqa: SLF001  # to count its time
    jobs = plan(find_episodes([str(show)], None), markets, out)
    bench.prepare(jobs)
    ended = list(run(jobs, bench, lambda _job, _progress: None, workers=workers))
    assert all(isinstance(end, JobDone) for end in ended)  # noqa: S101
    return engine


def measure(season: Season, folder: Path, markets: int) -> list[Row]:
    """Go all ways, one after the other."""
    texts = list(chain.from_iterable(lines(season)))
    write(season, folder / "show")
    one_by_one, at_once = argos_itself(), plain_ctranslate2()
    rows = [
        timed("a  Argos, cue by cue", lambda: one_by_one(texts)),
        timed("b  CTranslate2, sorted", lambda: at_once(texts)),
        timed("c  dramaloc", lambda: dramaloc(folder / "show", folder / "out", ["en-US"])),
        timed("c  again, unchanged", lambda: dramaloc(folder / "show", folder / "out", ["en-US"])),
    ]
    with_two = timed(
        "c  with two jobs",
        lambda: dramaloc(folder / "show", folder / "two", ["en-US"], workers=2),
    )
    rows.append(replace(with_two, outside=None))  # the threads' times run into one another
    repeats = Season(episodes=season.episodes, cues=season.cues, repeats=0.1)
    write(repeats, folder / "repeats")
    again = list(chain.from_iterable(lines(repeats)))
    rows += [
        timed("b  with repeats", lambda: at_once(again)),
        timed("c  with repeats", lambda: dramaloc(folder / "repeats", folder / "rep", ["en-US"])),
    ]
    codes = PIVOT_MARKETS[:markets]
    if codes:
        out = folder / "pivot"
        rows += [
            timed("1 pivot market", lambda: dramaloc(folder / "show", out, codes[:1], pivots=True)),
            timed(
                f"{len(codes)} pivot markets",
                lambda: dramaloc(folder / "show", folder / "all", codes, pivots=True),
            ),
        ]
    return rows


def ratios(rows: Sequence[Row], markets: int) -> dict[str, float]:
    """Hold the ways against each other, in processor time."""
    cpu = {row.name: row.cpu for row in rows}
    wall = {row.name: row.seconds for row in rows}
    a, b, c = "a  Argos, cue by cue", "b  CTranslate2, sorted", "c  dramaloc"
    found = {
        "c is faster than a": cpu[a] / cpu[c],
        "c is faster than a, by the wall": wall[a] / wall[c],
        "c against b": cpu[b] / cpu[c],
        "c against b, with repeats": cpu["b  with repeats"] / cpu["c  with repeats"],
        "unchanged is faster": cpu[c] / cpu["c  again, unchanged"],
        "two jobs are faster, by the wall": wall[c] / wall["c  with two jobs"],
    }
    if markets:
        together, one = cpu[f"{markets} pivot markets"], cpu["1 pivot market"]
        found["pivot markets together, of separate runs"] = together / (markets * one)
    return {name: round(value, 2) for name, value in found.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--episodes", type=int, default=2)
    parser.add_argument("--cues", type=int, default=200)
    parser.add_argument("--markets", type=int, default=12, help="pivot markets; 0 leaves them out")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        taken = measure(
            Season(episodes=given.episodes, cues=given.cues), Path(place), given.markets
        )
    print(f"{given.episodes} episodes of {given.cues} cues, {os.cpu_count()} cores")
    for row in taken:
        share = "" if row.outside is None else f"  {100 * row.outside:.1f} % outside the engine"
        print(f"{row.name:28}{row.seconds:8.1f} s{row.cpu:8.1f} cpu s{share}")
    held = ratios(taken, given.markets)
    for name, value in held.items():
        print(f"{name:44}{value:8.2f}")
    if given.json:
        told = {"rows": [asdict(row) for row in taken], "ratios": held}
        given.json.write_text(json.dumps(told, indent=2) + "\n")
