"""How near a translation comes to a reference: chrF, BLEU and SubER, by their own packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare

# sacreBLEU's own choice for Chinese; letters where it would need a morphological analyser,
# and where nothing parts the words.
_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char", "th": "char", "lo": "char", "my": "char"}
_NO_SUBER = ("ja", "ko", "th", "lo", "my")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure, whether more is better, and the signature that makes it comparable.

    `value` is None where the metric cannot be had; `note` then says why.
    """

    name: str
    value: float | None
    higher_is_better: bool = True
    signature: str = ""
    note: str = ""


def scores(target: Document, reference: Document, language: str) -> tuple[Score, ...]:
    """Score a translation against a reference in the same language, tags left out.

    chrF and BLEU compare cue by cue, the target's cues laid to the reference's by time; SubER
    compares words, line breaks, cue breaks and times, and needs no such laying.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    primary = language.split("-", maxsplit=1)[0]
    said, wanted = laid_to(target.cues, reference.cues), [_flat(cue) for cue in reference.cues]
    chrf, bleu = CHRF(), BLEU(tokenize=_TOKENIZERS.get(primary, "13a"))
    return (
        Score(
            name="chrF",
            value=float(chrf.corpus_score(said, [wanted]).score),
            signature=str(chrf.get_signature()),
        ),
        Score(
            name="BLEU",
            value=float(bleu.corpus_score(said, [wanted]).score),
            signature=str(bleu.get_signature()),
        ),
        _suber(target.cues, reference.cues, primary),
    )


def laid_to(cues: Sequence[Cue], references: Sequence[Cue]) -> list[str]:
    """Join the texts of the cues that share most time with each reference, or begin nearest."""
    joined: list[list[str]] = [[] for _ in references]
    for at, cue in enumerate(cues):
        if not references:
            break
        same = at < len(references) and _times(references[at]) == _times(cue)
        best = at if same else _nearest(cue, references)
        joined[best].append(_flat(cue))
    return [" ".join(texts) for texts in joined]


def _times(cue: Cue) -> tuple[int, int]:
    return cue.start_ms, cue.end_ms


def _nearest(cue: Cue, references: Sequence[Cue]) -> int:
    def nearness(place: int) -> tuple[int, int]:
        other = references[place]
        shared = min(cue.end_ms, other.end_ms) - max(cue.start_ms, other.start_ms)
        return max(0, shared), -abs(cue.start_ms - other.start_ms)

    return max(range(len(references)), key=nearness)


def _flat(cue: Cue) -> str:
    return " ".join(bare(cue.text).split())


def _suber(target: Sequence[Cue], reference: Sequence[Cue], language: str) -> Score:
    if language in _NO_SUBER:
        note = f"needs words parted by spaces, or a morphological analyser for {language}"
        return Score(name="SubER", value=None, higher_is_better=False, note=note)
    from importlib.metadata import version

    from suber.metrics.suber import calculate_SubER

    tokens = "zh" if language == "zh" else None
    value = calculate_SubER(_subtitles(target), _subtitles(reference), language=tokens)
    return Score(
        name="SubER",
        value=float(value),
        higher_is_better=False,
        signature=f"lang:{tokens or 'any'}|case:lc|punct:no"
        f"|version:{version('subtitle-edit-rate')}",
    )


def _subtitles(cues: Sequence[Cue]) -> list[object]:
    """Turn cues into what SubER's own reader makes of a file, in order of time."""
    from suber.data_types import LineBreak, Subtitle, TimedWord
    from suber.utilities import set_approximate_word_times

    found: list[object] = []
    for number, cue in enumerate(sorted(cues, key=_times), start=1):
        start, end = cue.start_ms / 1000, max(cue.start_ms + 1, cue.end_ms) / 1000
        words = []
        for line in bare(cue.text).split("\n"):
            words += [
                TimedWord(string=word, subtitle_start_time=start, subtitle_end_time=end)
                for word in line.split()
            ]
            if words:
                words[-1].line_break = LineBreak.END_OF_LINE
        if words:
            words[-1].line_break = LineBreak.END_OF_BLOCK
            set_approximate_word_times(words, start, end)
        found.append(Subtitle(word_list=words, index=number, start_time=start, end_time=end))
    return found
