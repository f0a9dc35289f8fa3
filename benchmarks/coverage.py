"""How many terms of each kind every pack brings, as the table in `glossaries/README.md`.

    uv run python -m benchmarks.coverage
    uv run python -m benchmarks.coverage --write

The first prints the table, the second puts it between its markers in the README.
"""

from __future__ import annotations

import argparse
from collections import Counter

from dramaloc.glossary.tables import rows
from dramaloc.markets.packs import bundled_packs, list_codes, load_market, read_pack

README = bundled_packs() / "README.md"
BEGIN = "<!-- coverage: uv run python -m benchmarks.coverage --write -->"
END = "<!-- end of coverage -->"
_COMMON = 10  # of a pack's terms a kind has, or more, to have a column of its own


def coverage(code: str) -> tuple[Counter[str], int]:
    """Count a pack's own rows by kind, and the terms that apply with all it inherits."""
    own = Counter(row.term.kind or "other" for row in rows(read_pack(bundled_packs() / code).terms))
    return own, len(load_market(code).glossary)


def table() -> str:
    """Write the table: one pack a row, one kind a column, rows of tables counted."""
    found = {code: coverage(code) for code in list_codes()}
    total: Counter[str] = sum((own for own, _ in found.values()), Counter())
    kinds = sorted(kind for kind in total if total[kind] >= _COMMON and kind != "other")
    head = ["market", *kinds, "other", "rows", "terms that apply"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for code, (own, applying) in found.items():
        other = sum(count for kind, count in own.items() if kind not in kinds)
        counts = [*(own[kind] for kind in kinds), other, own.total(), applying]
        lines.append([f"`{code}`", *(str(count or "") for count in counts)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rewritten(readme: str) -> str:
    """Put the table between the markers; it is added at the end where there are none."""
    if BEGIN not in readme:
        readme = f"{readme.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write it into glossaries/README.md")
    if parser.parse_args().write:
        README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())


if __name__ == "__main__":
    main()
