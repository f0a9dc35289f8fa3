"""What is fuzzed: each reader, real files to begin from, and what must hold of what is read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.fuzz.losses import (
    all_in_subrip,
    all_written,
    cues_written,
    echoed,
    letters,
    must_hold,
    same_bytes,
)
from benchmarks.fuzz.mutations import mutated, with_broken_bytes
from dramaloc import documents
from dramaloc.batch.ledger import JOURNAL, read_entries
from dramaloc.batch.manifest import FILE_NAME as MANIFEST
from dramaloc.errors import OutputError
from dramaloc.files import decode
from dramaloc.glossary.exchange import Form, _read
from dramaloc.glossary.tables import compose_table, parse_table
from dramaloc.marketing.field import Wanted
from dramaloc.markets.packs import bundled_packs, read_pack
from dramaloc.memory.tmx import parse_tmx
from dramaloc.review.comments import parse_comments
from dramaloc.review.reading import read_edits
from dramaloc.review.record import read_record
from dramaloc.settings import FILE_NAME as SHOW
from dramaloc.settings import resolve
from dramaloc.subtitles import formats

ROOT = Path(__file__).parents[2]
_ECHOED = 200  # one accepted file in so many goes through the whole pipeline
_MOST_SEED = 1_500  # characters; short files make many cases

Check = Callable[[bytes, int], None]
Make = Callable[[Sequence[str], Random], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A reader under test: `check` raises `DramalocError` for a refusal, and nothing else."""

    seeds: tuple[str, ...]
    check: Check
    make: Make = mutated


def _subtitles(data: bytes, number: int) -> None:
    decoded = decode(data)  # formats.read does the same; once is enough for millions
    document = formats.recognise(decoded.text).parse(decoded, language="zh-Hans")
    if document.format == "srt":
        all_in_subrip(decoded.text, document)
    try:
        written = formats.write(document)
    except OutputError:
        return  # a reference to a character that the file's own encoding lacks
    cues_written(document, written)
    if document.format not in ("srt", "sbv"):
        all_written(decoded.text, document, written)
    if number % _ECHOED == 0:
        echoed(document)


def _broadcast(data: bytes, number: int) -> None:
    document = formats.read(data)
    cues_written(document, formats.write(document))
    if number % _ECHOED == 0:
        echoed(document)


def _copy(name: str, data: bytes, number: int) -> None:
    for whole in (False, True):
        document = documents.read(data, name, whole=whole)
        same_bytes(document, documents.write(document))
    document = documents.read(data, name, wanted={"*": Wanted()})
    if number % _ECHOED == 0:
        echoed(document)


def _table(form: Form, data: bytes, _number: int) -> None:
    terms = _read(data, form, guessing=False, name="fuzz").terms
    if form in ("csv", "tsv"):
        held = "".join("".join(map(str, asdict(t).values())) for t in terms)
        body = decode(data).text
        must_hold(letters(body, foreign=True), letters(held, foreign=True), "not in the table")
        again = parse_table(compose_table(terms), name="fuzz")
        if [(t.source, t.target, t.accept) for t in again] != [
            (t.source, t.target, t.accept) for t in terms
        ]:
            raise AssertionError("a table was written otherwise than it was read")


def _comments(data: bytes, _number: int) -> None:
    parse_comments(decode(data).text)


def _in_folder(name: str, read: Callable[[Path], object], data: bytes, _number: int) -> None:
    path = _folder() / name
    path.write_bytes(data)
    try:
        read(path)
    finally:
        path.unlink()


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def _folder() -> Path:
    if not _KEPT:
        _KEPT.append(tempfile.TemporaryDirectory(prefix="dramaloc-fuzz-"))
    return Path(_KEPT[0].name)


def _packed(seeds: Sequence[str], random: Random) -> bytes:
    """Break a ZIP archive: its bytes, or those of one member."""
    import io
    import zipfile

    data = seeds[0].encode("latin-1")
    if random.random() < 0.5:  # noqa: PLR2004
        return with_broken_bytes(data, random)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = random.choice(old.namelist())
        for name in old.namelist():
            member = old.read(name)
            if name == chosen:
                member = mutated([member.decode("utf-8", "replace")], random)
            new.writestr(name, member)
    return out.getvalue()


def _bytes(seeds: Sequence[str], random: Random) -> bytes:
    return with_broken_bytes(random.choice(seeds).encode("latin-1"), random)


def _pieces(text: str, most: int = 250) -> list[str]:
    """Cut a long file into several of a few blocks each."""
    found, piece = [], ""
    for block in text.split("\n\n"):
        if piece and len(piece) + len(block) > most:
            found.append(piece)
            piece = ""
        piece += block + "\n\n"
    return [*found, piece][:24]


def _read_text(*names: str) -> list[str]:
    paths = [path for name in names for path in sorted(ROOT.glob(name))]
    return [decode(path.read_bytes()).text for path in paths]


def subjects() -> dict[str, Subject]:
    """Return all readers by name."""
    from benchmarks.fuzz.samples import SAMPLES, review_files

    srt = [
        piece
        for text in _read_text(
            "samples/*/E0*.srt", "tests/cases/srt/*.srt", "tests/cases/check/a*.srt"
        )
        for piece in _pieces(text)
    ]
    packs = bundled_packs()
    table = _read_text("samples/indigo-house/names.csv")[0]
    tables = [
        table[:_MOST_SEED],
        *(text[:_MOST_SEED] for text in _read_text("glossaries/en/*.csv")),
    ]
    show = _read_text("samples/indigo-house/dramaloc.toml")
    found = {
        "srt": Subject(seeds=tuple(srt), check=_subtitles),
        **{
            kind: Subject(
                seeds=(*(text[:6000] for text in _read_text(f"tests/cases/formats/indigo.{kind}")),
                       *SAMPLES[kind]),
                check=_subtitles,
            )
            for kind in ("vtt", "ass", "ttml", "sbv")
        },
        "scc": Subject(seeds=SAMPLES["scc"], check=_broadcast),
        "stl": Subject(seeds=SAMPLES["stl"], check=_broadcast, make=_bytes),
        "copy md": _copied("synopsis.zh-Hans.md"),
        "copy txt": _copied("synopsis.zh-Hans.md", as_name="synopsis.txt"),
        "copy csv": _copied("titles.zh-Hans.csv"),
        "copy json": _copied("cast.zh-Hans.json"),
        "terms csv": Subject(seeds=tuple(tables), check=partial(_table, "csv")),
        "terms tsv": Subject(
            seeds=tuple(text.replace(",", "\t") for text in tables), check=partial(_table, "tsv")
        ),
        "omegat": Subject(seeds=SAMPLES["omegat"], check=partial(_table, "omegat")),
        "tbx": Subject(seeds=SAMPLES["tbx"], check=partial(_table, "tbx")),
        "tmx": Subject(
            seeds=SAMPLES["tmx"], check=lambda data, _number: void(parse_tmx(data, "en-US"))
        ),
        "comments": Subject(seeds=SAMPLES["comments"], check=_comments),
        "market.toml": Subject(
            seeds=tuple(path.read_text("utf-8") for path in sorted(packs.glob("e*/market.toml"))),
            check=partial(_in_folder, "market.toml", lambda path: read_pack(path.parent)),
        ),
        "dramaloc.toml": Subject(
            seeds=(*show, *SAMPLES["dramaloc.toml"]),
            check=partial(_in_folder, SHOW, lambda path: resolve({}, {}, path)),
        ),
        "manifest": Subject(
            seeds=SAMPLES["manifest"],
            check=partial(_in_folder, MANIFEST, lambda path: read_entries(path.parent)),
        ),
        "journal": Subject(
            seeds=SAMPLES["journal"],
            check=partial(_in_folder, JOURNAL, lambda path: read_entries(path.parent)),
        ),
        "record": Subject(
            seeds=SAMPLES["record"],
            check=partial(
                _in_folder,
                "E01.srt.review.json",
                lambda path: read_record(path.with_name("E01.srt")),
            ),
        ),
    }  # fmt: skip
    handed = review_files()
    for kind, text in handed.items():
        found[f"review {kind}"] = Subject(
            seeds=(text,),
            check=lambda data, _number: void(read_edits(data, name="fuzz")),
            make=_packed if kind == "xlsx" else mutated,
        )
    return found


def void(_result: object) -> None:
    """Take a result that only had to come."""


def _copied(name: str, as_name: str = "") -> Subject:
    (text,) = _read_text(f"samples/indigo-house/copy/{name}")
    return Subject(seeds=(text[:_MOST_SEED],) if name.endswith("md") else (text,),
                   check=partial(_copy, as_name or name))  # fmt: skip
