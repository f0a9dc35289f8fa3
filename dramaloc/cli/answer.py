"""How every command answers: results on stdout, the rest on stderr, one envelope in JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import dramaloc
from dramaloc.errors import ClusterError, DramalocError, EngineNotInstalledError, InputError

# Control characters, line breaks of all kinds, and what turns the direction of writing around.
_TERMINAL = re.compile("(\x1b\\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

DONE, FINDINGS, USAGE, MISSING, JOBS_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command has to say: `text` for people, `data` for programs, its exit code."""

    text: str = ""
    data: Any = field(default_factory=dict)
    exit_code: int = DONE
    error: DramalocError | None = None


def answer(command: str, output_format: str, body: Callable[[], Answer]) -> NoReturn:
    """Run a command's body and leave with its answer; errors become one line, or JSON."""
    try:
        found = body()
        if output_format == "json":
            ok = found.exit_code == DONE
            write_out(envelope(command, ok=ok, data=found.data, error=found.error))
        elif found.text:
            write_out(found.text)
    except DramalocError as error:
        _say_error(command, output_format, error)
        missing = isinstance(error, EngineNotInstalledError | ClusterError)
        sys.exit(MISSING if missing else USAGE)
    except BrokenPipeError:
        raise  # nobody is reading any more
    except (OSError, MemoryError) as error:
        _say_error(command, output_format, _of_system(error))
        sys.exit(USAGE)
    except KeyboardInterrupt:
        _to_stderr("Interrupted. Run the same command again to go on where it stopped.")
        sys.exit(INTERRUPTED)
    sys.exit(found.exit_code)


def _of_system(error: OSError | MemoryError) -> DramalocError:
    """Put on one line what the system would not do, wherever it was asked for."""
    if isinstance(error, MemoryError):
        return InputError("this takes more memory than there is", hint="Do it in smaller parts")
    said = error.strerror or str(error).partition("\n")[0] or type(error).__name__
    return InputError(f"the system refused ({said})", path=error.filename, hint="Check the path")


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
        with suppress(OSError):  # what is wrong may be with writing there
            write_out(envelope(command, ok=False, error=error))
            return
    _to_stderr(f"Error: {harmless(str(error))}")


def harmless(text: str) -> str:
    r"""Spell out what would command a terminal or break a line: names and files are strangers'.

    >>> harmless("E01\x1b[2J.srt")
    'E01\\x1b[2J.srt'
    """
    return _COMMANDS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def tamed(text: str) -> str:
    r"""Spell out what would command a terminal, but colours and new lines.

    >>> tamed("\x1b[31mred\x1b[0m \x1b[2J")
    '\x1b[31mred\x1b[0m \\x1b[2J'
    """
    return _TERMINAL.sub(lambda found: found[1] or harmless(found[0]), text)


def write_out(text: str) -> None:
    """Write to stdout in UTF-8, whatever the terminal's locale: subtitles are not ASCII.

    A file's name may hold bytes that are no text; they are spelled out.
    """
    sys.stdout.flush()
    text = tamed(text) if sys.stdout.isatty() else text  # a file gets every character
    sys.stdout.buffer.write(f"{text.rstrip()}\n".encode(errors="backslashreplace"))
    sys.stdout.buffer.flush()


def _to_stderr(text: str) -> None:
    text = tamed(text) if sys.stderr.isatty() else text
    sys.stderr.buffer.write(f"{text}\n".encode(errors="backslashreplace"))
    sys.stderr.buffer.flush()


def say(text: str) -> None:
    """Tell the user something that is not a result."""
    _to_stderr(text)
