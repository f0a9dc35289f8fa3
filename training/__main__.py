"""One command from the corpus to the package: see the README beside this file."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.model import Size
from training.pipeline import Course, Paths, assembled, train
from training.publish import Publication, publish
from training.trainer import Log, Plan

# What the corpus has taught is not to be shaken.
ANSWERS_RATE = 0.25

HERE = Path(__file__).resolve().parent


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    made.add_argument("--corpus", type=Path, default=HERE.parent.parent / "shared" / "corpus")
    made.add_argument("--authored", type=Path, default=HERE / "authored", help="more dialogue")
    made.add_argument("--samples", type=Path, default=HERE.parent / "samples")
    made.add_argument("--work", type=Path, default=HERE / ".runs" / "starter")
    made.add_argument("--minutes", type=float, default=120, help="of training, over all restarts")
    made.add_argument("--answers", type=float, default=60, help="minutes of learning from its own")
    made.add_argument("--tokens", type=int, default=2_000, help="in a batch; 16000 on a GPU")
    made.add_argument("--rate", type=float, default=1e-3)
    made.add_argument("--agreement", type=float, default=0.0, help="weight of R-Drop")
    made.add_argument("--tokenizer", type=Path, help="a SentencePiece model to use again")
    made.add_argument("--initial", type=Path, help="weights to begin with")
    made.add_argument(
        "--no-training", action="store_true", help="make the package from the last checkpoint"
    )
    made.add_argument("--publish", type=Path, help="put the finished package here")
    made.add_argument("--version", default="0.2")
    made.add_argument("--notes", type=Path, help="Markdown to add to the model card")
    return made


def logger(path: Path) -> Log:
    def log(text: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return log


def main(arguments: Sequence[str]) -> int:
    given = parser().parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    paths = Paths(
        corpus=given.corpus,
        more_authored=given.authored,
        samples=given.samples,
        work=given.work,
        tokenizer=given.tokenizer,
        initial=given.initial,
    )
    log = logger(given.work / "log.txt")
    plan = Plan(
        minutes=given.minutes, tokens=given.tokens, rate=given.rate, agreement=given.agreement
    )
    answers = replace(plan, minutes=given.answers, rate=given.rate * ANSWERS_RATE, agreement=0.0)
    course = Course(corpus=plan, answers=answers)
    if not given.no_training:
        trainer = train(paths, assembled(paths, log), course, Size(), log)
        if trainer.asked_to_stop:
            log("stopped: the same command goes on from here")
            return 1
    notes = given.notes.read_text(encoding="utf-8").strip() if given.notes else ""
    publication = Publication(place=given.publish, version=given.version, notes=notes)
    publish(paths, Size(), publication, log)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
