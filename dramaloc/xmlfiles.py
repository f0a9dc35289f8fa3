"""XML from strangers, read without growing, nesting or reaching out; and text for XML of ours."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from dramaloc.errors import InputError, OutputError

_MAX_DEPTH = 64  # no format of ours needs half of it
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HOSTILE = "No tool needs that: ask whoever sent the file"


class Events(Protocol):
    """What an XML parser tells: elements that begin and end, text between them, the end."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Any: ...

    def end(self, tag: str, /) -> Any: ...

    def data(self, data: str, /) -> Any: ...

    def close(self) -> Any: ...


class _Shallow:
    """Passes events on, but none so deep that walking what they build could overflow a stack."""

    def __init__(self, events: Events, error: type[InputError]) -> None:
        self._events, self._error, self._depth = events, error, 0
        self.data, self.close = events.data, events.close

    def start(self, tag: str, attrs: dict[str, str], /) -> Any:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error(f"elements stand more than {_MAX_DEPTH} deep", hint=HOSTILE)
        return self._events.start(tag, attrs)

    def end(self, tag: str, /) -> Any:
        self._depth -= 1
        return self._events.end(tag)


def feed(data: bytes, events: Events, error: type[InputError]) -> Any:
    """Parse XML and return what `events` makes of it.

    Entities and anything else a hostile file might use to grow or to reach out are refused by
    raising `error`. A DOCTYPE is allowed, because most tools write one; what it names is never
    fetched.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    parser = XMLParser(target=_Shallow(events, error), forbid_dtd=False)
    try:
        parser.feed(data)
        return parser.close()
    except DefusedXmlException as wrong:
        raise error("the file declares XML entities", hint=HOSTILE) from wrong
    except ParseError as wrong:
        raise error(
            f"not valid XML ({wrong})", line=wrong.position[0], hint="Export it again"
        ) from wrong
    except (ValueError, LookupError) as wrong:  # encodings that expat does not know
        raise error(f"not readable ({wrong})", hint="Save it in UTF-8") from wrong


def tree(data: bytes, error: type[InputError]) -> Element:
    """Parse XML into a tree; the rest as `feed`."""
    root: Element = feed(data, TreeBuilder(), error)
    return root


def local(tag: object) -> str:
    """Return an element's name without its namespace."""
    return str(tag).rpartition("}")[2]


def escaped(text: str) -> str:
    """Write text for XML. Raises `OutputError` for characters that XML cannot hold."""
    if wrong := _UNWRITABLE.search(text):
        raise OutputError(
            f"{text!r} holds {wrong.group()!r}, which XML cannot write", hint="Delete it"
        )
    return escape(text)
