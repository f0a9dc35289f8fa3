"""How many cues keep a market's limits, before and after their lines are broken.

    uv run python -m benchmarks.conformity [-m en-US -m zh-Hant-TW]

Localizes the sample show with the engine that is best for each market, and counts the cues
within characters per line (CPL), the number of lines, and reading speed (CPS): first with
each voice's words on one line, as a translation comes from an engine, then as they are written.
A cue that no split of its words can bring within its lines is counted by itself: it is too long
for any line breaker, and somebody has to shorten it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import dramaloc
from dramaloc.glossary.tables import read_table
from dramaloc.markets.market import Market
from dramaloc.quality.metrics import Conformity, conformity, keeps_limits
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare, put_together, take_apart
from dramaloc.subtitles.width import width

SHOW = Path(__file__).parent.parent / "samples" / "indigo-house"
EPISODES = ("E01", "E02")
MARKETS = ("en-US", "zh-Hant-TW")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A market's figures; `hopeless` are cues outside their lines that no split brings in."""

    market: str
    engine: str
    before: Conformity
    after: Conformity
    outside: int
    hopeless: int


def measure(code: str) -> Row:
    """Localize the sample show for one market, and count."""
    market = dramaloc.load_market(code)
    engine = dramaloc.create_engine(dramaloc.best_engine("zh-Hans", market.language))
    cues: list[Cue] = []
    for episode in EPISODES:
        source = dramaloc.read((SHOW / f"{episode}.zh-Hans.srt").read_bytes())
        series = read_table(SHOW / "names.csv")
        cues += dramaloc.localize(source, market, engine=engine, series=series).target.cues
    written = Document(cues=tuple(cues))
    outside = [cue for cue in cues if not all(keeps_limits(cue, market)[:2])]
    return Row(
        market=code,
        engine=engine.name,
        before=conformity(replace(written, cues=tuple(map(unwrapped, cues))), market),
        after=conformity(written, market),
        outside=len(outside),
        hopeless=sum(not fits_somehow(cue, market) for cue in outside),
    )


def unwrapped(cue: Cue) -> Cue:
    """Put what each voice says on one line."""
    spoken = take_apart(cue.text)
    flat = (replace(u, text=u.text.replace("\n", " ")) for u in spoken)
    return replace(cue, text=put_together(flat))


def fits_somehow(cue: Cue, market: Market) -> bool:
    """Whether some split of a cue's words keeps its lines; each voice has lines of its own."""
    left = market.limits.max_lines
    for utterance in take_apart(cue.text):
        around = f"{utterance.before}{utterance.dash}{utterance.opening}{utterance.after}"
        left -= fewest_lines(
            utterance.text, width(bare(around), market.conventions.counting), market
        )
    return left >= 0


def fewest_lines(text: str, around: float, market: Market) -> int:
    """Count the lines a text needs when each takes all it can; what is too long needs many."""
    counting, limit = market.conventions.counting, market.limits.max_line_columns - around
    joint = "" if counting == "east-asian" else " "
    lines, line = 1, ""
    for piece in pieces(text, joint):
        if width(piece, counting) > limit:
            return market.limits.max_lines + 1
        longer = f"{line}{joint}{piece}" if line else piece
        if width(longer, counting) > limit:
            lines, longer = lines + 1, piece
        line = longer
    return lines


def pieces(text: str, joint: str) -> Iterator[str]:
    """Yield what cannot be broken: words, or in Chinese single characters."""
    yield from text.split() if joint else text.replace("\n", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-m", "--market", action="append", help="repeatable")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    rows = [measure(code) for code in options.market or MARKETS]
    print_table(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")


def print_table(rows: Sequence[Row]) -> None:
    print(
        f"{'market':<12}{'engine':<8}{'':<8}{'cues':>6}{'CPL':>9}{'lines':>9}{'CPS':>9}{'all':>9}"
    )
    for row in rows:
        for when, found in (("before", row.before), ("after", row.after)):
            shares = (found.line_length, found.line_count, found.reading_speed, found.all_three)
            figures = "".join(f"{found.share(count):>8.1f}%" for count in shares)
            print(f"{row.market:<12}{row.engine:<8}{when:<8}{found.cues:>6}{figures}")
        print(f"{'':<12}outside their lines after: {row.outside}, too long for any: {row.hopeless}")


if __name__ == "__main__":
    main()
