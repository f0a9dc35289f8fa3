"""How every command answers: results on stdout, the rest on stderr, one envelope in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import dramaloc
from dramaloc.errors import DramalocError, EngineNotInstalledError

DONE, FINDINGS, USAGE, MISSING, JOBS_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command has to say: `text` for people, `data` for programs, its exit code."""

    text: str = ""
    data: Any = field(default_factory=dict)
    exit_code: int = DONE


def answer(command: str, output_format: str, body: Callable[[], Answer]) -> NoReturn:
    """Run a command's body and leave with its answer; errors become one line, or JSON."""
    try:
        found = body()
    except DramalocError as error:
        _say_error(command, output_format, error)
        sys.exit(MISSING if isinstance(error, EngineNotInstalledError) else USAGE)
    except KeyboardInterrupt:
        _to_stderr("Interrupted. Run the same command again to go on where it stopped.")
        sys.exit(INTERRUPTED)
    if output_format == "json":
        write_out(envelope(command, ok=found.exit_code == DONE, data=found.data))
    elif found.text:
        write_out(found.text)
    sys.exit(found.exit_code)


def envelope(
    command: str, *, ok: bool, data: Any = None, error: DramalocError | None = None
) -> str:
    """Write the JSON envelope that every command shares."""
    content = {
        "dramaloc": dramaloc.__version__,
        "command": command,
        "ok": ok,
        "data": data,
        "error": None if error is None else problem(error),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def problem(error: DramalocError) -> dict[str, str | None]:
    """Put an error as every command's JSON has it."""
    message = str(error).removesuffix(f". {error.hint}") if error.hint else str(error)
    return {"code": error.code, "message": message, "hint": error.hint or None}


def _say_error(command: str, output_format: str, error: DramalocError) -> None:
    if output_format == "json":
        write_out(envelope(command, ok=False, error=error))
    else:
        _to_stderr(f"Error: {error}")


def write_out(text: str) -> None:
    """Write to stdout in UTF-8, whatever the terminal's locale: subtitles are not ASCII."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text.rstrip()}\n".encode())
    sys.stdout.buffer.flush()


def _to_stderr(text: str) -> None:
    sys.stderr.buffer.write(f"{text}\n".encode())
    sys.stderr.buffer.flush()


def say(text: str) -> None:
    """Tell the user something that is not a result."""
    _to_stderr(text)
