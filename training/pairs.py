"""A sentence pair that remembers where it came from, and the files it is kept in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One Chinese line and its English, with the file (and 1-based line) it was read from."""

    source: str
    target: str
    origin: str

    @property
    def kind(self) -> str:
        """The folder of the corpus the pair belongs to.

        >>> Pair(source="你好", target="Hello.", origin="tatoeba/zh-en.tsv:2").kind
        'tatoeba'
        """
        return self.origin.partition("/")[0]


def follows(first: Pair, second: Pair) -> bool:
    """Whether ``second`` stands on the line right after ``first`` in the same file.

    >>> a = Pair(source="喂", target="Hello?", origin="authored/x.tsv:7")
    >>> b = Pair(source="是我", target="It's me.", origin="authored/x.tsv:8")
    >>> follows(a, b), follows(b, a)
    (True, False)
    """
    file, _, line = first.origin.rpartition(":")
    return line.isdigit() and second.origin == f"{file}:{int(line) + 1}"


def read_columns(path: Path, count: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the 1-based number and the stripped columns of every well-formed line."""
    # newline="\n": str.splitlines would also cut at U+2028 and lose the count of lines.
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            columns = [column.strip() for column in line.rstrip("\r\n").split("\t")]
            if len(columns) == count and all(columns):
                yield number, columns


def read_pairs(path: Path, folder: str) -> list[Pair]:
    """Read a two-column file; ``folder`` becomes the first part of each pair's origin."""
    return [
        Pair(source=source, target=target, origin=f"{folder}/{path.name}:{number}")
        for number, (source, target) in read_columns(path, 2)
    ]


def read_corpus(path: Path) -> list[Pair]:
    """Read what `write_corpus` wrote."""
    return [
        Pair(source=source, target=target, origin=origin)
        for _, (source, target, origin) in read_columns(path, 3)
    ]


def write_corpus(path: Path, pairs: Iterable[Pair]) -> None:
    """Write ``source<TAB>target<TAB>origin`` lines."""
    lines = (f"{pair.source}\t{pair.target}\t{pair.origin}\n" for pair in pairs)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
