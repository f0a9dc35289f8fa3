"""Run subjects for as many cases as asked; print progress, counts and what was found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.fuzz.loop import fuzz
from benchmarks.fuzz.subjects import subjects


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("names", nargs="*", help="readers; default: all")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--found", type=Path, help="folder for cases that were found")
    parser.add_argument("--counts", type=Path, help="file to append each reader's counts to")
    asked = parser.parse_args()
    known = subjects()
    for name in asked.names or known:
        tally = fuzz(name, known[name], asked.cases, first=asked.first, say=print)
        print(tally.line(name), flush=True)
        if asked.counts:
            with asked.counts.open("a", encoding="utf-8") as file:
                file.write(json.dumps(tally.data(name), ensure_ascii=False) + "\n")
        for case in tally.found:
            print(f"  case {case.number}: {case.error}", flush=True)
            if asked.found:
                asked.found.mkdir(parents=True, exist_ok=True)
                file_name = f"{name.replace(' ', '-')}-{case.number}"
                (asked.found / file_name).write_bytes(case.data)


main()
