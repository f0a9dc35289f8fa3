"""What a file format could not say: found while converting, reported like any other finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import Fault, Rule, finding
from dramaloc.subtitles.convert import Loss
from dramaloc.subtitles.document import Cue

FORMAT_LOSS = Rule(
    code="format-loss",
    severity="warning",
    what="the new file format has no place for something the old one says",
    source="ours: nothing is silently lost",
    hint="Look whether it is missed, or choose another format",
)
# Nobody misses these while reading along.
_SLIGHT = {
    *("speaker", "comment", "note", "remark", "metadata", "section Fonts", "metadata of the head"),
    *("fonts, sizes and outlines of the styles", "thousandths of a second, which are rounded"),
}


def lost(losses: Iterable[Loss], cues: Sequence[Cue], title: str) -> tuple[Finding, ...]:
    """Put losses on record; `title` is the name of the format, `cues` are those it has now."""
    return tuple(
        finding(
            FORMAT_LOSS,
            Fault(
                message=f"{title} has no place for: {', '.join(loss.what)}",
                severity="info" if _SLIGHT.issuperset(loss.what) else "warning",
                position=loss.position,
                line=loss.line,
            ),
            cues,
        )
        for loss in losses
    )
