"""From a training run to a finished package: export, measure, write the card, put in place."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from training import weights
from training.attribution import write_attribution
from training.card import Facts, card
from training.evaluate import Package, evaluate, table
from training.export import name_length_penalty, swap_in, write_package
from training.model import Dropout, Size, Transformer
from training.pairs import read_corpus
from training.pipeline import Paths
from training.tokenizer import load_tokenizer, output_ids, placeholder_ids
from training.trainer import Log

LIMIT_MEGABYTES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where the finished package goes, under which version, with which remarks on its card."""

    place: Path | None
    version: str
    notes: str


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def averaged_model(paths: Paths, size: Size) -> Transformer:
    """The averaged weights of the run's last state."""
    tokenizer = load_tokenizer(paths.sentencepiece)
    model = Transformer(size, Dropout(), output_ids(tokenizer), placeholder_ids(tokenizer))
    last = paths.answers_state if paths.answers_state.exists() else paths.state
    state = torch.load(last, map_location="cpu", weights_only=True)
    model.load_state_dict(state["average"])
    return model.eval()


def publish(paths: Paths, size: Size, publication: Publication, log: Log) -> Path:
    """Make the package in the work folder; if a place is given, put it there too."""
    model, folder = averaged_model(paths, size), paths.work / "zh_en-starter"
    weights.save_half(model.state_dict(), paths.work / "weights.fp16.pt")
    write_package(model, paths.sentencepiece, publication.version, folder)
    write_attribution(paths.corpus / "tatoeba" / "attribution.txt", folder)
    package = Package.open(folder)
    found = evaluate(package, paths.work, paths.corpus)
    (paths.work / "evaluation.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    name_length_penalty(folder, found["length_penalty"])
    log("evaluation\n" + table(found))
    dev = read_corpus(paths.work / "dev.tsv")
    facts = Facts(
        version=publication.version,
        megabytes=megabytes(folder),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        layers=f"{size.encoder_layers} encoder and {size.decoder_layers} decoder layers",
        notes=publication.notes,
        train=read_corpus(paths.work / "train.tsv"),
        dev=dev,
        outputs=package.translate([pair.source for pair in dev], found["length_penalty"]),
        log=(paths.work / "log.txt").read_text(encoding="utf-8").splitlines(),
    )
    (folder / "README.md").write_text(card(facts, found), encoding="utf-8")
    if megabytes(folder) > LIMIT_MEGABYTES:
        raise SystemExit(f"{folder} is larger than {LIMIT_MEGABYTES} MB: not published")
    if publication.place is not None:
        swap_in(folder, publication.place)
        log(f"published {publication.version} to {publication.place}")
    return folder
