"""Languages in file names: `E01.zh-Hans.srt` → `E01.en-US.srt`."""

from __future__ import annotations

import re
from pathlib import Path

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|\d{3}))?", re.IGNORECASE)

# ISO 639-1: HD and TV at the end of a name are no languages.
_LANGUAGES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy
    hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li
    ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa
    pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()
)

# What fansub groups and vendors write instead of BCP 47.
_ALIASES = {
    "chs": "zh-Hans", "sc": "zh-Hans", "gb": "zh-Hans", "zh": "zh-Hans", "cn": "zh-Hans",
    "chi": "zh-Hans", "zho": "zh-Hans", "简体": "zh-Hans", "简中": "zh-Hans", "简体中文": "zh-Hans",
    "繁体": "zh-Hant", "繁中": "zh-Hant", "繁體": "zh-Hant", "繁體中文": "zh-Hant",
    "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans-cn": "zh-Hans",
    "cht": "zh-Hant", "tc": "zh-Hant", "big5": "zh-Hant",
    "zh-tw": "zh-Hant-TW", "zh-hk": "zh-Hant-HK",
    "eng": "en", "jpn": "ja", "kor": "ko", "spa": "es", "fra": "fr", "deu": "de", "fil": "fil",
}  # fmt: skip


# What stands behind the language where a file holds a part, or more than the dialogue.
_KINDS = re.compile(r"\.(forced|songs|sdh|cc)\Z", re.IGNORECASE)


def kind_in_name(path: Path) -> str:
    """Return what a file's name says that it holds: `forced`, `songs`, `sdh`, `cc`, or nothing."""
    found = _KINDS.search(path.stem)
    return found[1].lower() if found else ""


def language_in_name(path: Path) -> str | None:
    """Return the BCP 47 tag a file name ends with, before its extension; None if it has none.

    >>> [language_in_name(Path(f"E01{rest}.srt")) for rest in (".chs", "", ".en.forced")]
    ['zh-Hans', None, 'en']
    """
    stem = _KINDS.sub("", path.stem)
    name = stem.rpartition(".")[2] if "." in stem else ""
    if name.lower().replace("_", "-") in _ALIASES:
        return _ALIASES[name.lower().replace("_", "-")]
    tag = _TAG.fullmatch(name)
    return canonical(name) if tag and tag[1].lower() in _LANGUAGES else None


def canonical(tag: str) -> str:
    """Write a tag in BCP 47's letter case: `zh_hans` → `zh-Hans`."""
    known = _ALIASES.get(tag.lower().replace("_", "-"))
    if known:
        return known
    primary, *rest = tag.replace("_", "-").split("-")
    return "-".join(
        [primary.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)]  # noqa: PLR2004  # a script
    )


def episode_in_name(path: Path) -> str:
    """Return what a file's name says besides its language: the same for source and target.

    >>> episode_in_name(Path("show/E01.zh-Hans.srt")), episode_in_name(Path("E01.srt"))
    ('E01', 'E01')
    """
    stem = _KINDS.sub("", path.stem)
    return stem.rpartition(".")[0] if language_in_name(path) else stem


def output_name(
    path: Path, market: str, suffix: str | None = None, *, kind: str = "", naming: str = ""
) -> str:
    """Name the output for a market after its input, the input's language tag left out.

    `suffix` is how it ends, if not like its input; `kind` says what part of it the file holds;
    `naming` is a pattern other than the usual one.

    >>> output_name(Path("E01.zh-Hans.srt"), "en-US", kind="forced")
    'E01.en-US.forced.srt'
    """
    ending = suffix or path.suffix.lower() or ".srt"
    kind = kind or kind_in_name(path)
    fields = {
        "episode": episode_in_name(path),
        "market": market,
        "language": market.partition("-")[0],
        "kind": kind,
        "ending": ending.removeprefix("."),
    }
    named = (naming or "{episode}.{market}.{kind}.{ending}").format(**fields)
    return named if kind else re.sub(r"([._-])(?=[._-])", "", named)


def is_written_in(text: str, language: str) -> bool:
    """Guess from the script whether a text is in a language; for files without a tag."""
    kana = len(re.findall(r"[\u3040-\u30ff]", text))
    hangul = len(re.findall(r"[\uac00-\ud7af]", text))
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    # Times and tags are Latin in every file, so one Han character outweighs three letters.
    scripts = {"ja": kana * 20, "ko": hangul, "zh": han, "latin": latin / 3}
    likeliest = max(scripts, key=lambda name: scripts[name])
    primary = language.split("-", maxsplit=1)[0]
    return likeliest == (primary if primary in scripts else "latin")
