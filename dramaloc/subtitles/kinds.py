"""What a cue is: speech, a sign, a sound, a song, or what is said in a foreign tongue.

On this rest forced narratives and songs as files of their own, and files without what only those
need who do not hear.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal, get_args

from dramaloc.subtitles import ass
from dramaloc.subtitles.document import Block, Cue, Document
from dramaloc.subtitles.inline import Utterance, bare, put_together, take_apart, words_of

Kind = Literal["speech", "sign", "sound", "song", "foreign"]
Part = Literal["forced", "songs"]
PARTS: tuple[Part, ...] = get_args(Part)
_IN_PART: dict[Part, tuple[Kind, ...]] = {"forced": ("sign", "foreign"), "songs": ("song",)}

RAISED = re.compile(r"\{[^}]*\\an[789]")
_SONG_STYLE = re.compile(r"song|lyric|karaoke|op\b|ed\b|歌", re.IGNORECASE)
_SIGN_STYLE = re.compile(r"sign|screen|title|note|caption|typeset|字幕条|屏幕", re.IGNORECASE)
_NOTES = re.compile(r"[♪♫♬♩#\s]+")
_SOUND_ZH = re.compile(
    r"声|音乐|[笑哭咳喘哼吼]$|哭泣|咳嗽|叹气|嘆氣|鼓掌|掌聲|聲|尖叫|敲门|敲門|铃响|鈴響|沉默|响起|響起"
    r"|[说說讲講].{1,4}[语語话話]$"
)
_SOUND_EN = re.compile(
    r"\b(?:music|song|theme|laugh\w*|chuckl\w*|giggl\w*|sigh\w*|gasp\w*|groan\w*|grunt\w*|moan\w*"
    r"|cough\w*|sneez\w*|sniff\w*|cry|cries|crying|sob\w*|weep\w*|scream\w*|shout\w*|yell\w*"
    r"|whisper\w*|mutter\w*|murmur\w*|hum|hums|humming|sing|sings|singing|knock\w*|ring|rings"
    r"|ringing|toll\w*|applau\w*|cheer\w*|clap\w*|footsteps?|thunder\w*|bark\w*|chirp\w*|howl\w*"
    r"|chatter\w*|indistinct\w*|inaudible|silence|plays|playing|gunshots?|gunfire|explo\w*|crash\w*"
    r"|creak\w*|slam\w*|beep\w*|buzz\w*|honk\w*|whistl\w*|splash\w*|rustl\w*|snor\w*|clear\w*"
    r" (?:his|her|their)? ?throat|(?:speaks?|speaking|in) [A-Z]\w+)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de0-9 .'’#&-]{0,30}[:：]\s*(?=\S)")
_BRACKETS = re.compile(r"\s*[\[(（［【]([^\[\]()（）［］【】]{1,60})[\])）］】]\s*")
_BRACKET = re.compile(rf"{_BRACKETS.pattern}(?=\S)")
_EMPTY = re.compile(r"<(\w+)[^<>]*>\s*</\1>\s*")
_OTHER_SCRIPT = {
    "zh": re.compile(
        r"[぀-ヿ가-힣Ѐ-ӿ฀-๿؀-ۿऀ-ॿ]|[A-Za-z\u00c0-\u024f]{2,}\W+[A-Za-z\u00c0-\u024f]{2,}"
    ),
    "": re.compile(r"[一-鿿぀-ヿ가-힣Ѐ-ӿ฀-๿؀-ۿऀ-ॿ]"),
}
_HAN = re.compile(r"[一-鿿]")


def kinds_of(document: Document) -> tuple[Kind, ...]:
    """Say what each cue is, by its marks, its style and its script; speech if nothing tells.

    Text at the top of the picture is a sign where no sign stands in brackets; where some do, it
    is speech that makes room for them.
    """
    kinds = tuple(_kind(cue, document) for cue in document.cues)
    if "sign" in kinds:
        return kinds
    return tuple(
        "sign" if kind == "speech" and RAISED.search(cue.text) else kind
        for kind, cue in zip(kinds, document.cues, strict=True)
    )


def _kind(cue: Cue, document: Document) -> Kind:
    voices = [voice for voice in take_apart(cue.text) if words_of(voice) or voice.is_song]
    style = _style(cue, document)
    if any(voice.is_song for voice in voices) or _SONG_STYLE.search(style):
        words = "".join(words_of(voice) for voice in voices)
        wordless = not _NOTES.sub("", words) or all(_is_sound(voice) for voice in voices)
        return "sound" if wordless else "song"
    captions = [voice for voice in voices if voice.caption]
    if captions and len(captions) == len(voices):
        return "sound" if all(map(_is_sound, captions)) else "sign"
    if voices and _SIGN_STYLE.search(style):
        return "sign"
    return "foreign" if _is_foreign(cue, document.language) else "speech"


def _style(cue: Cue, document: Document) -> str:
    if document.format not in ("ass", "ssa"):
        return ""
    event = ass.event_of(cue.settings, ass.event_fields(document.header))
    return f"{event['style']} {event['effect']}" if event else ""


def _is_sound(voice: Utterance) -> bool:
    """Say whether a caption tells what is heard, in Chinese or English; others are signs."""
    words = words_of(voice)
    return voice.caption and bool(_SOUND_ZH.search(words) or _SOUND_EN.search(words))


def _is_foreign(cue: Cue, language: str) -> bool:
    """Say whether a cue is in another script than its document."""
    words = bare(cue.text)
    primary = language.partition("-")[0]
    if primary == "zh":
        return not _HAN.search(words) and bool(_OTHER_SCRIPT["zh"].search(words))
    latin = primary in ("en", "es", "fr", "de", "it", "pt", "id", "ms", "fil", "tr", "vi")
    return latin and bool(_OTHER_SCRIPT[""].search(words))


def positions_of(part: Part, document: Document) -> tuple[int, ...]:
    """Return the positions of the cues that make up a part of a file."""
    return tuple(at for at, kind in enumerate(kinds_of(document)) if kind in _IN_PART[part])


def only(document: Document, positions: Collection[int], *, songs: bool = False) -> Document:
    """Return a document with some of its cues, numbered anew; karaoke only with `songs`."""
    kept = sorted(positions)
    cues = [document.cues[at] for at in kept]
    blocks = tuple(
        replace(block, position=sum(at < block.position for at in kept))
        for block in document.blocks
        if _stays(block, songs=songs)
    )
    numbered = tuple(
        cue if cue.number is None else replace(cue, number=at) for at, cue in enumerate(cues, 1)
    )
    return replace(document, cues=numbered, blocks=blocks, unparsed=())


def _stays(block: Block, *, songs: bool) -> bool:
    shown = block.kind in ("karaoke", "drawing")
    return (songs and block.kind == "karaoke") if shown else block.kind not in ("note", "comment")


def heard(cue: Cue, kind: Kind, told: str = "") -> str:
    """Return a cue's text without what only those need who do not hear: empty if that is all.

    Sounds and speakers in brackets go, and names in capitals before a colon. Signs stay. `told`
    is what the source says, if its brackets are easier to understand.
    """
    if kind == "sound":
        return ""
    voices = take_apart(cue.text)
    others = take_apart(told)
    others = others if len(others) == len(voices) else voices
    speech = [at for at, voice in enumerate(voices) if not voice.caption and words_of(voice)]
    kept = [
        _unlabelled(voice, cue.speaker)
        for at, voice in enumerate(voices)
        if words_of(voice)
        and not (_is_sound(voice) or _is_sound(others[at]))
        and not (_names_speaker(voices, at) and at + 1 in speech)
    ]
    if not kept or put_together(kept) == cue.text:
        return cue.text if kept else ""
    gone = _carried(voices[0]) if voices[0].caption and not kept[0].caption else ""
    before = _EMPTY.sub("", gone + kept[0].before)
    first = replace(kept[0], joint="", before=before)
    if len(kept) == 1:
        first = replace(first, dash="")
    return put_together([first, *kept[1:]])


def _carried(voice: Utterance) -> str:
    """Return the tags before what is left out that hold for what follows it."""
    closed = "</" in voice.after
    return "".join(re.findall(r"\{\\[^}]*\}", voice.before)) if closed else voice.before


def _names_speaker(voices: Sequence[Utterance], at: int) -> bool:
    """Whether a bracket stands on the line of the words after it, as a speaker's name does."""
    return voices[at].caption and at + 1 < len(voices) and voices[at + 1].joint == ""


def _unlabelled(voice: Utterance, speaker: str) -> Utterance:
    if voice.caption:
        return voice
    named = re.compile(rf"{re.escape(speaker)}\s*[:：]\s*(?=\S)") if speaker else _LABEL
    for pattern in (_BRACKET, _LABEL, named):
        if match := pattern.match(voice.text):
            end = match.end()
            marks = tuple(replace(mark, offset=max(0, mark.offset - end)) for mark in voice.inner)
            voice = replace(voice, text=voice.text[end:], inner=marks)
    if voice.inner:
        return voice
    return replace(voice, text=_BRACKETS.sub(_unless_sound, voice.text).strip())


def _unless_sound(match: re.Match[str]) -> str:
    sound = _SOUND_ZH.search(match[1]) or _SOUND_EN.search(match[1])
    return " " if sound else match.group()


def without_sdh(
    document: Document, source: Document | None = None
) -> tuple[Document, tuple[int, ...]]:
    """Return a document as those read it who hear, and the positions of the cues that stay.

    Its source, where there is one, tells what a bracket says in any language.
    """
    told = source or document
    texts = [
        heard(cue, kind, other.text)
        for cue, other, kind in zip(document.cues, told.cues, kinds_of(told), strict=True)
    ]
    kept = tuple(at for at, text in enumerate(texts) if text.strip())
    cues = tuple(replace(cue, text=text) for cue, text in zip(document.cues, texts, strict=True))
    if len(kept) == len(cues):
        return replace(document, cues=cues), kept
    return only(replace(document, cues=cues), kept, songs=True), kept
