"""Rules of the market's hand: spaces, dashes, ellipses, widths, italics, captions, capitals.

What a market asks for stands in its pack; a rule here only says how to see and mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dramaloc.letters import HAN
from dramaloc.markets.market import Market
from dramaloc.quality.sentences import sentence_starts
from dramaloc.quality.subject import Check, Fault, Subject
from dramaloc.subtitles.inline import TAG, Utterance, put_together, take_apart

_GENERAL = "Netflix Timed Text Style Guide: General Requirements"
_PACK = "the market's pack, which names its source"
_UNSPACED = ("zh", "ja")  # a space is a comma there, or a full-width one

_SPACING = re.compile(r" {2,}|^ | $| [,.;!?](?![.\d])|\( | \)")
_SPACING_FRENCH = re.compile(r" {2,}|^ | $| [,.](?![.\d])|\( | \)")  # Quoi ? is right there
_LINE = re.compile(rf"((?:{TAG})*)(.*?)((?:{TAG})*)", re.IGNORECASE)
_DOTS = re.compile(r"(?<![?!.])\.{2,}|(?<!\.)\.(?: \.){2}(?!\.)|。{2,}|…+|⋯+")
_ITALIC = re.compile(r"</?i\b[^>]*>|\{\\i[01]\}", re.IGNORECASE)
_PAUSE = re.compile(r"[，。]")
_PAUSE_AND_SPACE = re.compile(r"[，。](?=[」』”’）\]\n]|\Z)|[，。][ \u3000]*")


def _of_language(market: Market, languages: tuple[str, ...]) -> bool:
    return market.code.split("-", maxsplit=1)[0] in languages


def spacing(subject: Subject) -> Iterator[Fault]:
    """Double spaces, spaces at a line's ends, before punctuation, inside brackets."""
    if _of_language(subject.market, _UNSPACED):
        return
    odd = _SPACING_FRENCH if subject.language == "fr" else _SPACING
    for line in subject.text.split("\n"):
        if odd.search(line):
            yield Fault(message=f"odd space at {line[:40]!r}")
            return


def mend_spacing(text: str, market: Market) -> str:
    """Take the odd spaces out, line by line; what stands between tags is left."""
    if _of_language(market, _UNSPACED):
        return text
    marks = ",." if _of_language(market, ("fr",)) else ",.;!?"
    lines = []
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        before, words, after = found.groups() if found else ("", line, "")
        words = re.sub(r" {2,}", " ", words).strip(" ")
        words = re.sub(rf" +([{re.escape(marks)}])(?![.\d])", r"\1", words)
        lines.append(before + re.sub(r" +\)", ")", re.sub(r"\( +", "(", words)) + after)
    return "\n".join(lines)


def ellipsis(subject: Subject) -> Iterator[Fault]:
    """One character, the market's own: … in most, ⋯ in Chinese."""
    wanted = subject.market.conventions.ellipsis
    wrong = [found for found in _DOTS.findall(subject.text) if found != wanted]
    if wrong:
        yield Fault(message=f"{wrong[0]} where the market writes {wanted}")


def mend_ellipsis(text: str, market: Market) -> str:
    """Write every run of dots as the market does."""
    return _DOTS.sub(market.conventions.ellipsis, text)


def dash_style(subject: Subject) -> Iterator[Fault]:
    """Two speakers in one cue, each with the market's dash: `-x` or `- x`."""
    wanted = subject.market.conventions.dual_speaker_dash
    dashes = [utterance.dash for utterance in subject.utterances if utterance.dash]
    wrong = [dash for dash in dashes if dash != wanted]
    if len(dashes) > 1 and wrong:
        yield Fault(message=f"a speaker's dash is {wrong[0]!r} where {wanted!r} is written")


def mend_dashes(text: str, market: Market) -> str:
    """Write the dashes of a dialogue as the market does."""
    utterances = take_apart(text)
    if sum(bool(utterance.dash) for utterance in utterances) < 2:  # noqa: PLR2004  # two speakers
        return text
    wanted = market.conventions.dual_speaker_dash
    return put_together(replace(u, dash=wanted) if u.dash else u for u in utterances)


# Full-width ASCII, the ideographic space and stops, CJK brackets.
_WIDE = re.compile(r"[\uff01-\uff5e\u3000-\u3002\u300a-\u3011\u3014\u3015]")
_WIDE_LETTERS = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict(zip(map(ord, "　、。《》「」『』【】〔〕〈〉"), " ,.“”“”‘’[][]“”", strict=True))
)  # fmt: skip
_GLUED = re.compile(r"([，、；：！？。])(?=[^\W\d_])")


def full_width(subject: Subject) -> Iterator[Fault]:
    """Full-width forms where half-width ones are written.

    In Chinese that is digits and Latin letters, in half-width markets everything; Japanese
    writes a single digit full-width.
    """
    wide = _wide(subject.market)
    if found := wide.findall(subject.text) if wide else []:
        yield Fault(message=f"full-width {' '.join(dict.fromkeys(found))[:20]}")


def mend_full_width(text: str, market: Market) -> str:
    """Write half-width forms, with a space behind a stop that words followed at once."""
    wide = _wide(market)
    if wide is None:
        return text
    spaced = _GLUED.sub(r"\1 ", text) if wide is _WIDE else text
    return wide.sub(lambda found: found.group().translate(_NARROW), spaced)


def _wide(market: Market) -> re.Pattern[str] | None:
    if not market.conventions.full_width_punctuation:
        return _WIDE if not _of_language(market, ("zh", "ja")) else None
    return _WIDE_LETTERS if _of_language(market, ("zh",)) else None


_HALF = re.compile(rf"(?<={HAN.pattern})([!?:;,]|\.(?!\.))")
_FULL = dict(zip("!?:;,.", "！？：；，。", strict=True))


def half_width(subject: Subject) -> Iterator[Fault]:
    """Half-width punctuation behind Chinese characters, where the market's is full-width."""
    if not subject.market.conventions.full_width_punctuation:
        return
    if found := _HALF.findall(subject.text):
        yield Fault(message=f"half-width {' '.join(dict.fromkeys(found))}")


def mend_half_width(text: str, market: Market) -> str:
    """Write the full-width mark; runs such as ?! one by one."""
    if not market.conventions.full_width_punctuation:
        return text
    wide = re.compile(rf"(?<={HAN.pattern})[!?:;,]+|(?<={HAN.pattern})\.(?!\.)")
    return wide.sub(lambda found: "".join(_FULL[char] for char in found.group()), text)


def comma_as_space(subject: Subject) -> Iterator[Fault]:
    """Commas and full stops that the market writes as a space."""
    if subject.market.conventions.comma_as_space and (found := _PAUSE.findall(subject.text)):
        yield Fault(message=f"{' '.join(dict.fromkeys(found))} where the market leaves a space")


def mend_commas(text: str, market: Market) -> str:
    """Write a space for commas and stops; nothing at a line's end or before a bracket closes."""
    if not market.conventions.comma_as_space:
        return text
    spaced = _PAUSE_AND_SPACE.sub(lambda found: "" if _closes(text, found.end()) else " ", text)
    return "\n".join(line.rstrip(" ") for line in spaced.split("\n"))


def _closes(text: str, at: int) -> bool:
    return text[at : at + 1] in ("", "\n", *"」』”’）]")


def italics(subject: Subject) -> Iterator[Fault]:
    """Italics in a market that has none: slanted Chinese, Arabic or Korean is hard to read."""
    if not subject.market.conventions.italics and _ITALIC.search(subject.cue.text):
        yield Fault(message="italics where the market has none")


def mend_italics(text: str, market: Market) -> str:
    """Take italics out where the market has none."""
    return text if market.conventions.italics else _ITALIC.sub("", text)


def caption_brackets(subject: Subject) -> Iterator[Fault]:
    """Signs and sounds in the market's brackets."""
    wanted = subject.market.conventions.caption_brackets
    for utterance in subject.utterances:
        if utterance.caption and _brackets(utterance) != wanted:
            yield Fault(message=f"a caption in {_brackets(utterance)} where {wanted} are written")
            return


def mend_captions(text: str, market: Market) -> str:
    """Put captions into the market's brackets."""
    opening, closing = (
        market.conventions.caption_brackets[0],
        market.conventions.caption_brackets[1],
    )
    return put_together(
        replace(u, opening=u.opening[:-1] + opening, after=closing + u.after[1:])
        if u.caption
        else u
        for u in take_apart(text)
    )


def _brackets(utterance: Utterance) -> str:
    return utterance.opening[-1:] + utterance.after[:1]


def sentence_capital(subject: Subject) -> Iterator[Fault]:
    """A sentence begins with a capital, in scripts that have them; songs may not."""
    for start in sentence_starts(subject):
        found = re.match(r"[\"“‘'¿¡(«„]*([^\W\d_][\w'’]*)", start)
        word = found[1] if found else ""
        if word[:1].islower() and word[:1].upper() != word[:1] and not re.search("[A-Z]", word):
            yield Fault(message=f"a sentence begins with {word!r}")
            return


def number_at_start(subject: Subject) -> Iterator[Fault]:
    """A number that begins a sentence is spelled out; years and times of day are not."""
    if not subject.market.conventions.spell_number_at_start:
        return
    for start in sentence_starts(subject):
        found = re.match(r"[\"“‘'(]*(\d[\d,.]*)(?![\d:])", start)
        if found and not re.fullmatch(r"(?:1\d|20)\d\d[,.]?", found[1]):
            yield Fault(message=f"a sentence begins with {found[1].rstrip('.,')}")
            return


CHECKS = (
    Check(
        code="italics",
        severity="warning",
        what="italics where the market has none",
        source=_PACK,
        hint="Write it upright",
        run=italics,
        fix=mend_italics,
    ),
    Check(
        code="full-width",
        severity="warning",
        what="full-width forms where half-width ones are written",
        source="Netflix Timed Text Style Guide: Chinese (half-width digits); ours elsewhere",
        hint="Write the half-width form",
        run=full_width,
        fix=mend_full_width,
    ),
    Check(
        code="ellipsis",
        severity="info",
        what="an ellipsis other than the market's",
        source=_GENERAL,
        hint="Write the market's",
        run=ellipsis,
        fix=mend_ellipsis,
    ),
    Check(
        code="half-width",
        severity="info",
        what="half-width punctuation in full-width text",
        source=_PACK,
        hint="Write the full-width form",
        run=half_width,
        fix=mend_half_width,
    ),
    Check(
        code="comma-as-space",
        severity="info",
        what="a comma or full stop where the market leaves a space",
        source=_PACK,
        hint="Leave a space",
        run=comma_as_space,
        fix=mend_commas,
    ),
    Check(
        code="dash-style",
        severity="info",
        what="two speakers without the market's dash",
        source=_PACK,
        hint="Write the market's",
        run=dash_style,
        fix=mend_dashes,
    ),
    Check(
        code="caption-brackets",
        severity="info",
        what="a caption in other brackets than the market's",
        source="ours: one way of marking signs and sounds in every file of a market",
        hint="Use the market's brackets",
        run=caption_brackets,
        fix=mend_captions,
    ),
    Check(
        code="spacing",
        severity="info",
        what="double spaces, or spaces where none belong",
        source="ours",
        hint="Remove it",
        run=spacing,
        fix=mend_spacing,
    ),
    Check(
        code="sentence-capital",
        severity="info",
        what="a sentence begins in lower case",
        source="ours: the spelling of every language that has capitals",
        hint="Write a capital, if a sentence does begin here",
        run=sentence_capital,
    ),
    Check(
        code="number-at-start",
        severity="info",
        what="a number that begins a sentence is not spelled out",
        source=_PACK,
        hint="Spell it out, or begin otherwise",
        run=number_at_start,
    ),
)
