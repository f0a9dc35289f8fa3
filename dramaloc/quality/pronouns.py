"""He or she: pronouns held against what the show's table says of its people.

Chinese leaves subjects out and says 他 and 她 alike, so engines guess. A cue often speaks of
somebody who is not named in it, therefore only what can hardly mean anybody else is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.glossary.forms import located
from dramaloc.glossary.matcher import Match
from dramaloc.letters import LETTER
from dramaloc.quality.subject import Check, Fault, Subject, words_of_cue

_HIS = {"male": ("he", "him", "his", "himself"), "female": ("she", "her", "hers", "herself")}
_OTHER = {"male": "female", "female": "male"}
_WRITTEN = {"male": re.compile("(?<![其吉])他(?!们)"), "female": re.compile("她(?!们)")}
_PEOPLE = frozenset({"name", "kinship", "honorific"})
# Who else a sentence may speak of, without a name.
_SOMEBODY = re.compile(
    "[爸妈爹娘爷奶公婆哥姐弟妹叔伯婶姨舅姑嫂儿孙侄媳妻夫]|老公|老婆|男人|女人|人家|孩子|丫头|小子|师傅|师父"
    "|先生|小姐|太太|女士|姑娘|老板|[谁人您你]"
)
# Behind the name, so that the pronoun can stand for it; `saw him` is always somebody else.
_SUBJECTS = {"male": ("he", "himself"), "female": ("she", "herself")}
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’']*\s")


def pronoun_mismatch(subject: Subject) -> Iterator[Fault]:
    """A pronoun that contradicts the one person a cue speaks of."""
    if subject.source is None or subject.language != "en" or not subject.market.cast:
        return
    source = words_of_cue(subject.source)
    found = _only_person(source, subject)
    gender = _gender(found, subject) if found else ""
    if found is None or gender not in _OTHER:
        return
    text = " ".join(subject.text.split())
    wrong = _OTHER[gender]
    if _pronouns(text, _HIS[gender]) or _WRITTEN[wrong].search(source):
        return
    (span,) = located([found.term], text, subject.market.language)
    said = bool(_WRITTEN[gender].search(source))
    forms = _HIS[wrong] if said else _SUBJECTS[wrong]
    after = span[1] if span else 0
    for pronoun in _pronouns(text, forms):
        if said or (span and _goes_on(text[after : pronoun.start()])):
            yield Fault(
                message=f"{pronoun.group()!r} stands where {found.term.required} is meant,"
                f" who is {gender}",
                hint=f"Use {' or '.join(_HIS[gender][:3])}, unless somebody else is meant",
            )
            return


def _only_person(source: str, subject: Subject) -> Match | None:
    """Return the one person named, if there is nobody else the sentence may speak of."""
    found = subject.whole.matcher.find(source)
    people = [match for match in found if match.term.kind in _PEOPLE]
    if len({match.term.source for match in people}) != 1:
        return None
    rest = source
    for match in reversed(found):
        if match.term.action in ("translate", "keep"):
            rest = f"{rest[: match.start]}　{rest[match.end :]}"
    return None if _SOMEBODY.search(rest) else people[0]


def _gender(match: Match, subject: Subject) -> str:
    told = {term.gender for term in subject.market.cast if term.source == match.term.source}
    return told.pop() if len(told) == 1 else ""


def _pronouns(text: str, forms: tuple[str, ...]) -> list[re.Match[str]]:
    words = "|".join(forms)
    return list(re.finditer(rf"(?<!{LETTER})(?:{words})(?!{LETTER})", text, re.IGNORECASE))


def _goes_on(between: str) -> bool:
    """Whether a sentence goes on from the name: `Old Duan, she's here` calls him instead."""
    return bool(between) and between[0] not in ",!?." and not _SENTENCE_END.search(between)


CHECKS = (
    Check(
        code="pronoun-mismatch",
        severity="warning",
        what="he or she contradicts the show's table of names",
        source="the show's term table, its column gender",
        hint="Check who is meant",
        run=pronoun_mismatch,
    ),
)
