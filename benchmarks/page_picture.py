"""Make the README's picture of the review page, in a real browser.

    uv run python -m benchmarks.page_picture

Localizes the sample episode with the bundled model, hands it out for review, opens the page in
headless Chromium, approves and edits some cues as a reviewer would, and writes what is seen as
`samples/review.webp`. The picture in the player is made by ffmpeg; it stands for the episode.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import dramaloc
from dramaloc.review.comments import Comment
from dramaloc.review.handout import Beside, hand_out
from dramaloc.review.page import compose_page
from dramaloc.stages.pipeline import with_series
from dramaloc.subtitles import formats

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "review"))
from chromium import Browser, Page  # noqa: E402  # the tests' own driver

PICTURE = ROOT / "samples" / "review.webp"
SIZE = (1440, 860)

# A hillside by a lake at dusk, drawn with sums: no picture of anybody's.
_SCENE = (
    "color=c=#16324f:s=1280x720:r=5:d=130,format=rgb24,geq="
    "r='if(gt(Y,430+60*sin(X/190)+25*sin(X/61)),18+X/90,if(gt(Y,330+70*sin(X/260+1)),34,60+Y/4))':"
    "g='if(gt(Y,430+60*sin(X/190)+25*sin(X/61)),30+X/80,if(gt(Y,330+70*sin(X/260+1)),58,92+Y/5))':"
    "b='if(gt(Y,430+60*sin(X/190)+25*sin(X/61)),44+X/60,if(gt(Y,330+70*sin(X/260+1)),92,150-Y/8))'"
)

# Where only a programmer's letters are installed, the CJK fonts hold better Latin ones.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match><edit name="family" mode="prepend" binding="strong"><string>Noto Sans CJK SC</string></edit>
</match></fontconfig>"""

_REVIEW = """
for (let at = 0; at < 34; at += 1) put(at, {text: cues[at].reference, approved: at !== 27});
for (const at of [30, 31, 32, 33]) delete work[cues[at].id];
cues.forEach((_, at) => { refresh(at); tally(at); });
count();
document.getElementById('who').value = 'Lin Mei';
select(24);
select(30);
scrollTo(0, scrollY + views[26].row.getBoundingClientRect().top - 118);
views[30].text.focus();
views[30].text.value = 'That froth is what we call the indigo bloom.';
views[30].text.dispatchEvent(new Event('input', {bubbles: true}));
"""


def page() -> str:
    show = ROOT / "samples" / "indigo-house"
    market = with_series(dramaloc.load_market("en-US"), dramaloc.read_table(show / "names.csv"))
    source = dramaloc.read((show / "E01.zh-Hans.srt").read_bytes())
    engine = dramaloc.create_engine("argos")
    result = dramaloc.localize(source, market, engine=engine)
    reference = formats.read((show / "E01.reference.en.srt").read_bytes(), language="en-US")
    reasons: dict[int, tuple[str, ...]] = {}
    for each in result.translations:
        at = each.segment.cue_positions[0]
        reasons[at] = (*reasons.get(at, ()), *each.reasons)
    comment = Comment(time_ms=90_200, text="What blooms? Say it once.", by="viewer 42")
    handout = hand_out(
        result.target,
        market,
        source,
        name="E01.en-US.srt",
        source_name="E01.zh-Hans.srt",
        beside=Beside(reference=reference, reasons=reasons, comments=(comment,)),
    )
    return compose_page(handout)


def scene(folder: Path) -> Path | None:
    """Make a video to play, if ffmpeg is there."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return None
    still, clip = folder / "scene.png", folder / "E01.webm"
    for words in (
        ["-f", "lavfi", "-i", _SCENE, "-frames:v", "1", still],
        ["-loop", "1", "-t", "110", "-r", "2", "-i", still, "-c:v", "libvpx", "-g", "10", clip],
    ):
        subprocess.run([ffmpeg, "-v", "error", "-y", *words], check=True)  # noqa: S603
    return clip


def reviewed(shown: Page, clip: Path | None) -> None:
    """Do some work on the page."""
    if clip:
        shown.choose("#media", clip)
        shown.until("playable() && !$('video').seeking")
    shown.run("$('video').controls = false;" + _REVIEW)
    shown.until("!$('video').seeking")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PICTURE, help="where the picture goes")
    parser.add_argument("--dark", action="store_true", help="as browsers in the dark show it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fonts = folder / "fonts.conf"
        fonts.write_text(_FONTS, encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(fonts)
        path = folder / "page.html"
        path.write_text(page(), encoding="utf-8")
        clip = scene(folder)
        with Browser() as browser:
            shown = browser.page(path, size=SIZE, dark=options.dark)
            reviewed(shown, clip)
            shown.picture(options.output, form=options.output.suffix[1:], quality=82)
    print(f"{options.output}: {options.output.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
