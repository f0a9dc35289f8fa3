"""Rules about what stands in a cue at all: nothing, the source, a stuck model, stray glyphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dramaloc.glossary.forms import accepted
from dramaloc.letters import HAN
from dramaloc.loops import loop_in, repeats
from dramaloc.quality.subject import Check, Fault, Subject
from dramaloc.subtitles.inline import bare, tags

_PLACEHOLDER = re.compile(r"⟦\d*⟧?|\d?⟧")
_ITALIC = re.compile(r"</?i\b[^>]*>|\{\\i[01]\}", re.IGNORECASE)
_KANA = re.compile(r"[\u3041-\u30ff]")

# The script of each language, as Unicode's character names begin. Latin letters are read
# everywhere: brands, abbreviations.
_SCRIPTS = {
    "zh": ("CJK", "BOPOMOFO"),
    "ja": ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",), "uk": ("CYRILLIC",), "bg": ("CYRILLIC",), "sr": ("CYRILLIC",),
    "el": ("GREEK",), "he": ("HEBREW",), "th": ("THAI",), "hi": ("DEVANAGARI",),
    "bn": ("BENGALI",), "ar": ("ARABIC",), "fa": ("ARABIC",), "ur": ("ARABIC",),
    "ta": ("TAMIL",), "km": ("KHMER",), "lo": ("LAO",), "my": ("MYANMAR",),
}  # fmt: skip
# What no viewer should see: the replacement character, private use, unassigned, and what
# editors leave behind; joiners and direction marks have work to do in some scripts.
_INVISIBLE = "\ufffd\u200b\u2060\ufeff\u00ad"
_WORKING = "\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u202a\u202b\u202c"


def empty_text(subject: Subject) -> Iterator[Fault]:
    """A cue with nothing to read; unless its source has nothing either."""
    empty = not any(map(str.isalnum, subject.text))
    if empty and (subject.source is None or any(map(str.isalnum, bare(subject.source.text)))):
        yield Fault(message="no words in this cue")


def untranslated(subject: Subject) -> Iterator[Fault]:
    """Han characters where the market's language writes none.

    Terms that are kept, and renderings that hold Han themselves, are no fault. Japanese has
    Han of its own: there a cue is untranslated if it has no kana and characters that only
    simplified Chinese has.
    """
    text = subject.text
    if subject.language == "zh" or not HAN.search(text):
        return
    for term in subject.market.glossary.renderings_in_han.of(text):
        text = accepted(term, subject.market.language).sub("", text)
    left = "".join(HAN.findall(text))
    if subject.language == "ja":
        foreign = any(_is_simplified(char, "shift_jis") for char in left)
        if _KANA.search(text) or not foreign:
            return
    if left:
        yield Fault(message=f"Chinese text is left: {left[:20]}")


def copied_source(subject: Subject) -> Iterator[Fault]:
    """Exactly the source's text, between languages that never agree on a whole cue.

    A Chinese cue of Latin letters only (OK, a brand) may well stay as it is, and so may one
    that is all terms to be kept.
    """
    if subject.source is None or subject.language == "zh":
        return
    if subject.text.strip() != bare(subject.source.text).strip():
        return
    chinese = subject.whole.source_language.startswith("zh")
    rest = subject.text
    for kept in reversed(subject.market.glossary.kept.find(rest)):
        rest = rest[: kept.start] + rest[kept.end :]
    if HAN.search(rest) if chinese else re.search(r"[^\W\d_]", rest):
        yield Fault(message="the source stands here unchanged")


def leftover_placeholder(subject: Subject) -> Iterator[Fault]:
    """A stand-in that was put in a term's place for the model and never put back."""
    if found := _PLACEHOLDER.search(subject.text):
        yield Fault(message=f"{found.group()} is a stand-in for a term, not text")


def model_loop(subject: Subject) -> Iterator[Fault]:
    """The same words again and again, where the source does not repeat itself."""
    found = loop_in(subject.text)
    if found and not (subject.source and repeats(bare(subject.source.text))):
        yield Fault(message=f"the same again and again: {found[:40]}")


def tag_mismatch(subject: Subject) -> Iterator[Fault]:
    """Every tag, position mark and note of the source, no more and no less.

    Italics are left out of account where the market has none.
    """
    if subject.source is None:
        return
    expected, found = (sorted(tags(text)) for text in (subject.source.text, subject.cue.text))
    if not subject.market.conventions.italics:
        expected = [tag for tag in expected if not _ITALIC.fullmatch(tag)]
        found = [tag for tag in found if not _ITALIC.fullmatch(tag)]
    if expected != found:
        yield Fault(
            message=f"marks {' '.join(found) or 'none'},"
            f" the source has {' '.join(expected) or 'none'}"
        )


def glyphs(subject: Subject) -> Iterator[Fault]:
    """Letters of another script, simplified characters in traditional text, and junk.

    Han in other languages is for `untranslated`.
    """
    text = subject.text
    if not any(_odd_glyphs(text, subject.market.code)):
        return
    for term in subject.market.glossary.renderings.of(text):
        text = text.replace(term.required, "")  # it is right whatever its letters
    junk, foreign, simplified = _odd_glyphs(text, subject.market.code)
    if junk:
        names = ", ".join(f"U+{ord(char):04X}" for char in junk)
        yield Fault(message=f"characters that cannot be shown: {names}")
    if foreign:
        yield Fault(message=f"letters of another script: {foreign[:20]}")
    if simplified:
        yield Fault(
            message=f"simplified characters: {simplified[:20]}", hint="Write them in traditional"
        )


def _odd_glyphs(text: str, code: str) -> tuple[str, str, str]:
    """Pick out junk, letters of another script, and simplified characters, each once."""
    language = code.split("-", maxsplit=1)[0]
    chars = dict.fromkeys(text)
    other = "big5hkscs" if code.endswith(("-HK", "-MO")) else "big5"
    traditional = code.startswith("zh-Hant")
    return (
        "".join(filter(_is_junk, chars)),
        "".join(char for char in chars if _is_foreign(char, language)),
        "".join(char for char in chars if traditional and _is_simplified(char, other)),
    )


def _is_junk(char: str) -> bool:
    if char in "\n\t" or char in _WORKING:
        return False
    return (
        char == "\ufffd" or char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Co", "Cn")
    )


def _is_foreign(char: str, language: str) -> bool:
    if char.isascii() or not char.isalpha() or HAN.match(char) or char in "々〇ー":
        return False
    name = unicodedata.name(char, "")
    if name.startswith(("LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MICRO")):
        return False
    return not name.startswith(_SCRIPTS.get(language, ("LATIN",)))


def _is_simplified(char: str, other: str) -> bool:
    """Whether a character is in GB 2312, the simplified set, but not in another one.

    A rare character that both sets lack (堃, 喆) is left in peace.
    """
    return bool(HAN.match(char)) and _has(char, "gb2312") and not _has(char, other)


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


CHECKS = (
    Check(
        code="empty-text",
        severity="error",
        what="a cue has no words though its source has",
        source="ours: nothing is silently lost",
        hint="Translate it",
        run=empty_text,
    ),
    Check(
        code="untranslated",
        severity="error",
        what="Chinese characters are left in another language",
        source="ours",
        hint="Translate it",
        run=untranslated,
    ),
    Check(
        code="copied-source",
        severity="error",
        what="a cue is its source, unchanged",
        source="ours",
        hint="Translate it",
        run=copied_source,
    ),
    Check(
        code="leftover-placeholder",
        severity="error",
        what="a stand-in for a term was never replaced",
        source="ours",
        hint="Write the term",
        run=leftover_placeholder,
    ),
    Check(
        code="model-loop",
        severity="error",
        what="a model repeats itself where the source does not",
        source="ours",
        hint="Translate it by hand",
        run=model_loop,
    ),
    Check(
        code="glyphs",
        severity="warning",
        what="letters outside the market's script, or characters nobody can show",
        source="Netflix Timed Text Style Guide: General Requirements, glyph list;"
        " simplified is what GB 2312 has and Big5 has not",
        hint="Write it in the market's letters",
        run=glyphs,
    ),
    Check(
        code="tag-mismatch",
        severity="warning",
        what="tags, positions and notes differ from the source's",
        source="ours: marks are the source's",
        hint="Set them as in the source",
        run=tag_mismatch,
    ),
)
