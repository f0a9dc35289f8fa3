"""What there is to do: episodes × markets, each with the file it becomes."""

from __future__ import annotations

import contextlib
import glob
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dramaloc.batch.manifest import Entry, read_manifest
from dramaloc.batch.names import is_written_in, language_in_name, output_name
from dramaloc.errors import DramalocError, InputError
from dramaloc.files import decode, read_bytes
from dramaloc.marketing.copy import kind_of
from dramaloc.subtitles.formats import SUFFIXES, may_be_subtitles, suffix_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One episode for one market."""

    source: Path
    market: str
    output: Path
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A file to localize; `below` is its folder relative to the input that named it."""

    path: Path
    below: Path
    language: str


def find_episodes(inputs: Sequence[str], language: str | None) -> tuple[Episode, ...]:
    """Find what is to be localized among files, folders and globs.

    A folder yields only files in the source language: by the tag in their name, else by
    their script. Raises `InputError` for what is not there and for a folder with nothing.
    """
    found: dict[Path, Episode] = {}
    for name in inputs:
        paths = _expand(name)
        for path in paths:
            episodes = list(_in_folder(path, language)) if path.is_dir() else [_one(path, language)]
            if not episodes:
                wanted = language or "zh-Hans"
                hint = "Name files like E01.zh-Hans.srt, or say --from LANG"
                if named := next((p for p in sorted(path.iterdir()) if kind_of(p.name)), None):
                    hint += f". Copy has to be named, such as {named}"
                raise InputError(f"no {wanted} subtitle file in this folder", path=path, hint=hint)
            found |= {episode.path.resolve(): episode for episode in episodes}
    return tuple(found.values())


def _expand(name: str) -> list[Path]:
    path = Path(name)
    with contextlib.suppress(OSError):  # a name too long for any file
        if path.exists():
            return [path]
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True))  # noqa: PTH207  # takes absolute patterns
    if not matches:
        raise InputError("no such file or folder", path=name, hint="Check the path")
    return matches


def _one(path: Path, language: str | None) -> Episode:
    return Episode(
        path=path, below=Path(), language=language or language_in_name(path) or "zh-Hans"
    )


def _in_folder(folder: Path, language: str | None) -> Iterator[Episode]:
    wanted = language or "zh-Hans"
    manifests: dict[Path, Mapping[str, Entry]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.parent not in manifests:
            manifests[path.parent] = _manifest(path.parent)  # once for thousands of files
        if _is_track(path, manifests.get(path.parent, {})):
            continue
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        tag = language_in_name(path)
        if not _may_be_subtitles(path):
            continue
        if tag == wanted or (tag is None and _reads_as(path, wanted)):
            below = path.parent.relative_to(folder)
            yield Episode(path=path, below=below, language=wanted)


def _manifest(folder: Path) -> Mapping[str, Entry]:
    try:
        return read_manifest(folder)
    except DramalocError:
        return {}


def _is_track(path: Path, manifest: Mapping[str, Entry]) -> bool:
    """Whether a file is the source of one beside it, written again as a track of its own."""
    entry = manifest.get(path.name)
    return entry is not None and not entry.engine and (path.parent / entry.input).exists()


def _reads_as(path: Path, language: str) -> bool:
    try:
        return is_written_in(decode(read_bytes(path), language=language).text, language)
    except DramalocError:
        return True  # let localizing it say what is wrong, rather than pass it over in silence


def plan(
    episodes: Sequence[Episode],
    markets: Sequence[str],
    folder: Path | None,
    suffix: Callable[[Path], str | None] = lambda _path: None,
    naming: str = "",
) -> tuple[Job, ...]:
    """Pair episodes with markets; outputs end as `suffix` says or as their input's content asks.

    They are called as `naming` says, with its fields in braces. Raises `InputError` if an output
    would be lost to another.
    """
    jobs: dict[str, Job] = {}
    inputs = {_folded(episode.path.resolve()) for episode in episodes}
    for episode in episodes:
        ending = suffix(episode.path) or _suffix_for(episode.path)
        for market in markets:
            base = episode.path.parent if folder is None else folder / episode.below
            output = base / output_name(episode.path, market, ending, naming=naming)
            if _folded(output.resolve()) in inputs:
                raise InputError(
                    "the output would overwrite an input", path=output, hint="Choose another -o"
                )
            place = _place(output)
            if place in jobs:
                raise InputError(
                    f"{jobs[place].source} and {episode.path} would both become this file",
                    path=output,
                    hint="Localize them into two folders",
                )
            jobs[place] = Job(
                source=episode.path, market=market, output=output, language=episode.language
            )
    return tuple(jobs.values())


def _place(output: Path) -> str:
    """Name an output as Windows and macOS tell files apart; UTF-8 must be able to record it.

    Raises `InputError` if it cannot.
    """
    try:
        output.name.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "this name is not in UTF-8", path=output.name, hint="Rename the file"
        ) from error
    return _folded(output)


def _folded(path: Path) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _suffix_for(path: Path) -> str:
    try:
        return suffix_for(read_bytes(path), path.suffix)
    except DramalocError:
        return path.suffix  # doing the job will say what is wrong


def _may_be_subtitles(path: Path) -> bool:
    try:
        return may_be_subtitles(read_bytes(path), path.suffix)
    except DramalocError:
        return True
