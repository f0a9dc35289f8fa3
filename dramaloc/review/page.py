"""The review page: one HTML file that loads nothing, sends nothing and opens anywhere.

The template is in `assets/`, with its style and its scripts; they are put into the page, and
its Content-Security-Policy names them by their digests, so that nothing else can run or load.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import dramaloc
from dramaloc.glossary.forms import accepted, forbidden
from dramaloc.glossary.term import Term
from dramaloc.letters import LETTER
from dramaloc.quality.finding import Finding
from dramaloc.review.diff import clock, edits
from dramaloc.review.handout import CueHere, Handout
from dramaloc.subtitles.inline import TAG
from dramaloc.subtitles.width import Counting, width

_SCRIPTS = ("words.js", "counting.js", "model.js", "view.js", "main.js")
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
# Only in these planes does Unicode have characters.
_ASSIGNED = (range(0x40000), range(0xE0000, 0xE1000), range(0xF0000, 0x110000))
# Only these have to be escaped in Python's `re` and must not be in JavaScript's Unicode mode.
_NEEDLESS = "-&~# \t"


def compose_page(handout: Handout) -> str:
    """Write a handout as a page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    style = _asset("page.css")
    script = "\n".join(map(_asset, _SCRIPTS))
    environment = Environment(
        loader=PackageLoader("dramaloc.review", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("page.html").render(
        name=handout.name,
        source=handout.source_name,
        market=f"{handout.market.name} ({handout.market.code})",
        version=dramaloc.__version__,
        count=len(handout.cues),
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  # our own
        script=Markup(script),  # noqa: S704  # our own
        data=Markup(_in_a_script(page_data(handout))),  # noqa: S704  # escaped for its place
    )


def _asset(name: str) -> str:
    return files("dramaloc.review").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Allow our own style and script, pictures of a video the reviewer picks, and no more."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "media-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _in_a_script(data: Any) -> str:
    r"""Write JSON that cannot end the script element it stands in.

    >>> _in_a_script("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def page_data(handout: Handout) -> dict[str, Any]:
    """Return what the page's script works on, ready for JSON."""
    market, counting = handout.market, handout.market.conventions.counting
    terms: dict[Term, int] = {}
    cues = [_cue(cue, terms) for cue in handout.cues]
    banned = [term for term in market.glossary if term.action == "forbid" and not term.source]
    for term in banned:
        terms.setdefault(term, len(terms))
    identity = json.dumps([[each["id"], each["target"]] for each in cues], ensure_ascii=False)
    return {
        "name": handout.name,
        "digest": hashlib.sha256(f"{handout.name}\n{market.code}\n{identity}".encode()).hexdigest(),
        "market": market.name,
        "code": market.code,
        "source": _side(handout.source_language),
        "target": _side(market.code),
        "limits": {
            "columns": market.limits.max_line_columns,
            "lines": market.limits.max_lines,
            "cps": market.limits.max_cps,
        },
        "weightless": _stretches(0, "characters"),
        "wide": _stretches(1, "east-asian") if counting == "east-asian" else None,
        # Python's \b knows letters of all scripts, JavaScript's only ASCII.
        "tag": TAG.replace(r"\b", r"(?![\p{L}\p{N}_])"),
        "cues": cues,
        "terms": [_term(term, market.language) for term in terms],
        "banned": [terms[term] for term in banned],
        "general": [_finding(each) for each in handout.general],
        "timed": handout.timed,
    }


def _side(language: str) -> dict[str, str]:
    right = language.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT
    return {"lang": language, "dir": "rtl" if right else "ltr"}


def _cue(here: CueHere, terms: dict[Term, int]) -> dict[str, Any]:
    cue = here.row.cue
    changed = here.previous is not None and here.previous != here.target
    return {
        "id": here.row.key,
        "number": here.row.number,
        "start": cue.start_ms,
        "end": cue.end_ms,
        "field": cue.name,
        "room": here.room,
        "source": here.source,
        "target": here.target,
        "reference": here.reference,
        "previous": here.previous,
        "edits": [[each.op, each.text] for each in edits(here.previous or "", here.target)]
        if changed
        else None,
        "terms": [terms.setdefault(each.term, len(terms)) for each in here.terms],
        "findings": [_finding(each) for each in here.findings],
        "reasons": list(here.reasons),
        "comments": [
            {"by": each.by, "time": clock(each.time_ms), "text": each.text}
            for each in here.comments
        ]
        + [
            {"by": who, "time": "", "text": text}
            for who, text in (here.reviewed.comments if here.reviewed else ())
        ],
        "by": list(here.reviewed.by) if here.reviewed and here.approved else [],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
    }


def _term(term: Term, language: str) -> dict[str, Any]:
    required = term.action in ("translate", "keep")
    wrong = forbidden(term, language)
    allows = required or bool(term.target or term.accept)
    return {
        "source": term.source,
        "required": term.required,
        "action": term.action,
        "accept": list(term.accept),
        "forbid": list(term.forbid),
        "note": term.notes[0] if term.notes else "",
        "forms": in_javascript(accepted(term, language).pattern) if required else None,
        "allowed": in_javascript(accepted(term, language).pattern) if allows else None,
        "wrong": in_javascript(wrong.pattern) if wrong else None,
    }


def in_javascript(pattern: str) -> str:
    r"""Write a pattern of `glossary/forms.py` for JavaScript, flags `iu`.

    >>> in_javascript(r"tie\-dye\*")
    'tie-dye\\*'
    """
    spelled = pattern.replace(LETTER, LETTER.replace(r"\w", r"\p{L}\p{N}_"))
    return re.sub(r"\\(.)", lambda m: m[1] if m[1] in _NEEDLESS else m[0], spelled, flags=re.DOTALL)


@cache
def _stretches(weight: float, counting: Counting) -> tuple[int, ...]:
    """List first and last code points of all stretches that weigh so much, in order.

    Browsers know other versions of Unicode than Python; this way both count alike.
    """
    points = [p for plane in _ASSIGNED for p in plane if width(chr(p), counting) == weight]
    breaks = [(a, b) for a, b in pairwise(points) if b > a + 1]
    return (points[0], *(point for pair in breaks for point in pair), points[-1])
