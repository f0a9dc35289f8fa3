"""Make `en_es-toy`, a tiny English to Spanish Argos package that copies ⟦0⟧ to ⟦7⟧ and names.

The tests pivot through English with it. It knows the sentences of `en_es.toml`, written for it.
Needs torch, sentencepiece and ctranslate2, and some minutes on one core; the seeds are fixed.
"""
# ruff: noqa: S311, T201 -- nothing here is secret, and a script may print

import io
import math
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import ctranslate2
import sentencepiece
import torch
from ctranslate2.specs import transformer_spec
from torch import Tensor, nn
from torch.nn import functional

FOLDER = Path(__file__).with_name("en_es-toy")
DATA = tomllib.loads(FOLDER.with_name("en_es.toml").read_text(encoding="utf-8"))
MARKS = tuple(f"⟦{number}⟧" for number in range(8))
PAD, UNK, BOS, EOS = range(4)
SPECIAL = {"pad_id": PAD, "unk_id": UNK, "bos_id": BOS, "eos_id": EOS}
VOCABULARY, WIDTH, HIDDEN, HEADS, LAYERS, POSITIONS = 1_000, 96, 384, 4, 2, 256
PAIRS, STEPS, BATCH, RATE, WARM_STEPS = 16_000, 1_500, 64, 3e-3, 150
NAMES, SYLLABLES = DATA["names"].split(), DATA["syllables"].split()
CHOICES = {
    kind: [tuple(side.strip() for side in line.split("=")) for line in text.strip().splitlines()]
    for kind, text in DATA["rules"].items()
}
HIDEABLE = frozenset(("thing", "mass", "item", "who", "voc", "place", "name"))
ARTICLES = {"el": "la", "un": "una", "este": "esta"}
SLOT = re.compile(r"\{(?:(el|un|este) )?([a-z]+)([23]?)(?:\.(\d))?(?: for (\w+))?\}")
FEMININE = ("Anna", "Maria", "Laura", "ella", "mamá")


class Phrase(NamedTuple):
    en: str
    es: str
    article: str = ""  # dictionary form, where the Spanish takes one
    ending: str = "o"


def grow(kind: str, rng: Random, marks: list[str]) -> Phrase:
    """Put a phrase together by the rules; it uses up some of the `marks`."""
    if kind in HIDEABLE and marks and rng.random() < 0.25 * (1 + len(marks)):
        mark = marks.pop()
        return Phrase(mark, mark, "el " if kind == "thing" else "")
    if kind == "number":
        return Phrase(text := str(rng.randrange(2, 1000)), text)
    if kind in ("name", "new"):
        made, known = "".join(rng.choices(SYLLABLES, k=2)), rng.choice(NAMES)
        named = (known, made.title(), f"{known} {made.title()}")
        text = made if kind == "new" else rng.choice(named)
        return Phrase(text, text, ending="a" if text in FEMININE else "o")
    en, es = rng.choice(CHOICES[kind])
    parts = {slot[2] + slot[3]: grow(slot[2], rng, marks) for slot in SLOT.finditer(en)}

    def filling(slot: re.Match[str], *, spanish: bool) -> str:
        part, like = parts[slot[2] + slot[3]], parts.get(slot[5] or "")
        text = (part.es if spanish else part.en).split("/")[int(slot[4] or 0)]
        if slot[1] and part.article:
            text = f"{ARTICLES[slot[1]] if part.ending == 'a' else slot[1]} {text}"
        return text.replace("@", like.ending) if like else text

    if "/" in en:  # the forms of a verb, chosen by whoever asks for it
        return Phrase(en, es)
    article = es[:3] if es.startswith(("el ", "la ")) else ""
    first = next(iter(parts.values()), Phrase("", ""))
    ending = "a" if article == "la " or es in FEMININE else first.ending
    en = SLOT.sub(partial(filling, spanish=False), en)
    es = SLOT.sub(partial(filling, spanish=True), es.removeprefix(article))
    return Phrase(en, es, article, ending)


def finished(text: str) -> str:
    """Contract `de el` and `a el`, tidy spaces, begin sentences with a capital."""
    text = re.sub(r"\b(a|de) el\b", lambda found: {"a": "al", "de": "del"}[found[1]], text)
    text = re.sub(r" +(?=[ .?!,]|$)", "", text.replace("@", "o").strip())
    return re.sub(r"(?:^|[.?!] )[¿¡]?\w", lambda found: found[0].upper(), text)


def lines(seed: int) -> Iterator[tuple[str, str]]:
    """English lines with their Spanish, without end; half of them with placeholders."""
    rng = Random(seed)
    while True:
        marks = rng.sample(MARKS, rng.choice((0, 0, 0, 1, 1, 2, 3)))
        phrase = grow("line", rng, left := list(marks))
        while left:  # until each mark has found its place
            phrase = grow("line", rng, left := list(marks))
        yield finished(phrase.en), finished(phrase.es)


def learn_pieces(pairs: list[tuple[str, str]]) -> bytes:
    """Learn one SentencePiece model for both languages."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(text for pair in pairs for text in pair),
        model_writer=file,
        vocab_size=VOCABULARY,
        character_coverage=1.0,
        byte_fallback=True,
        normalization_rule_name="identity",  # the others weigh more than the vocabulary
        user_defined_symbols=list(MARKS),
        **SPECIAL,
        num_threads=1,
        minloglevel=2,
    )
    return file.getvalue()


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, 0, WIDTH**-0.5)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.layers = nn.Transformer(
            WIDTH, HEADS, LAYERS, LAYERS, HIDDEN, 0.0, batch_first=True, norm_first=True
        )
        rates = torch.exp(torch.arange(WIDTH // 2) * -math.log(10_000) / (WIDTH // 2 - 1))
        angles = torch.arange(POSITIONS)[:, None] * rates  # all sines first, as CTranslate2 has it
        self.positions = torch.cat([angles.sin(), angles.cos()], dim=1)

    def embed(self, ids: Tensor) -> Tensor:
        return self.embedding(ids) * math.sqrt(WIDTH) + self.positions[: ids.shape[1]]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        length, padding = target.shape[1], source == PAD
        hidden = self.layers(
            self.embed(source),
            self.embed(target),
            tgt_mask=torch.ones(length, length, dtype=torch.bool).triu(1),
            src_key_padding_mask=padding,
            memory_key_padding_mask=padding,
        )
        return functional.linear(hidden, self.embedding.weight, self.bias)


def batches(ids: list[tuple[list[int], list[int]]]) -> Iterator[tuple[Tensor, ...]]:
    """Source and target without end, lines of like length together."""
    rng = Random(2)
    while True:
        order = sorted(rng.sample(ids, BATCH * 32), key=lambda pair: len(pair[1]) + rng.random())
        starts = range(0, len(order), BATCH)
        for start in rng.sample(starts, len(starts)):
            rows = zip(*order[start : start + BATCH], strict=True)
            sides = [[torch.tensor(row) for row in side] for side in rows]
            yield tuple(nn.utils.rnn.pad_sequence(side, batch_first=True) for side in sides)


def train(ids: list[tuple[list[int], list[int]]]) -> Transformer:
    torch.manual_seed(1)
    model = Transformer()
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98))
    for step, (source, target) in enumerate(islice(batches(ids), STEPS)):
        optimizer.param_groups[0]["lr"] = RATE * min((step + 1) / WARM_STEPS, 1 - step / STEPS)
        scores, wanted = model(source, target[:, :-1]).flatten(0, 1), target[:, 1:].flatten()
        loss = functional.cross_entropy(scores, wanted, ignore_index=PAD, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            print(f"step {step} of {STEPS}: loss {loss.item():.3f}", flush=True)
    return model.eval()


def fill(spec: Any, layer: Any) -> None:
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    if isinstance(layer, nn.LayerNorm):
        spec.gamma, spec.beta = weight, bias
    else:
        spec.weight, spec.bias = weight, bias


def fill_attention(spec: Any, norm: nn.LayerNorm, layer: Any, cuts: list[int]) -> None:
    """Queries, keys and values lie below one another; CTranslate2 wants them cut at `cuts`."""
    fill(spec.layer_norm, norm)
    weights, biases = layer.in_proj_weight.split(cuts), layer.in_proj_bias.split(cuts)
    for part, weight, bias in zip(spec.linear, weights, biases, strict=False):
        part.weight, part.bias = weight.detach().numpy(), bias.detach().numpy()
    fill(spec.linear[-1], layer.out_proj)


def fill_side(spec: Any, embeddings: Any, model: Transformer, side: Any) -> None:
    embeddings.weight = model.embedding.weight.detach().numpy()
    embeddings.multiply_by_sqrt_depth = True
    spec.position_encodings.encodings = model.positions.numpy()
    for part, layer in zip(spec.layer, side.layers, strict=True):
        fill_attention(part.self_attention, layer.norm1, layer.self_attn, [3 * WIDTH])
        fill(part.ffn.linear_0, layer.linear1)
        fill(part.ffn.linear_1, layer.linear2)
        fill(part.ffn.layer_norm, getattr(layer, "norm3", layer.norm2))
        if isinstance(layer, nn.TransformerDecoderLayer):
            fill_attention(part.attention, layer.norm2, layer.multihead_attn, [WIDTH, 2 * WIDTH])
    fill(spec.layer_norm, side.norm)


def export(model: Transformer, pieces: list[str]) -> None:
    spec = transformer_spec.TransformerSpec.from_config((LAYERS, LAYERS), HEADS, pre_norm=True)
    fill_side(spec.encoder, spec.encoder.embeddings[0], model, model.layers.encoder)
    fill_side(spec.decoder, spec.decoder.embeddings, model, model.layers.decoder)
    spec.decoder.projection.weight = model.embedding.weight.detach().numpy()
    spec.decoder.projection.bias = model.bias.detach().numpy()
    names = ["<blank>", "<unk>", "<s>", "</s>", *pieces[4:]]
    spec.register_source_vocabulary(names)
    spec.register_target_vocabulary(names)
    spec.config.add_source_eos = True
    spec.config.decoder_start_token = "<s>"  # noqa: S105
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(FOLDER / "model"))


def check(tokenizer: sentencepiece.SentencePieceProcessor, seen: set[str]) -> None:
    """Print how many of 300 new lines keep their placeholders, and a few of them."""
    new = [en for en, _ in islice(lines(seed=2), 2_000) if "⟦" in en and en not in seen][:300]
    translator = ctranslate2.Translator(str(FOLDER / "model"), inter_threads=1, intra_threads=1)
    found = translator.translate_batch([tokenizer.encode(en, out_type=str) for en in new])
    pairs = [(en, tokenizer.decode(one.hypotheses[0])) for en, one in zip(new, found, strict=True)]
    kept = sum(all(en.count(mark) == es.count(mark) for mark in MARKS) for en, es in pairs)
    print(f"placeholders kept in {kept} of {len(pairs)} new lines")
    print(*(f"{en}\n  {es}" for en, es in pairs[:10]), sep="\n")


def main() -> None:
    torch.set_num_threads(1)
    pairs = list(dict.fromkeys(islice(lines(seed=1), PAIRS)))
    proto = learn_pieces(pairs)
    tokenizer = sentencepiece.SentencePieceProcessor(model_proto=proto)
    encode = tokenizer.encode
    model = train([([*encode(en), EOS], [BOS, *encode(es), EOS]) for en, es in pairs])
    (FOLDER / "model").mkdir(parents=True, exist_ok=True)
    (FOLDER / "metadata.json").write_text(DATA["metadata"], encoding="utf-8")
    (FOLDER / "sentencepiece.model").write_bytes(proto)
    export(model, [tokenizer.id_to_piece(n) for n in range(VOCABULARY)])
    check(tokenizer, {en for en, _ in pairs})


if __name__ == "__main__":
    main()
