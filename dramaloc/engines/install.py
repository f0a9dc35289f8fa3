"""Installing Argos packages: from the index or a file, whole or not at all.

argostranslate can install too, but imports its translator to do so, which needs a sentence
splitter of several gigabytes, and unpacks whatever an archive holds.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import stat
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dramaloc.engines.argos import ArgosEngine
from dramaloc.engines.engine import Request, nothing_done
from dramaloc.engines.packages import Package, find_packages, read_package
from dramaloc.errors import DramalocError, EngineError, EngineNotInstalledError, InputError

_MOST_FILES = 2_000
_MOST_BYTES = 4 * 1024**3  # the largest Argos package so far is a tenth of this
_MOST_RATIO = 200
_CHUNK = 1 << 18
_CODE = re.compile(r"[a-z]{2,3}")
_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """A package in the index."""

    from_code: str
    to_code: str
    version: str
    links: tuple[str, ...]


def available(argos: Any) -> tuple[Available, ...]:
    """Read the package index anew; `argos` is argostranslate's `package` module.

    Raises `EngineError` if the index cannot be had and none is stored.
    """
    logger = logging.getLogger("argostranslate.utils")
    before, logger.disabled = logger.disabled, True  # it logs what we are about to say better
    try:
        argos.update_package_index()
    finally:
        logger.disabled = before
    index = Path(argos.settings.local_package_index)
    if not index.is_file():  # argostranslate would try again for ever
        raise EngineError(
            f"the package index at {argos.settings.remote_package_index} cannot be read",
            hint="Check the network, or set ARGOS_PACKAGE_INDEX to a mirror's folder",
        )
    try:
        found = argos.get_available_packages()
    except (ValueError, TypeError, AttributeError) as error:
        raise EngineError("the package index is damaged", path=index) from error
    return tuple(
        Available(
            from_code=each.from_code,
            to_code=each.to_code,
            version=str(each.package_version),
            links=tuple(link for link in each.links if link.startswith(("http://", "https://"))),
        )
        for each in found
        if each.type == "translate" and each.from_code and each.to_code
    )


def newest(packages: Sequence[Available], from_code: str, to_code: str) -> Available:
    """Choose the newest package of a pair. Raises `EngineNotInstalledError` if there is none."""
    from packaging.version import InvalidVersion, Version

    def age(package: Available) -> Version:
        try:
            return Version(package.version)
        except InvalidVersion:
            return Version("0")

    matching = [p for p in packages if (p.from_code, p.to_code) == (from_code, to_code)]
    if not matching:
        raise EngineNotInstalledError(
            f"the index has no package from {from_code} to {to_code}",
            hint="See 'dramaloc models list --available', or import a file",
        )
    return max(matching, key=age)


def download(
    package: Available, folder: Path, done: Callable[[int, int], None] = lambda _done, _all: None
) -> Path:
    """Download a package into `folder`, going on where an earlier try broke off.

    `done` is called with the bytes so far and in all (0 if the server does not say).
    Raises `EngineError` if no link works.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"translate-{package.from_code}_{package.to_code}-{package.version}.argosmodel"
    part = folder / f"{name}.part"
    problem = "it has no link"
    for link in package.links:
        try:
            _fetch(link, part, done)
        except (OSError, urllib.error.URLError) as error:
            problem = str(error)
            continue
        return part.replace(folder / name)
    raise EngineError(
        f"{name} cannot be downloaded ({problem})", hint="Run the same command again to go on"
    )


def _fetch(link: str, part: Path, done: Callable[[int, int], None]) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(link, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310  # http and https only, see available()
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code != 416:  # noqa: PLR2004  # nothing left to send: the file is there already
            raise
        return
    with response:
        resumed = response.status == 206  # noqa: PLR2004  # partial content
        have = have if resumed else 0
        total = have + int(response.headers.get("Content-Length") or 0)
        with part.open("ab" if resumed else "wb") as file:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                have += len(chunk)
                done(have, total)
    if total and have < total:
        raise OSError(f"the connection ended after {have} of {total} bytes")


def install(archive: Path, folder: Path) -> Package:
    """Install a package file into an Argos folder, replacing older ones of its pair.

    The archive is checked before anything is unpacked, and the model tried before it gets its
    place, so that a bad file leaves nothing behind. Raises `InputError` saying what is wrong.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the folder, not in it: other Argos tools fail on a folder without metadata.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".dramaloc-") as scratch:
        try:
            root = _unpack(archive, Path(scratch))
        except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
            raise InputError(
                f"this archive is damaged ({error})", path=archive, hint="Get it again"
            ) from error
        package = _tried(root, archive)
        older = [p for p in find_packages([folder]) if _pair(p) == _pair(package)]
        place = folder / root.name
        if place.exists():
            place.rename(Path(scratch) / "replaced")
        root.rename(place)
        for other in older:
            if other.path != place:
                shutil.rmtree(other.path)
    return _known(place)


def remove(package: Package) -> None:
    """Remove an installed package. Raises `InputError` for one that came with dramaloc."""
    if package.bundled:
        raise InputError("this model came with dramaloc", path=package.path, hint="Leave it there")
    with tempfile.TemporaryDirectory(dir=package.path.parent.parent, prefix=".dramaloc-") as away:
        package.path.rename(Path(away) / "removed")


def _pair(package: Package) -> tuple[str, str]:
    return package.from_code, package.to_code


def _unpack(archive: Path, scratch: Path) -> Path:
    """Unpack an archive that holds one folder and nothing suspicious; return that folder."""
    if not zipfile.is_zipfile(archive):
        raise InputError("this is no Argos package (no zip archive)", path=archive)
    with zipfile.ZipFile(archive) as packed:
        members = packed.infolist()
        roots = {_checked(member, archive).parts[0] for member in members}
        if len(roots) != 1:
            raise InputError("a package holds one folder, this holds several", path=archive)
        _refuse_bombs(members, archive)
        damaged = packed.testzip()
        if damaged:
            raise InputError(f"{damaged} in this archive is damaged", path=archive)
        packed.extractall(scratch)
    return scratch / roots.pop()


def _checked(member: zipfile.ZipInfo, archive: Path) -> PurePosixPath:
    path = PurePosixPath(member.filename)
    unsafe = (
        path.is_absolute()
        or not path.parts
        or ".." in path.parts
        or any(char in member.filename for char in "\\:\0")
        or path.parts[0].startswith(".")
        or stat.S_ISLNK(member.external_attr >> 16)
    )
    if unsafe:
        raise InputError(
            f"{member.filename!r} in this archive would be written elsewhere",
            path=archive,
            hint="Do not trust this file",
        )
    return path


def _refuse_bombs(members: Sequence[zipfile.ZipInfo], archive: Path) -> None:
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > _MOST_FILES or size > _MOST_BYTES or size > _MOST_RATIO * max(packed, 1):
        raise InputError(
            f"this archive would unpack to {len(members)} files of {size} bytes",
            path=archive,
            hint="Do not trust this file",
        )


def _tried(root: Path, archive: Path) -> Package:
    """Load a package from where it was unpacked and translate a word with it."""
    _check_metadata(root, archive)
    package = _known(root, archive)
    try:
        engine = ArgosEngine(packages=[package])
        engine.translate([Request(text="1")], package.from_code, package.to_code, nothing_done)
    except DramalocError as error:
        raise InputError(
            f"the model in this archive does not work ({error.message})",
            path=archive,
            hint="Get it again",
        ) from error
    return package


def _check_metadata(root: Path, archive: Path) -> None:
    try:
        said = json.loads((root / "metadata.json").read_text(encoding="utf-8"))
        codes = [said["from_code"], said["to_code"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("its metadata.json cannot be read", path=archive) from error
    for code in codes:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise InputError(f"its metadata names a language {code!r}", path=archive)


def _known(root: Path, archive: Path | None = None) -> Package:
    package = read_package(root)
    if package is None:
        raise InputError(
            "it lacks a model folder or a tokenizer", path=archive or root, hint="Get it again"
        )
    return package
