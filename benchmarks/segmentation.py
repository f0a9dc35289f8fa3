"""How well sentences that run over cues are found, and what translating them whole brings.

    uv run python -m benchmarks.segmentation [--corpus ../shared/corpus]

Precision, recall and F1 on the sample episodes, where a cue runs on if its English in the
reference does not end a sentence, and on seams of lines held out in training (weighed by kind
as in training: see `training/boundary.py`). Then chrF (sacreBLEU) against the reference cue by
cue, with nothing joined and with `--merge auto` at several thresholds, over all cues and over
those that the reference runs on.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

from sacrebleu.metrics import CHRF

import dramaloc
from dramaloc.engines.engine import Engine
from dramaloc.glossary.tables import read_table
from dramaloc.quality.metrics import conformity
from dramaloc.stages.localization import Choices
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import bare, take_apart
from dramaloc.subtitles.runon import Joining, run_on_groups
from dramaloc.subtitles.seams import shipped
from training.boundary import Figures, divided, figures, read
from training.cleaning import Forbidden
from training.corpus import sample_lines
from training.pairs import read_pairs

ROOT = Path(__file__).parent.parent
SHOW = ROOT / "samples" / "indigo-house"
EPISODES = ("E01", "E02")
THRESHOLDS = (0.3, 0.37, 0.49, 0.7)
_ENDS = re.compile(r"[.?!…][\"'”’)]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A sample episode, its reference, and the seams that the reference runs over."""

    name: str
    source: Document
    reference: Document

    @property
    def seams(self) -> tuple[tuple[int, int], ...]:
        """Positions of neighbouring cues of speech; signs lie between, songs part."""
        found: list[tuple[int, int]] = []
        before = -1
        for position, cue in enumerate(self.source.cues):
            utterances = take_apart(cue.text)
            if all(utterance.caption for utterance in utterances):
                continue
            if before >= 0:
                found.append((before, position))
            before = -1 if any(u.is_song for u in utterances) else position
        return tuple(found)

    @property
    def running_on(self) -> frozenset[tuple[int, int]]:
        return frozenset(
            seam for seam in self.seams if not _ENDS.search(_said(self.reference, seam[0]))
        )


def _said(document: Document, position: int) -> str:
    return " ".join(bare(document.cues[position].text).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an episode comes to with a way of joining: chrF over all its cues and over run-ons.

    `tried` are the groups rendered as a whole too, `joined` those for which the whole was taken.
    """

    episode: str
    merge: str
    chrf: float
    chrf_run_on: float
    tried: int
    joined: int
    reading_speed: float


def episodes() -> Iterator[Episode]:
    for name in EPISODES:
        yield Episode(
            name=name,
            source=dramaloc.read((SHOW / f"{name}.zh-Hans.srt").read_bytes()),
            reference=dramaloc.read((SHOW / f"{name}.reference.en.srt").read_bytes()),
        )


def found_seams(episode: Episode, threshold: float | None = None) -> Figures:
    """Hold the groups of an episode against its reference."""
    groups = run_on_groups(episode.source, Joining(threshold=threshold))
    found = {pair for group in groups for pair in pairwise(group)}
    right = len(found & episode.running_on)
    return Figures(
        threshold=shipped().threshold if threshold is None else threshold,
        precision=right / max(1, len(found)),
        recall=right / max(1, len(episode.running_on)),
    )


def held_out(corpus: Path) -> Figures | None:
    """Figures on seams of lines that were not learnt from; None without the whole corpus."""
    dev = corpus / "dev.tsv"
    if not dev.is_file():
        return None
    forbidden = Forbidden.of(
        evaluation=[pair.source for pair in read_pairs(dev, "dev")],
        samples=sample_lines(ROOT / "samples"),
    )
    pairs = read((corpus / "authored", ROOT / "training" / "authored"), forbidden)
    return figures(shipped(), divided(pairs)[1], shipped().threshold)


def translated(episode: Episode, joining: Joining | None, engine: Engine) -> Setting:
    """Localize an episode for en-US and hold it against its reference."""
    market = dramaloc.load_market("en-US")
    series = read_table(SHOW / "names.csv")
    result = dramaloc.localize(
        episode.source,
        market,
        engine=engine,
        series=series,
        choices=Choices(explained=None, joining=joining),
    )
    running = sorted({at for seam in episode.running_on for at in seam})
    kept = conformity(result.target, market)
    return Setting(
        episode=episode.name,
        merge="off" if joining is None else f"auto {joining.threshold or shipped().threshold:.2f}",
        chrf=_chrf(result.target, episode.reference, range(len(episode.source.cues))),
        chrf_run_on=_chrf(result.target, episode.reference, running),
        tried=len(run_on_groups(episode.source, joining)) if joining else 0,
        joined=len({each.group for each in result.translations if each.group}),
        reading_speed=kept.share(kept.reading_speed),
    )


def _chrf(target: Document, reference: Document, positions: Sequence[int]) -> float:
    said = [_said(target, position) for position in positions]
    wanted = [_said(reference, position) for position in positions]
    return float(CHRF().corpus_score(said, [wanted]).score)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--engine", default="argos")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    shown = list(episodes())
    print(f"{'seams of':<12}{'threshold':>10}{'precision':>11}{'recall':>8}{'F1':>7}")
    seams = {"held out": held_out(options.corpus)}
    seams |= {episode.name: found_seams(episode) for episode in shown}
    for name, found in seams.items():
        if found:
            print(
                f"{name:<12}{found.threshold:>10.2f}{found.precision:>11.3f}"
                f"{found.recall:>8.3f}{found.f1:>7.3f}"
            )
    engine = dramaloc.create_engine(options.engine)
    ways = [None, *(replace(Joining(), threshold=each) for each in THRESHOLDS)]
    rows = [translated(episode, way, engine) for episode in shown for way in ways]
    print_table(rows)
    if options.json:
        figures_found = {
            "seams": {
                name: {**asdict(found), "f1": found.f1} for name, found in seams.items() if found
            },
            "settings": [asdict(row) for row in rows],
        }
        options.json.write_text(json.dumps(figures_found, indent=1), "utf-8")


def print_table(rows: Sequence[Setting]) -> None:
    print(
        f"\n{'episode':<9}{'merge':<11}{'chrF':>7}{'run-ons':>9}{'tried':>7}{'joined':>8}{'CPS':>8}"
    )
    for row in rows:
        print(
            f"{row.episode:<9}{row.merge:<11}{row.chrf:>7.2f}{row.chrf_run_on:>9.2f}"
            f"{row.tried:>7}{row.joined:>8}{row.reading_speed:>7.1f}%"
        )


if __name__ == "__main__":
    main()
