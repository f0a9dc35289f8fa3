"""What a localization is delivered as: one file in one language, or more of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dramaloc.batch.names import output_name
from dramaloc.batch.plan import Job
from dramaloc.markets.market import Market
from dramaloc.quality.finding import Finding
from dramaloc.stages.bilingual import bilingual
from dramaloc.stages.localization import Localization
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.kinds import Part, heard, kinds_of, only, positions_of, without_sdh


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How outputs are delivered.

    `bilingual` is `off`, `above` or `below` (where the source stands), `on` (as the market has
    it) or `tracks` (the source as a file of its own). `split` names parts that are also written
    as files of their own. Without `sdh`, what only those need who do not hear is left out.
    """

    bilingual: str = "off"
    split: tuple[Part, ...] = ()
    sdh: bool = True

    @property
    def recorded(self) -> dict[str, str]:
        """What of it changes an output's bytes, for the manifest."""
        said = {"bilingual": self.bilingual, "split": ",".join(self.split),
                "sdh": "" if self.sdh else "off"}  # fmt: skip
        usual = {"bilingual": "off", "split": "", "sdh": ""}
        return {key: value for key, value in said.items() if value != usual[key]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The document for the output itself, and those beside it by their kind of file."""

    document: Document
    beside: Mapping[str, Document] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


SOURCE_TRACK = "source"


def deliver(result: Localization, market: Market, delivery: Delivery) -> Delivered:
    """Make of a localization what is asked for. The parts are told by the source, which knows."""
    source, target = result.source, result.target
    if not target.timed:
        return Delivered(document=target)
    beside: dict[str, Document] = {
        part: only(target, found, songs=part == "songs")
        for part in delivery.split
        if (found := positions_of(part, source))
    }
    kept = tuple(range(len(target.cues)))
    if not delivery.sdh:
        target, kept = without_sdh(target, source)
        texts = map(heard, source.cues, kinds_of(source))
        cues = (replace(cue, text=text) for cue, text in zip(source.cues, texts, strict=True))
        source = only(replace(source, cues=tuple(cues)), kept, songs=True)
    if delivery.bilingual == "tracks":
        return Delivered(document=target, beside={**beside, SOURCE_TRACK: source})
    if delivery.bilingual == "off":
        return Delivered(document=target, beside=beside)
    place = market.conventions.source_line if delivery.bilingual == "on" else delivery.bilingual
    both, faults = bilingual(source, target, market, above=place == "above")
    findings = tuple(_as_localized(each, kept, result.target) for each in faults)
    return Delivered(document=both, beside=beside, findings=findings)


def _as_localized(found: Finding, kept: Sequence[int], target: Document) -> Finding:
    """Name the cue of a finding as the report does, which knows all cues."""
    if found.position is None:
        return found
    at = kept[found.position]
    return replace(found, position=at, cue=target.cues[at].number_at(at))


def path_beside(job: Job, kind: str, naming: str = "") -> Path:
    """Name a file beside an output: a part of it, or its source as a track of its own."""
    ending = job.output.suffix
    if kind == SOURCE_TRACK:
        return job.output.with_name(output_name(job.source, job.language, ending, naming=naming))
    return job.output.with_name(
        output_name(job.source, job.market, ending, kind=kind, naming=naming)
    )
