"""Credit as the licences of the corpus ask for it, small enough to travel with the model."""

import lzma
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_CREDIT = re.compile(r"#(\d+) \(([^)]+)\)")

SENTENCES_FILE = "tatoeba-attribution.txt.xz"

_HEAD = """\
# Attribution

The model in this folder was trained on text by others, used under these licences.

**CC-CEDICT** (release of 2026-06-12), by the editors of CC-CEDICT and MDBG,
https://cc-cedict.org, Creative Commons Attribution-ShareAlike 4.0 International,
https://creativecommons.org/licenses/by-sa/4.0/. Headwords with their first plain gloss were
used; notes, readings and rare entries were left out.

**Tatoeba**, https://tatoeba.org, Creative Commons Attribution 2.0 France,
https://creativecommons.org/licenses/by/2.0/fr/. Chinese sentences with English translations were
used, traditional characters changed to simplified ones and punctuation varied. Every sentence
with its number and author is listed in `{file}` (`xz -dc {file}`). The authors, with the number
of sentences:

"""


def sentence_counts(lines: Iterable[str]) -> Counter[str]:
    """How many sentences each author gave.

    >>> line = "CC-BY 2.0 (France) Attribution: tatoeba.org #538123 (CM) & #891077 (Martha)"
    >>> sorted(sentence_counts([line, line]).items())
    [('CM', 1), ('Martha', 1)]
    """
    sentences = {credit for line in lines for credit in _CREDIT.findall(line)}
    return Counter(author for _, author in sentences)


def attribution_text(authors: Counter[str]) -> str:
    ranked = sorted(authors.items(), key=lambda item: (-item[1], item[0]))
    names = ", ".join(f"{author} ({count})" for author, count in ranked)
    return _HEAD.format(file=SENTENCES_FILE) + names + "\n"


def write_attribution(tatoeba_lines: Path, folder: Path) -> None:
    """Write ``ATTRIBUTION.md`` and the compressed list of sentences into the package."""
    text = tatoeba_lines.read_text(encoding="utf-8")
    (folder / "ATTRIBUTION.md").write_text(
        attribution_text(sentence_counts(text.splitlines())), encoding="utf-8"
    )
    (folder / SENTENCES_FILE).write_bytes(lzma.compress(text.encode(), preset=9))
