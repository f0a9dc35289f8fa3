"""Time the review page with 2,000 cues in headless Chromium.

    uv run python -m benchmarks.page_speed [CUES]

A sample episode is repeated until there are as many cues as asked for. For each step the mean
time of the page's own work (script and layout), and the time until the next frame is painted:
the median and the slowest of 60. Without a GPU, painting is most of it; the first row is what a
frame takes in which nothing happens.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import dramaloc
from dramaloc.review.handout import hand_out
from dramaloc.review.page import compose_page
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles.document import Document

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "review"))
from chromium import Browser  # noqa: E402  # the tests' own driver

_STEPS = {
    "nothing": "",
    "typing a letter": "const t = views[at].text; t.focus(); t.setRangeText('x', 0, 0);"
    " t.dispatchEvent(new Event('input', {bubbles: true}));",
    "next cue": "step(1);",
    "scrolling a screen": "scrollBy(0, 800);",
    "a filter": "filter = at % 2 ? 'all' : 'findings'; drawFilters(); show();",
    "a search": "$('search').value = at % 2 ? '' : '蓝'; show();",
}

_TIMED = """(async () => {
  const times = [];
  let own = 0;
  for (let at = 0; at < 60; at += 1) {
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    STEP
    document.body.offsetHeight;
    own += performance.now() - start;
    await new Promise((done) => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    }));
    times.push(performance.now() - start);
  }
  return [own / 60, times];
})()"""


def repeated(document: Document, count: int) -> Document:
    """Say a document again and again, each time a minute after the last."""
    length = document.cues[-1].end_ms + 60_000
    cues = [
        replace(
            cue,
            number=at + 1,
            start_ms=cue.start_ms + at // len(document.cues) * length,
            end_ms=cue.end_ms + at // len(document.cues) * length,
        )
        for at, cue in enumerate(islice(cycle(document.cues), count))
    ]
    return replace(document, cues=tuple(cues))


def page(count: int) -> str:
    show = ROOT / "samples" / "indigo-house"
    market = with_series(dramaloc.load_market("en-US"), dramaloc.read_table(show / "names.csv"))
    source, target = (
        repeated(dramaloc.read((show / name).read_bytes(), language=language), count)
        for name, language in (("E01.zh-Hans.srt", "zh-Hans"), ("E01.reference.en.srt", "en-US"))
    )
    return compose_page(hand_out(target, market, source, name="E01.srt"))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        path = Path(folder) / "page.html"
        path.write_text(page(count), encoding="utf-8")
        shown = browser.page(path)
        loaded = shown.run(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(() =>"
            " done(performance.getEntriesByType('navigation')[0].loadEventEnd))))"
        )
        nodes = shown.run("document.querySelectorAll('*').length")
        print(f"{count} cues, {path.stat().st_size / 1e6:.1f} MB, {nodes} elements")
        print(f"{'load':20}{loaded:8.1f} ms")
        for name, script in _STEPS.items():
            own, times = shown.run(_TIMED.replace("STEP", script))
            print(
                f"{name:20}{own:8.1f} ms  painted after {statistics.median(times):.0f} ms,"
                f" at most {max(times):.0f} ms"
            )


if __name__ == "__main__":
    main()
