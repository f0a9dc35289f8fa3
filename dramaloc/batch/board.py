"""The release board: how far each episode is for each market, from what stands in a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from dramaloc.batch.ledger import JOURNAL
from dramaloc.batch.manifest import FILE_NAME, Entry
from dramaloc.batch.names import episode_in_name
from dramaloc.files import digest, read_bytes

State = Literal["missing", "outdated", "edited", "findings", "draft", "reviewed"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One episode for one market.

    `too_fast` counts the cues that nobody can read in their time, as the draft was written;
    `reviewed` those a person answers for.
    """

    episode: str
    market: str
    path: str = ""
    state: State = "missing"
    cues: int = 0
    terms_required: int = 0
    terms_kept: int = 0
    errors: int = 0
    warnings: int = 0
    too_fast: int = 0
    reviewed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Episodes × markets, every pair of them with its cell."""

    episodes: tuple[str, ...]
    markets: tuple[str, ...]
    cells: tuple[Cell, ...]

    def of(self, market: str) -> tuple[Cell, ...]:
        """Return a market's cells, in the order of the episodes."""
        return tuple(cell for cell in self.cells if cell.market == market)


def find_records(folder: Path) -> tuple[Path, ...]:
    """Find the folders at and below one that hold outputs of ours."""
    names = (FILE_NAME, JOURNAL)
    return tuple(sorted({path.parent for name in names for path in folder.rglob(name)}))


def cell(folder: Path, name: str, entry: Entry, sources: Iterable[Path], reviewed: int) -> Cell:
    """Say how an output stands. `sources` are files that may be what it was made from."""
    episode, counts = episode_in_name(Path(entry.input)), entry.counts
    state = _state(folder / name, entry, sources, reviewed)
    if state == "missing":
        return Cell(episode=episode, market=entry.market, path=str(folder / name))
    return Cell(
        episode=episode,
        market=entry.market,
        path=str(folder / name),
        state=state,
        cues=counts.get("cues", 0),
        terms_required=counts.get("terms_required", 0),
        terms_kept=counts.get("terms_kept", 0),
        errors=counts.get("error", 0),
        warnings=counts.get("warning", 0),
        too_fast=counts.get("too_fast", 0),
        reviewed=reviewed,
    )


def _state(output: Path, entry: Entry, sources: Iterable[Path], reviewed: int) -> State:
    if not output.is_file():
        return "missing"
    if digest(read_bytes(output)) not in (entry.output_digest, entry.replaces):
        return "edited"
    found = [digest(read_bytes(path)) for path in sources]
    if found and entry.input_digest not in found:
        return "outdated"
    if reviewed:
        return "reviewed"
    return "findings" if entry.counts.get("error") or entry.counts.get("warning") else "draft"


def board(cells: Iterable[Cell]) -> Board:
    """Arrange cells; pairs that nobody has made yet are missing."""
    known = {(each.episode, each.market): each for each in cells}
    episodes = tuple(sorted({episode for episode, _ in known}))
    markets = tuple(sorted({market for _, market in known}))
    return Board(
        episodes=episodes,
        markets=markets,
        cells=tuple(
            known.get((episode, market)) or Cell(episode=episode, market=market)
            for episode in episodes
            for market in markets
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What cells come to together; `in_time` is the share of cues that can be read in theirs."""

    states: Mapping[str, int]
    cues: int
    terms_required: int
    terms_kept: int
    errors: int
    warnings: int
    in_time: float


def summed(cells: Sequence[Cell]) -> Sum:
    """Add cells up."""
    states = Counter(each.state for each in cells)
    cues = sum(each.cues for each in cells)
    return Sum(
        states={state: states[state] for state in STATES},
        cues=cues,
        terms_required=sum(each.terms_required for each in cells),
        terms_kept=sum(each.terms_kept for each in cells),
        errors=sum(each.errors for each in cells),
        warnings=sum(each.warnings for each in cells),
        in_time=round(1 - sum(each.too_fast for each in cells) / max(1, cues), 4),
    )


def as_html(title: str, board: Board) -> str:
    """Write the board as one page that needs nothing else."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("dramaloc.batch", "assets"), autoescape=True, undefined=StrictUndefined
    )
    sums: dict[str, Any] = {market: summed(board.of(market)) for market in board.markets}
    rows = [
        (episode, [each for each in board.cells if each.episode == episode])
        for episode in board.episodes
    ]
    return env.get_template("board.html").render(
        title=title, board=board, rows=rows, sums=sums, total=summed(board.cells), states=STATES
    )
