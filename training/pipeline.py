"""The recipe from the corpus to the trained weights, each step written so that it can restart."""

import hashlib
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from training import languages, weights
from training.blend import Material
from training.cleaning import Forbidden
from training.corpus import Corpus, assemble, sample_lines
from training.model import Dropout, Size
from training.pairs import read_pairs, write_corpus
from training.templates import read_templates
from training.terms import align, noun_lexicon
from training.tokenizer import ensure_tokenizer, load_tokenizer
from training.trainer import Log, Plan, Trainer
from training.tutor import Tutor


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where things come from and go to."""

    corpus: Path
    more_authored: Path
    samples: Path
    work: Path
    tokenizer: Path | None
    initial: Path | None

    @property
    def sentencepiece(self) -> Path:
        return self.work / "sentencepiece.model"

    @property
    def state(self) -> Path:
        return self.work / "state.pt"

    @property
    def answers_state(self) -> Path:
        """Of the second half, in which the model learns from its own answers."""
        return self.work / "answers.pt"


def assembled(paths: Paths, log: Log) -> Corpus:
    """Assemble the corpus anew (a minute) and write it with its provenance."""
    corpus = assemble(paths.corpus, paths.more_authored, paths.samples, languages.simplifier())
    paths.work.mkdir(parents=True, exist_ok=True)
    train = paths.work / "train.tsv"
    write_corpus(train, corpus.train)
    # Every corpus a run has seen stays beside the newest: the check for leaks reads them all.
    digest = hashlib.sha256(train.read_bytes()).hexdigest()
    shutil.copyfile(train, paths.work / f"train-{digest[:12]}.tsv")
    write_corpus(paths.work / "dev.tsv", corpus.dev)
    write_corpus(paths.work / "held-out.tsv", corpus.held_out)
    log(f"train {len(corpus.train)} dev {len(corpus.dev)} held out {len(corpus.held_out)}")
    return corpus


def material_of(paths: Paths, corpus: Corpus, log: Log) -> Material:
    """Align the terms in every line and collect what lines are generated from."""
    lexicon = noun_lexicon(read_pairs(paths.corpus / "cc-cedict" / "zh-en.tsv", "cc-cedict"))
    lines = tuple(
        align(pair, lexicon, languages.noun_words, languages.syllables)
        for pair in corpus.train
        if pair.kind != "cc-cedict" or languages.is_common(pair.source)
    )
    forbidden = Forbidden.of(
        evaluation=[pair.source for pair in (*corpus.dev, *corpus.held_out)],
        samples=sample_lines(paths.samples),
    )
    material = Material(
        lines=lines,
        templates=tuple(read_templates(paths.corpus / "authored")),
        nouns=languages.common_nouns(lexicon),
        forbidden=forbidden,
        syllables=languages.syllables,
    )
    with_terms = sum(bool(line.terms) for line in lines)
    log(f"lines with terms {with_terms} templates {len(material.templates)}")
    return material


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long to learn, and how: from the corpus first, then from the model's own answers too."""

    corpus: Plan
    answers: Plan


def train(paths: Paths, corpus: Corpus, course: Course, size: Size, log: Log) -> Trainer:
    """Make or load the tokenizer, then train until the course's time is used up."""
    # Not the dictionary: its rare characters alone would fill the vocabulary.
    sentences = (pair for pair in corpus.train if pair.kind != "cc-cedict")
    texts = (text for pair in sentences for text in (pair.source, pair.target))
    ensure_tokenizer(paths.sentencepiece, paths.tokenizer, texts, size.vocabulary)
    tokenizer = load_tokenizer(paths.sentencepiece)
    first = Trainer(course.corpus, size, Dropout(), tokenizer, paths.state)
    if not first.resume() and paths.initial is not None:
        first.start_from(weights.load(paths.initial))
    second = Trainer(course.answers, size, Dropout(), tokenizer, paths.answers_state)
    if not second.resume() and not course.answers.minutes:
        second = first
    if second.progress.steps and second.share_done() >= 1:
        return second
    material = material_of(paths, corpus, log)
    with _stopping(first, second):
        if first.share_done() < 1:
            first.run(material, corpus.dev, log)
        if second is first or first.asked_to_stop:
            return first
        if not second.progress.steps:
            second.start_from(first.average)
        Tutor(second, material, paths.sentencepiece).run(corpus.dev, log)
        return second


@contextmanager
def _stopping(*trainers: Trainer) -> Iterator[None]:
    """Whoever needs the machine may end the run at any time: it saves and can go on later."""

    def stop(*_: object) -> None:
        for trainer in trainers:
            trainer.stop()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
