"""What a market is: plain data, read from its pack."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from dramaloc.glossary.term import Glossary, Term
from dramaloc.subtitles.lines import Breaks
from dramaloc.subtitles.width import Counting

System = Literal["metric", "imperial", "keep"]
Names = Literal["as-written", "surname-first", "surname-last"]
Address = Literal["translate", "transliterate", "keep"]
SourceLine = Literal["above", "below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a cue may measure. Widths count as `Conventions.counting` says."""

    max_line_columns: float = 42.0
    max_lines: int = 2
    max_cps: float = 20.0
    max_cps_children: float = 17.0
    min_duration_ms: int = 833
    max_duration_ms: int = 7000
    min_gap_frames: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How a market writes its subtitles; `units` is what old Chinese measures become.

    `names` is the order of people's names in pinyin, `address` what becomes of honorifics and
    words of kinship: the tables' renderings, pinyin, or the Chinese characters. `source_line` is
    where the source stands in bilingual subtitles.
    """

    counting: Counting = "characters"
    dual_speaker_dash: str = "-"
    ellipsis: str = "…"
    italics: bool = True
    comma_as_space: bool = False
    units: System = "metric"
    names: Names = "as-written"
    source_line: SourceLine = "above"
    address: Address = "translate"
    full_width_punctuation: bool = False
    caption_brackets: str = "[]"
    spell_number_at_start: bool = False
    space_before_marks: bool = False
    inverted_marks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from, when it was read, and whether the source itself was seen."""

    title: str
    reference: str = ""
    retrieved: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market: `code` is its BCP 47 tag, `inherits` its ancestors' tags, nearest first.

    `register` says how people speak to one another in its subtitles, `cast` are a show's rows
    that tell of a person, whatever market they are for. `sources` gives for each figure of
    `limits` and `conventions` where it comes from;
    `fingerprint` is the SHA-256 of all that its pack and its ancestors' say.
    """

    code: str
    name: str
    limits: Limits = Limits()
    conventions: Conventions = Conventions()
    breaks: Breaks = field(default_factory=Breaks)
    glossary: Glossary = field(default_factory=Glossary)
    inherits: tuple[str, ...] = ()
    register: str = ""
    cast: tuple[Term, ...] = ()
    sources: tuple[tuple[str, Source], ...] = ()
    fingerprint: str = ""

    @property
    def whole_fingerprint(self) -> str:
        """The fingerprint of the pack, of all terms, and of what is known of the people."""
        people = Glossary(self.cast).fingerprint if self.cast else ""
        parts = (self.fingerprint, self.glossary.fingerprint, people)
        return "+".join(filter(None, parts))

    @property
    def language(self) -> str:
        """The tag without a territory: `en-US` → `en`, `zh-Hant-TW` → `zh-Hant-TW`.

        Chinese and Portuguese keep theirs: engines have models of their own for them.
        """
        primary, *rest = self.code.split("-")
        return (
            self.code if primary in ("zh", "pt") else "-".join([primary, *_without_territory(rest)])
        )


def _without_territory(subtags: list[str]) -> list[str]:
    return [subtag for subtag in subtags if not (len(subtag) == 2 or subtag.isdigit())]  # noqa: PLR2004  # ISO 3166 alpha-2 or UN M.49


def for_reading(market: Market) -> Market:
    """Return a market's rules for what is read, not watched: no lines, no time, prose commas."""
    return replace(
        market,
        limits=replace(market.limits, max_line_columns=math.inf, max_lines=1, max_cps=math.inf),
        conventions=replace(market.conventions, comma_as_space=False),
    )


LIMIT_NAMES = tuple(each.name for each in fields(Limits))
CONVENTION_NAMES = tuple(each.name for each in fields(Conventions))
