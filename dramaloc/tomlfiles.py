"""TOML from strangers, read in bounded time, or refused in one way."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from dramaloc.errors import InputError

# tomllib walks a dotted key anew for each of its parts; no file of ours has more than four.
_ENDLESS_KEY = re.compile(r"(?:[\w\"'-]{1,99}[ \t]*\.[ \t]*){64}")


def parse(text: str, path: Path, error: type[InputError]) -> dict[str, Any]:
    """Parse TOML. Raises `error` for what is none, or was made to take for ever."""
    if _ENDLESS_KEY.search(text):
        raise error("a key of more than 64 parts", path=path, hint="Ask whoever sent the file")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:  # also figures of thousands of digits
        raise error(f"not valid TOML ({wrong})", path=path) from wrong
