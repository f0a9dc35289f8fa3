"""Everything dramaloc can refuse, each with data for machines and a next step for people."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class DramalocError(Exception):
    """Something dramaloc will not do.

    `path` and `line` (1-based) say where, `hint` what to do about it.
    `str(error)` is one line: `file:line: what was found. what to do`.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: Path | str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = None if path is None else str(path)
        self.line = line

    def at(self, path: Path | str) -> DramalocError:
        """Return the same error, now naming the file it was found in."""
        if self.path is None:
            self.path = str(path)
        return self

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        said = f"{where}: {self.message}" if where else self.message
        return f"{said}. {self.hint}" if self.hint else said


class InputError(DramalocError):
    """A file, folder or name the user gave cannot be used."""

    code = "bad-input"


class UsageError(DramalocError):
    """A command line that does not fit its command."""

    code = "bad-usage"


class EncodingError(InputError):
    """Bytes that are not text in any encoding we may assume."""

    code = "bad-encoding"


class SubtitleError(InputError):
    """A subtitle file in which nothing can be understood."""

    code = "bad-subtitles"


class TableError(InputError):
    """A term table that breaks its format."""

    code = "bad-table"


class MarketError(InputError):
    """A market pack that breaks its format, or a market nobody has written."""

    code = "bad-market"


class SettingsError(InputError):
    """A `dramaloc.toml` or environment value that cannot be used."""

    code = "bad-settings"


class OutputError(DramalocError):
    """An output that cannot, or must not, be written."""

    code = "bad-output"


class EngineError(DramalocError):
    """An engine broke its promise while translating."""

    code = "engine-failed"


class EngineNotInstalledError(EngineError):
    """No engine, or no model, for what was asked; `hint` holds the command that helps.

    `pair` are the Argos codes of the package that is missing, if one would help.
    """

    code = "engine-missing"

    def __init__(
        self, message: str, *, hint: str = "", pair: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.pair = pair


class ClusterError(DramalocError):
    """A cluster that cannot be reached, is not ready for these jobs, or was lost."""

    code = "cluster"


class MemoryFileError(InputError):
    """A translation memory that is damaged, locked, too new, or no memory at all."""

    code = "bad-memory"


class TmxError(InputError):
    """A TMX file that breaks its format, or has nothing for what was asked."""

    code = "bad-tmx"
