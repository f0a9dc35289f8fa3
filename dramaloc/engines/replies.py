"""What language models answer, held against what they were asked, line by line.

A line is known by its id alone. Whatever makes a reply doubtful costs it more lines than it
would have to: to ask again is cheap, a sentence in the wrong cue is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dramaloc.engines.engine import Request
from dramaloc.letters import HAN

_MOST_CHARACTERS = 400_000
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:sorry|unable|afraid)[^.]{0,40}\b(?:can(?:no|['’])t|unable|not able)"
    r"|I (?:can(?:no|['’])t|am unable to|won['’]t) (?:assist|help with|translate|provide|comply)"
    r"|as an? (?:AI|language model)|against my (?:guidelines|policies))",
    re.IGNORECASE,
)
_REFUSAL_ZH = re.compile(
    "(?:抱歉|对不起)[,，]?.{0,8}(?:无法|不能)(?:翻译|提供|协助|回答)|作为.{0,4}语言模型"
)
_CHATTER = re.compile(
    r"\A\W*(?:sure|certainly|of course|okay)?\W*(?:here(?:['’]s| is| are) (?:the|my|your) "
    r"(?:\w+ )?translation|(?:the )?translation\s*:)|\((?:translator['’]s )?note\s*:",
    re.IGNORECASE,
)
_TOO_LONG = 14  # characters for one of the source's; the wordiest of languages need six
_ALLOWANCE = 120
_MORE_THAN_A_NAME = 4
_WITH_HAN = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The lines of a reply that may be used, by id, and what is wrong with each of the others."""

    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def read_reply(reply: str, asked: Mapping[str, Request], source: str, target: str) -> Reading:
    """Hold a reply against the lines asked, whatever stands around its JSON.

    >>> asked = {"1": Request(text="你好"), "2": Request(text="再见")}
    >>> read_reply('{"id": "2", "text": "Bye"} {"id": "1", "text": "你好"}', asked, "zh", "en")
    Reading(texts={'2': 'Bye'}, faults={'1': 'untranslated'})
    """
    rows = list(_rows(_THOUGHT.sub("", reply[:_MOST_CHARACTERS])))
    texts = {str(row["id"]): row["text"].strip() for row in rows}
    if not rows:
        return Reading(faults=dict.fromkeys(asked, _instead(reply)))
    if len(rows) > len(texts) or not texts.keys() <= asked.keys():
        return Reading(faults=dict.fromkeys(asked, "more lines than were asked"))
    faults = {
        key: fault
        for key, request in asked.items()
        if (fault := fault_in(texts.get(key), request, source, target))
    }
    faults |= dict.fromkeys(_beside(list(asked), faults) - faults.keys(), "perhaps merged")
    return Reading(
        texts={key: text for key, text in texts.items() if key not in faults}, faults=faults
    )


def _rows(reply: str) -> Iterator[dict[str, Any]]:
    """Yield every object that has an id and a text, at any depth, cut off or not around it."""
    decoder, at = json.JSONDecoder(), reply.find("{")
    while at >= 0:
        try:
            found, at = decoder.raw_decode(reply, at)
        except ValueError:
            at += 1
        except RecursionError:
            return
        else:
            yield from _flattened(found)
        at = reply.find("{", at)


def _flattened(found: object) -> Iterator[dict[str, Any]]:
    if isinstance(found, list):
        for each in found:
            yield from _flattened(each)
    elif isinstance(found, dict):
        if isinstance(found.get("id"), str | int) and isinstance(found.get("text"), str):
            yield found
        else:
            for below in found.values():
                yield from _flattened(below)


def _instead(reply: str) -> str:
    if _refuses(reply):
        return "refused"
    return "no lines in the answer" if reply.strip() else "blank"


def _refuses(text: str) -> bool:
    return bool(_REFUSAL.search(text) or _REFUSAL_ZH.search(text))


def fault_in(text: str | None, request: Request, source: str, target: str) -> str:
    """Say why a line cannot be used; nothing if it can."""
    if text is None:
        return "missing"
    if not any(map(str.isalnum, text)) and any(map(str.isalnum, request.text)):
        return "blank"
    if _refuses(text) and not _refuses(request.text):
        return "refused"
    if "\n" in text or _CHATTER.search(text):
        return "chatter"
    if len(text) > _TOO_LONG * len(request.text) + _ALLOWANCE:
        return "far too long"
    return "untranslated" if _is_untranslated(text, request, source, target) else ""


def _is_untranslated(text: str, request: Request, source: str, target: str) -> bool:
    one, other = source.partition("-")[0], target.partition("-")[0]
    if one == other:  # simplified to traditional: many lines are the same in both
        return False
    if one == "zh" and other not in _WITH_HAN:
        allowed = "".join(term.required for term in request.context.terms)
        return any(char not in allowed for char in HAN.findall(text))
    long = len(request.text) if one in _WITH_HAN else len(request.text.split())
    return text == request.text and long >= _MORE_THAN_A_NAME


def _beside(keys: Sequence[str], faults: Mapping[str, str]) -> set[str]:
    """Return the neighbours of lines that are gone: their words may stand there."""
    gone = [at for at, key in enumerate(keys) if faults.get(key) in ("missing", "blank")]
    return {keys[at + step] for at in gone for step in (-1, 1) if 0 <= at + step < len(keys)}
