"""Argos packages: where they are and what they translate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import dramaloc
from dramaloc.errors import EngineError

# What CTranslate2 takes where a package says nothing; Argos hard-codes 0.2, which costs chrF.
_LENGTH_PENALTY = 1.0

# BCP 47 → Argos's codes, best first, where they differ from the primary subtag.
_ARGOS_CODES = {
    "zh-hant": ("zt",),
    "pt-br": ("pb", "pt"),
    "fil": ("tl",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An Argos package directory; `bundled` if it came with dramaloc.

    `length_penalty` is the one its metadata names as measured best for it.
    """

    from_code: str
    to_code: str
    version: str
    path: Path
    bundled: bool = False
    length_penalty: float = _LENGTH_PENALTY

    @property
    def digest(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of model and tokenizer."""
        return _digest(self.path)


def bundled_models() -> Path:
    """Return the folder of the models that came with dramaloc."""
    return Path(dramaloc.__file__).parent / "models"


def argos_code(tag: str) -> str:
    """Map a BCP 47 tag to the code Argos packages use.

    >>> argos_code("zh-Hans"), argos_code("zh-Hant-TW"), argos_code("pt-BR")
    ('zh', 'zt', 'pb')
    """
    return argos_codes(tag)[0]


def argos_codes(tag: str) -> tuple[str, ...]:
    """Map a BCP 47 tag to all codes whose packages serve it, best first."""
    subtags = tag.casefold().split("-")
    for length in range(len(subtags), 0, -1):
        known = _ARGOS_CODES.get("-".join(subtags[:length]))
        if known:
            return known
    return (subtags[0],)


def find_packages(folders: Iterable[Path] | None = None) -> tuple[Package, ...]:
    """Find translation packages: the user's Argos folders first, then the bundled ones.

    Folders that hold no readable package are passed over, as Argos's own tools would fail
    on the first of them.
    """
    searched = [*user_folders(), bundled_models()] if folders is None else list(folders)
    return tuple(
        package
        for folder in searched
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if (package := read_package(path)) is not None
    )


def user_folders() -> tuple[Path, ...]:
    """Return the folders other Argos tools install into. Raises `EngineError`."""
    return tuple(Path(folder) for folder in argos_module().settings.package_dirs)


def open_package(package: Package) -> Any:
    """Return argostranslate's own object for a package: its tokenizer and metadata."""
    return argos_module().Package(package.path)


def argos_module() -> Any:
    """Import argostranslate's package module, late. Raises `EngineError` if it cannot start."""
    try:
        from argostranslate import package  # creates folders under HOME when imported
    except OSError as error:
        raise EngineError(
            f"argostranslate cannot make its folder ({error})",
            hint="Point XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_CACHE_HOME to writable folders",
        ) from error
    return package


def read_package(path: Path) -> Package | None:
    """Read a package folder; None if it is no complete translation package."""
    if not (path / "metadata.json").is_file() or not (path / "model").is_dir():
        return None
    try:
        found = argos_module().Package(path)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if not hasattr(found, "tokenizer"):  # neither sentencepiece.model nor bpe.model
        return None
    if found.type != "translate" or not found.from_code or not found.to_code:
        return None
    return Package(
        from_code=found.from_code,
        to_code=found.to_code,
        version=found.package_version,
        path=path,
        bundled=path.parent == bundled_models(),
        length_penalty=_length_penalty(path),
    )


def _length_penalty(path: Path) -> float:
    """Read a key of ours that other Argos tools pass over."""
    said = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    value = said.get("length_penalty", _LENGTH_PENALTY)
    return float(value) if isinstance(value, int | float) else _LENGTH_PENALTY


@cache
def _digest(path: Path) -> str:
    state = hashlib.sha256()
    for name in ("model/model.bin", "sentencepiece.model", "bpe.model", "metadata.json"):
        file = path / name
        if file.is_file():
            state.update(file.read_bytes())
    return state.hexdigest()[:16]
