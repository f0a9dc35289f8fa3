"""Argos packages on CTranslate2: found through argostranslate, run without its sentence splitter.

argostranslate's `translate` module splits what it gets at newlines and into sentences again
and translates one text a call. Here whole batches go to CTranslate2, each text as one segment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby, product
from pathlib import Path
from threading import Lock
from typing import Any

import platformdirs

from dramaloc.engines.engine import Candidate, Capability, Request, nothing_done
from dramaloc.engines.packages import (
    Package,
    argos_code,
    argos_codes,
    find_packages,
    open_package,
)
from dramaloc.engines.shortlist import MAP, shortlist
from dramaloc.engines.standins import Family, learn, remembered
from dramaloc.errors import EngineError, EngineNotInstalledError
from dramaloc.letters import HAN

PIVOT = "en"
_MAX_BATCH_TOKENS = 512  # 256 to 1024 differ by less than two measurements do
_MAX_SCORED_TOKENS = 128  # scoring 600 texts took about a sixth less time than with 512
SCORE_DIGITS = 2
_CHUNK = 256  # texts between two progress reports


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgosOptions:
    """How to decode. `threads` 0 takes every core; the result does not depend on it.

    `length_penalty` None takes what the package itself names as best. On the two episodes of
    `samples/indigo-house` the starter model 0.3 had chrF 39.4, 40.2 and 40.5 with beam 1, 2 and
    4, in 3.1, 3.7 and 5.6 seconds of the processor.
    """

    device: str = "cpu"
    threads: int = 0
    beam_size: int = 4
    length_penalty: float | None = None


@dataclass(frozen=True, slots=True)
class _Loaded:
    translator: Any
    tokenizer: Any
    target_prefix: str
    length_penalty: float
    shortlisted: bool


class ArgosEngine:
    name = "argos"
    capabilities: frozenset[Capability] = frozenset({"n-best", "score", "prefix", "suppress"})

    def __init__(
        self, options: ArgosOptions | None = None, packages: Sequence[Package] | None = None
    ) -> None:
        self._options = options or ArgosOptions()
        self._packages = packages
        self._loaded: dict[Package, _Loaded] = {}
        self._loading = Lock()  # episodes translated at the same time share one model

    @property
    def packages(self) -> Sequence[Package]:
        if self._packages is None:
            self._packages = find_packages()
        return self._packages

    def route(self, source: str, target: str) -> tuple[str, ...]:
        if self._find(source, target):
            return (source, target)
        if self._find(source, PIVOT) and self._find(PIVOT, target):
            return (source, PIVOT, target)
        one, other = argos_code(source), argos_code(target)
        if one == other:
            raise EngineNotInstalledError(
                f"Argos does not translate {one} into itself",
                hint="Name another market, or say --from LANG if the input is in another language",
            )
        pivot = "" if PIVOT in (one, other) else f", nor {one} to {PIVOT} to {other}"
        begun = bool(pivot) and self._find(source, PIVOT) is not None
        pair = (PIVOT if begun else one, other)
        raise EngineNotInstalledError(
            f"no Argos package translates {one} to {other}{pivot}",
            hint=f"Get one with: dramaloc models install {pair[0]} {pair[1]}",
            pair=pair,
        )

    def package(self, source: str, target: str) -> Package:
        """Return the package of a direct pair. Raises `EngineNotInstalledError`."""
        found = self._find(source, target)
        if found is None:
            self.route(source, target)
            raise EngineNotInstalledError(f"{source} to {target} needs a pivot")
        return found

    def signature(self, source: str, target: str) -> str:
        package, options = self.package(source, target), self._options
        penalty = self._penalty(package)
        return (
            f"argos/{package.from_code}-{package.to_code}@{package.version}+{package.digest}"
            f" ctranslate2/{version('ctranslate2')}"
            f" beam={options.beam_size} length-penalty={penalty}"
        )

    def notice(self, source: str, target: str) -> str:
        package = self.package(source, target)
        if not package.bundled:
            return ""
        pair = f"{package.from_code} to {package.to_code}"
        return f"{pair} is served by the small starter model: expect a rough draft"

    def stand_ins(self, source: str, target: str) -> tuple[Family, ...]:
        def translate(texts: Sequence[str]) -> list[str]:
            requests = [Request(text=text) for text in texts]
            return [found[0].text for found in self.translate(requests, source, target)]

        path = platformdirs.user_cache_path("dramaloc") / "stand-ins.json"
        signature = self.signature(source, target)
        return remembered(path, signature, lambda: learn(translate, source))

    def translate(
        self,
        requests: Sequence[Request],
        source: str,
        target: str,
        done: Callable[[int], None] = nothing_done,
    ) -> list[tuple[Candidate, ...]]:
        model = self._load(self.package(source, target))
        found: dict[Request, tuple[Candidate, ...]] = {}
        unique = sorted(dict.fromkeys(requests), key=lambda r: (_settings(r), len(r.text), r.text))
        for _, same in groupby(unique, key=_settings):
            for chunk in _chunks(list(same)):
                found |= zip(chunk, self._decode(model, chunk), strict=True)
                done(len(chunk))
        done(len(requests) - len(unique))
        return [found[request] for request in requests]

    def _decode(self, model: _Loaded, requests: Sequence[Request]) -> list[tuple[Candidate, ...]]:
        """Decode requests that have their `_settings` in common."""
        count, suppress, may = _settings(requests[0])
        encode = model.tokenizer.encode
        prefixes = [_prefix(model, request) for request in requests]
        try:
            results = model.translator.translate_batch(
                [encode(request.text) for request in requests],
                target_prefix=[prefix or None for prefix in prefixes],
                suppress_sequences=[encode(text) for text in suppress] or None,
                beam_size=max(self._options.beam_size, count),
                num_hypotheses=count,
                length_penalty=model.length_penalty,
                max_batch_size=_MAX_BATCH_TOKENS,
                batch_type="tokens",
                return_scores=True,
                replace_unknowns=True,
                use_vmap=model.shortlisted and may,
            )
        except RuntimeError as error:
            raise EngineError(f"the model failed: {error}") from error
        return [
            tuple(
                Candidate(
                    text=_text(model, hypothesis),
                    score=_mean(score, len(hypothesis), len(begun), model.length_penalty),
                )
                for hypothesis, score in zip(result.hypotheses, result.scores, strict=True)
            )
            for result, begun in zip(results, prefixes, strict=True)
        ]

    def score(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[float]:
        model = self._load(self.package(source, target))
        lead = len(_prefix(model, Request(text="")))
        try:
            results = model.translator.score_batch(
                [model.tokenizer.encode(text) for text, _ in pairs],
                [_prefix(model, Request(text="", prefix=rendering)) for _, rendering in pairs],
                max_batch_size=_MAX_SCORED_TOKENS,
                batch_type="tokens",
            )
        except RuntimeError as error:
            raise EngineError(f"the model failed: {error}") from error
        said = [found.log_probs[lead:] for found in results]
        return [_rounded(sum(each) / max(1, len(each))) for each in said]

    def _find(self, source: str, target: str) -> Package | None:
        pairs = list(product(argos_codes(source), argos_codes(target)))
        return next(
            (p for pair in pairs for p in self.packages if (p.from_code, p.to_code) == pair), None
        )

    def _penalty(self, package: Package) -> float:
        chosen = self._options.length_penalty
        return package.length_penalty if chosen is None else chosen

    def _load(self, package: Package) -> _Loaded:
        with self._loading:
            if package not in self._loaded:
                self._loaded[package] = self._open(package)
            return self._loaded[package]

    def _open(self, package: Package) -> _Loaded:
        from ctranslate2 import Translator

        opened = open_package(package)
        try:
            model = package.path / "model"
            listed = shortlist(_read(model, ("*vocabulary.*", MAP)), package.to_code)
            translator = Translator(
                str(model),
                files={**_read(model, ("*",)), MAP: listed} if listed else None,
                device=self._options.device,
                inter_threads=self._options.threads or os.cpu_count() or 1,
                intra_threads=1,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineError(
                f"the model cannot be loaded ({str(error).partition('. ')[0]})",
                path=package.path,
                hint="Install the package anew",
            ) from error
        return _Loaded(
            translator=translator,
            tokenizer=opened.tokenizer,
            target_prefix=opened.target_prefix,
            length_penalty=self._penalty(package),
            shortlisted=bool(listed),
        )


def _read(folder: Path, patterns: Iterable[str]) -> dict[str, bytes]:
    """Return the files of a folder by their names; a large model's are read only if need be."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {path.name: path.read_bytes() for path in sorted(found)}


def _mean(score: float, length: int, given: int, penalty: float) -> float:
    """Turn CTranslate2's score, divided by a power of the length, into a mean over own pieces.

    The end of the text is one of them. `given` pieces were forced, which the score leaves out.
    """
    return _rounded(score * (length + 1) ** penalty / max(1, length + 1 - given))


def _rounded(score: float) -> float:
    """Drop the digits that depend on which texts shared a batch, so that choices do not.

    Among 5,000 segments in ten shapes of batch the largest difference was 0.0001
    (`benchmarks/batching.py`).
    """
    return round(score, SCORE_DIGITS)


def _settings(request: Request) -> tuple[int, tuple[str, ...], bool]:
    """What CTranslate2 takes once for a whole batch; last whether it may be from the shortlist.

    CTranslate2 4.8 counts what to suppress in the whole vocabulary even where it has a shortlist,
    and then leaves out other words.
    """
    may = not (request.suppress or HAN.search(request.prefix))
    return request.hypotheses, request.suppress, may


def _chunks(requests: Sequence[Request]) -> Iterator[Sequence[Request]]:
    return (requests[start : start + _CHUNK] for start in range(0, len(requests), _CHUNK))


def _prefix(model: _Loaded, request: Request) -> list[str]:
    lead = [model.target_prefix] if model.target_prefix else []
    return lead + (model.tokenizer.encode(request.prefix) if request.prefix else [])


def _text(model: _Loaded, tokens: Sequence[str]) -> str:
    led = bool(model.target_prefix) and list(tokens[:1]) == [model.target_prefix]
    return str(model.tokenizer.decode(list(tokens[1:] if led else tokens))).strip()
