"""A handout to review, and one browser for all tests that need one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import chromium
import pytest

from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.review.comments import Comment
from dramaloc.review.handout import Beside, Handout, hand_out
from dramaloc.review.record import Reviewed
from dramaloc.subtitles.document import Document

HOSTILE = (
    "<script>window.pwned = 1</script>",
    '</script><script>window.pwned = 2</script>"><img src=x onerror="window.pwned=3">',
    "<!-- <script> \u2028 ${7*7} {{ 7*7 }} {% raw %} \\u003c &lt;b&gt;",
    "\u202eright to left\u202c \u200f\u2067mixed\u2069",
    '=HYPERLINK("http://example.invalid")',
    "@SUM(1)", "+1", "-1+1", "\tx", "'=1", "''+", "＝1",
)  # fmt: skip


@pytest.fixture(scope="session")
def hostile(document: Callable[..., Document], en_us: Market) -> Handout:
    """A handout in which everything a stranger can write is written by a bad one."""
    source, target = document(*HOSTILE), document(*HOSTILE)
    term = Term(source="script", target=HOSTILE[1], note=HOSTILE[0], forbid=(HOSTILE[1],))
    market = replace(en_us, glossary=Glossary((term,)), name=HOSTILE[0])
    previous = document(*reversed(HOSTILE))
    return hand_out(
        target,
        market,
        source,
        name=f"E01 {HOSTILE[1]}.srt",
        source_name=HOSTILE[0],
        beside=Beside(
            reference=source,
            previous=previous,
            reasons=dict.fromkeys(range(len(HOSTILE)), HOSTILE),
            comments=tuple(Comment(time_ms=1, text=text, by=text) for text in HOSTILE),
            record={
                "0-x": Reviewed(source="", text="", by=HOSTILE),
            },
        ),
    )


@pytest.fixture(scope="session")
def handout(document: Callable[..., Document]) -> Handout:
    """Five cues: a term kept, one lost, a forbidden word, a line too long, and italics."""
    glossary = Glossary(
        (
            Term(source="扎染", target="tie-dye", accept=("tied-dye",), note="Bai craft"),
            Term(source="木雕", target="wood carving", forbid=("woodcut",)),
        )
    )
    source = document("这是扎染", "木雕", "木雕和扎染", "<i>奶奶来了</i>", "走吧")
    target = document(
        "This is tie-dye (Bai craft).", "A woodcut.", "Tie-dye!", "<i>Grandma is here.</i>",
        "Let us go, and let us go at once, before the rain begins.",
    )  # fmt: skip
    return hand_out(
        target,
        replace(load_market("en-US"), glossary=glossary),
        source,
        name="E01.en-US.srt",
        source_name="E01.zh-Hans.srt",
        beside=Beside(
            comments=(Comment(time_ms=8000, text="Lovely", by="Chen"),),
            reasons={0: ("term: 扎染 → tie-dye",)},
        ),
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    if chromium.found() is None:
        pytest.skip("Chromium is not installed")
    with chromium.Browser() as running:
        yield running


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    path = shutil.which("ffmpeg")
    if path is None:
        pytest.skip("ffmpeg is not installed")
    return path
