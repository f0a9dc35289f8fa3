"""JSON: every string is a field, named by its path, such as `cast.0.role`; keys stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from dramaloc.errors import InputError
from dramaloc.marketing.field import Field, Kind

_TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<sign>[{}\[\],:])|[^\s"{}\[\],:]+)')


def fields(text: str) -> Iterator[Field]:
    """Raises `InputError` for what is no JSON."""
    body = text.removeprefix("\ufeff")
    try:
        json.loads(body)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not valid JSON ({error.msg})", line=error.lineno, hint="Check it in an editor"
        ) from error
    except ValueError as error:
        raise InputError("a number of thousands of digits", hint="Write it as text") from error
    except RecursionError as error:
        raise InputError("this JSON is nested too deeply", hint="Flatten it") from error
    path: list[str | int] = []  # a key or an index for every level that is open
    key, line, seen = False, 1, 0
    for match in _TOKEN.finditer(text, len(text) - len(body)):
        sign = match["sign"]
        if sign in ("{", "["):
            path.append("" if sign == "{" else 0)
            key = sign == "{"
        elif sign in ("}", "]"):
            path.pop()
            key = False
        elif sign == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else last
            key = isinstance(last, str)
        elif match["string"] and key:
            path[-1], key = json.loads(match["string"]), False
        elif match["string"]:
            name = ".".join(map(str, path))
            start = match.start("string")
            line, seen = line + text.count("\n", seen, start), start
            yield Field(start=start, end=match.end("string"), name=name, line=line)


def decoded(raw: str) -> str:
    return str(json.loads(raw))


def encoded(raw: str, text: str) -> str:
    """Write a string as before: with escapes if the old one needed none beyond ASCII."""
    if decoded(raw) == text:
        return raw
    return json.dumps(text, ensure_ascii=raw.isascii() and "\\u" in raw)


TREE = Kind(name="json", suffixes=(".json",), fields=fields, decoded=decoded, encoded=encoded)
