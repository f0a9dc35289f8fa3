"""Setting a term into a sentence: spaces, articles and capitals around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dramaloc.glossary.forms import located
from dramaloc.glossary.term import Term
from dramaloc.subtitles.width import single_spaced

_UNSPACED = {"zh", "ja", "th", "lo", "km", "my"}
_SENTENCE_START = re.compile(r"(?:\A|[.?!…]['\"”’)]*\s)[\s\"“‘'(\-–—]*\Z")
_ARTICLE = re.compile(r"\b(an?|the)\s+\Z", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(?:my|your|his|her|our|their|its|'s)\s+\Z", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:your|his|her|my|our|the|an?)\s", re.IGNORECASE)
_NAMES = {"name", "place", "kinship"}


def joined(pieces: Sequence[str | Term], language: str) -> str:
    """Write text and terms as one sentence.

    >>> carving = Term(source="木雕", target="oil painting", kind="heritage")
    >>> joined(["He bought a", carving, "."], "en")
    'He bought an oil painting.'
    """
    primary = language.split("-", maxsplit=1)[0]
    if primary in _UNSPACED:
        return "".join(p.required if isinstance(p, Term) else p for p in pieces).strip()
    text = ""
    after_term = False
    for piece in pieces:
        if isinstance(piece, Term):
            text = _with_term(text, piece, english=primary == "en")
            after_term = True
        elif piece:
            gap = " " if after_term and piece[0].isalnum() else ""
            text += gap + piece
            after_term = False
    return single_spaced(text)


def mended(text: str, terms: Sequence[Term], language: str) -> str:
    """Mend articles and capitals around terms that a model set into a sentence by itself.

    >>> duan = Term(source="段木生", target="Duan Musheng", kind="name")
    >>> mended("A Duan Musheng is a Duan Musheng.", [duan], "en")
    'Duan Musheng is a Duan Musheng.'
    """
    if language.partition("-")[0] != "en":
        return text
    out, last = "", 0
    found = zip(terms, located(terms, text, language), strict=True)
    for term, span in sorted((pair for pair in found if pair[1]), key=lambda pair: pair[1] or ()):
        start, end = span or (0, 0)
        out, word = _with_article(out + text[last:start], text[start:end], term)
        begins = _SENTENCE_START.search(out)
        if begins:
            word = word[:1].upper() + word[1:]
        elif term.required[:1].islower() and word[1:].islower():
            word = word[:1].lower() + word[1:]
        out, last = out + word, end
    return out + text[last:]


def _with_term(text: str, term: Term, *, english: bool) -> str:
    if text and (text[-1].isalnum() or text[-1] in ",;:.?!…"):
        text += " "
    word = term.required
    if english:
        text, word = _with_article(text, word, term)
        if term.kind == "kinship" and _POSSESSIVE.search(text):
            word = word[:1].lower() + word[1:]  # my grandma, but: Grandma is here
    if _SENTENCE_START.search(text):
        word = word[:1].upper() + word[1:]
    return text + word


def _with_article(text: str, word: str, term: Term) -> tuple[str, str]:
    """Drop or fix an English article before a word: `a Duan Musheng`, `the the`, `a indigo`."""
    article = _ARTICLE.search(text)
    if not article:
        return text, word
    named = term.kind in _NAMES and word[:1].isupper()
    if named or _DETERMINED.match(word):
        return text[: article.start()], word
    found = article[1]
    if found.lower() in ("a", "an"):
        right = "an" if word[:1].lower() in "aeiou" else "a"
        right = right.capitalize() if found[0].isupper() else right
        return f"{text[: article.start()]}{right} ", word
    return text, word


def sentence_case(text: str, *, first: bool) -> str:
    """Give a part its place in a sentence: a capital if it is the first, else none.

    Words with capitals of their own (I, names) stay as they are.
    """
    text = text.strip()
    if first:
        return text[:1].upper() + text[1:]
    text = text.rstrip(".")
    word = re.match(r"[A-Za-z]+", text)
    if word and word.group() in _COMMON_OPENERS:
        return text[0].lower() + text[1:]
    return text


# A part translated by itself begins with a capital; only words that never deserve one lose it.
_COMMON_OPENERS = set(
    """A An And Are As At But By Can Come Could Did Do Does Don For From Get Give Go Had Has Have
    He Her His How If In Into Is It Its Just Let Like Look Make May Me Must My No Not Now Of On Or
    Our Out Put See She Should So Some Take Tell That The Their Them Then There These They This To
    Too Up Very Was We Were What When Where Which Who Why Will With Would You Your""".split()
)
