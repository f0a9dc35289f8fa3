"""What a platform asks of a file beside its text: format, encoding, name, times on frames."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.errors import OutputError
from dramaloc.markets.profiles import Profile
from dramaloc.quality.finding import Finding
from dramaloc.quality.subject import Fault, Rule, finding
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.timecode import FrameRate, frame_at, frame_rate, time_of

_PROFILE = "the profile, which names its source"
_ROUNDING_MS = {"ass": 10, "ssa": 10}

FORMAT = Rule(
    code="delivery-format",
    severity="error",
    what="a file is not in a format the platform takes",
    source=_PROFILE,
    hint="Convert it with dramaloc convert",
)
ENCODING = Rule(
    code="delivery-encoding",
    severity="error",
    what="a file is not in an encoding the platform takes",
    source=_PROFILE,
    hint="Convert it with --output-encoding",
)
NAME = Rule(
    code="delivery-name",
    severity="warning",
    what="a file is not called as the platform wants it",
    source=_PROFILE,
    hint="Rename it",
)
OFF_FRAME = Rule(
    code="off-frame",
    severity="warning",
    what="times do not lie on frames of the video",
    source=_PROFILE,
    hint="Put them there with dramaloc convert --snap",
)
RULES = (FORMAT, ENCODING, NAME, OFF_FRAME)


def deliverable(
    document: Document, profile: Profile | None, fps: float, name: str = ""
) -> tuple[Finding, ...]:
    """Hold a file against what a platform asks for; `name` is the file's, if it has one."""
    if profile is None or not document.timed:
        return ()
    return tuple(
        finding(rule, fault, document.cues) for rule, fault in _faults(document, profile, fps, name)
    )


def accepts(profile: Profile, kind: str) -> bool:
    """Say whether a platform takes a format, by the format's own name."""
    return not profile.formats or kind in _kinds(profile)


def _kinds(profile: Profile) -> Iterator[str]:
    for ending in profile.formats:
        try:
            yield formats.named(ending).name
        except OutputError:  # a format that others write
            continue


def _faults(
    document: Document, profile: Profile, fps: float, name: str
) -> Iterator[tuple[Rule, Fault]]:
    taken = ", ".join(profile.formats)
    if not accepts(profile, document.format):
        title = formats.BY_NAME[document.format].title
        yield FORMAT, Fault(message=f"{title} where {profile.title} takes {taken}")
    encodings = [encoding.lower() for encoding in profile.encodings]
    if encodings and document.encoding.lower() not in (*encodings, "ascii"):
        listed = ", ".join(profile.encodings)
        yield (
            ENCODING,
            Fault(message=f"{document.encoding} where {profile.title} takes {listed}"),
        )
    if name and profile.naming and not _pattern(profile.naming).fullmatch(name):
        yield NAME, Fault(message=f"not called like {profile.naming}")
    if profile.on_frames:
        yield from _off_frames(document, frame_rate(f"{fps:.6g}"))


def _pattern(naming: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", naming)
    written = (".*" if part == "{kind}" else ".+" if part[:1] == "{" else re.escape(part)
               for part in parts)  # fmt: skip
    return re.compile("".join(written))


def _off_frames(document: Document, rate: FrameRate) -> Iterator[tuple[Rule, Fault]]:
    slack = _ROUNDING_MS.get(document.format, 1)
    off = [cue for cue in document.cues if not _on_frames(cue, rate, slack)]
    if off:
        count = f"{len(off)} of {len(document.cues)} cues"
        yield (
            OFF_FRAME,
            Fault(
                message=f"{count} do not begin and end on frames at {rate} a second",
                hint=f"Say --fps if the video runs otherwise, or convert --snap --fps {rate}",
                line=off[0].line,
            ),
        )


def _on_frames(cue: Cue, rate: FrameRate, slack_ms: int) -> bool:
    return all(
        abs(time_of(frame_at(ms, rate), rate) - ms) <= slack_ms for ms in (cue.start_ms, cue.end_ms)
    )
