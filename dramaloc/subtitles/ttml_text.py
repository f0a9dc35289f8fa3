"""The words of a TTML paragraph: `<br/>` is a line break, ruby spans become `<ruby>` and `<rt>`.

Every other span stays as written, so that the way back needs nothing but the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dramaloc.subtitles.inline import TAG
from dramaloc.subtitles.markup import escaped, unescaped, words_only

_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<data>.*?)\]\]>"
    r"|<(?P<close>/?)(?P<name>[\w:.-]+)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^\"'>])*?)(?P<empty>/?)>",
    re.DOTALL,
)
_RUBY = re.compile(r"\b\w+:ruby\s*=\s*[\"'](\w+)[\"']")
_SPACES = re.compile(r"[ \t\n]+")
_NAMES = {"container": "ruby", "text": "rt", "textContainer": "rt"}
_OURS = {"ruby", "span", "set", "metadata"}
_WRITTEN = {"ruby": "span", "rt": "span"}
_GIVEN = re.compile(r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*/?")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = re.compile(TAG, re.IGNORECASE)
_TAG = re.compile(r"<(/?)([\w:.-]+)([^<>]*)>")
_WHOLE = re.compile(
    r"(?P<head><(?P<name>rt|metadata)\b[^<>]*>)(?P<inner>.*?)(?:</(?P=name)>)?", re.DOTALL
)


def text_of(inner: str, *, preserve: bool = False) -> str:
    """Read what stands in a paragraph."""
    parts: list[str] = []
    open_names: list[str] = []
    last = 0
    for token in _TOKEN.finditer(inner):
        parts.append(_words(inner[last : token.start()], parts, preserve=preserve))
        last = token.end()
        if token["data"] is not None:
            data = token["data"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            parts.append(_words(data, parts, preserve=preserve))
        elif token["name"]:
            _tag(token, parts, open_names)
    parts.append(_words(inner[last:], parts, preserve=preserve))
    text = "".join(parts)
    return unescaped(text if preserve else re.sub(r"(?: |(?<= )\n)+\Z", "", text.strip(" ")))


def remarks_in(inner: str) -> Iterator[str]:
    """Yield the comments and instructions to programs in a paragraph, none of its words."""
    for token in _TOKEN.finditer(inner):
        if token["data"] is None and not token["name"]:
            yield token.group()


def _words(text: str, before: list[str], *, preserve: bool) -> str:
    if preserve:
        return text.replace("\n", " ")
    spaced = _SPACES.sub(" ", text)
    said = next((part for part in reversed(before) if part and not part.startswith("<")), "\n")
    return spaced.lstrip(" ") if said[-1] in " \n" else spaced


def _tag(token: re.Match[str], parts: list[str], open_names: list[str]) -> None:
    name = token["name"].rpartition(":")[2]
    if name == "br":
        if not token["close"]:
            at = next(
                (at for at in reversed(range(len(parts))) if not parts[at].startswith("<")), None
            )
            if at is not None:
                parts[at] = parts[at].rstrip(" ")
            parts.append("\n")
    elif token["close"]:
        parts.append(f"</{open_names.pop() if open_names else name}>")
    elif token["empty"]:
        if name != "span":
            parts.append(f"<{name}{token['rest']}/>")
    else:
        ruby = _RUBY.search(token["rest"]) if name == "span" else None
        if name not in ("span", "set", "metadata"):
            name = token["name"]  # a foreign element keeps its prefix
        open_names.append(_NAMES.get(ruby[1], name) if ruby else name)
        parts.append(f"<{open_names[-1]}{token['rest']}>")


def written(text: str, prefix: str = "") -> str:
    """Write a cue's text as what stands in a paragraph; `prefix` is that of TTML's elements.

    Always well-formed: a tag that closes nothing goes, one left open is closed, and what is no
    tag of TTML's is words.
    """
    parts: list[str] = []
    open_names: list[str] = []
    last = 0
    for tag in _TAGS.finditer(text):
        parts += [escaped(text[last : tag.start()]), *_markup(tag.group(), prefix, open_names)]
        last = tag.end()
    parts += [escaped(text[last:]), *(f"</{name}>" for name in reversed(open_names))]
    return _NOT_XML.sub("", "".join(parts)).replace("\n", f"<{prefix}br/>")


def _markup(tag: str, prefix: str, open_names: list[str]) -> list[str]:
    whole = _WHOLE.fullmatch(tag)
    if whole and _GIVEN.fullmatch(
        whole["head"][len(whole["name"]) + 1 : -1]
    ):  # with what stands over the words, or about them
        head = whole["head"].rstrip(">").rstrip("/") + ">"
        inner = written(whole["inner"], prefix)
        name = f"{prefix}{_WRITTEN.get(whole['name'], whole['name'])}"
        return [f"<{name}{_safe(head[len(whole['name']) + 1 :])}", inner, f"</{name}>"]
    found = _TAG.fullmatch(tag)
    ours = found is not None and (found[2] in _OURS or ":" in found[2])
    if found is None or not ours or not _GIVEN.fullmatch(found[3]):
        return [words_only(tag)]
    name = found[2] if ":" in found[2] else f"{prefix}{_WRITTEN.get(found[2], found[2])}"
    if found[1]:
        if name not in open_names:
            return []
        closed = []
        while (opened := open_names.pop()) != name:
            closed.append(f"</{opened}>")
        return [*closed, f"</{name}>"]
    if not found[3].endswith("/"):
        open_names.append(name)
    return [f"<{name}{_safe(found[3])}>"]


def _safe(rest: str) -> str:
    return re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\w+);)", "&amp;", rest)
