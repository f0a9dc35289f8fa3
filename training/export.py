"""From trained weights to an Argos package directory with an int8 CTranslate2 model."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import sentencepiece
from ctranslate2.specs import transformer_spec
from torch import nn

from training.model import Attention, DecoderLayer, EncoderLayer, Transformer

# Low enough that no beam ever takes the piece, and finite, so that scores stay numbers.
NEVER = -1e4


def _array(tensor: Any) -> Any:
    return tensor.detach().float().cpu().numpy().copy()


def _linear(spec: Any, *layers: nn.Linear) -> None:
    """Fill a spec with one matrix, or with several below one another."""
    spec.weight = np.concatenate([_array(layer.weight) for layer in layers])
    spec.bias = np.concatenate([_array(layer.bias) for layer in layers])


def _norm(spec: Any, layer: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = _array(layer.weight), _array(layer.bias)


def _self_attention(spec: Any, norm: nn.LayerNorm, attention: Attention) -> None:
    _norm(spec.layer_norm, norm)
    _linear(spec.linear[0], attention.query, attention.key_value)
    _linear(spec.linear[1], attention.out)


def _feed(spec: Any, layer: EncoderLayer | DecoderLayer) -> None:
    _norm(spec.layer_norm, layer.feed_norm)
    _linear(spec.linear_0, layer.feed.rise)
    _linear(spec.linear_1, layer.feed.fall)


def _encoder(spec: Any, model: Transformer) -> None:
    embeddings = spec.embeddings[0] if isinstance(spec.embeddings, list) else spec.embeddings
    embeddings.weight = _array(model.embedding.weight)
    embeddings.multiply_by_sqrt_depth = True
    spec.position_encodings.encodings = _array(model.positions)
    for layer_spec, layer in zip(spec.layer, model.encoder, strict=True):
        assert isinstance(layer, EncoderLayer)
        _self_attention(layer_spec.self_attention, layer.attention_norm, layer.attention)
        _feed(layer_spec.ffn, layer)
    _norm(spec.layer_norm, model.encoder_norm)


def _decoder(spec: Any, model: Transformer) -> None:
    spec.embeddings.weight = _array(model.embedding.weight)
    spec.embeddings.multiply_by_sqrt_depth = True
    spec.position_encodings.encodings = _array(model.positions)
    for layer_spec, layer in zip(spec.layer, model.decoder, strict=True):
        assert isinstance(layer, DecoderLayer)
        _self_attention(layer_spec.self_attention, layer.attention_norm, layer.attention)
        cross = layer_spec.attention
        _norm(cross.layer_norm, layer.cross_norm)
        _linear(cross.linear[0], layer.cross.query)
        _linear(cross.linear[1], layer.cross.key_value)
        _linear(cross.linear[2], layer.cross.out)
        _feed(layer_spec.ffn, layer)
    _norm(spec.layer_norm, model.decoder_norm)
    spec.projection.weight = _array(model.embedding.weight)
    bias = np.full(model.size.vocabulary, NEVER, dtype=np.float32)
    chosen = model.outputs.cpu().numpy()
    bias[chosen] = _array(model.bias)[chosen]
    spec.projection.bias = bias


def ctranslate2_spec(
    model: Transformer, tokenizer: sentencepiece.SentencePieceProcessor
) -> transformer_spec.TransformerSpec:
    """Describe the model the way CTranslate2 wants it, quantized to int8."""
    layers = (model.size.encoder_layers, model.size.decoder_layers)
    spec = transformer_spec.TransformerSpec.from_config(layers, model.size.heads, pre_norm=True)
    _encoder(spec.encoder, model)
    _decoder(spec.decoder, model)
    pieces = [tokenizer.id_to_piece(i) for i in range(tokenizer.get_piece_size())]
    pieces[:4] = ["<blank>", "<unk>", "<s>", "</s>"]
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.add_source_bos = False
    spec.config.add_source_eos = True
    spec.config.decoder_start_token = "<s>"  # noqa: S105
    spec.config.bos_token, spec.config.eos_token = "<s>", "</s>"
    spec.config.unk_token = "<unk>"  # noqa: S105
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def digest(folder: Path) -> str:
    """SHA-256 over model and tokenizer, as the package's metadata states it."""
    state = hashlib.sha256()
    for name in ("model/model.bin", "sentencepiece.model"):
        state.update((folder / name).read_bytes())
    return state.hexdigest()


def metadata(version: str, more: Mapping[str, object]) -> dict[str, object]:
    return {
        "package_version": version,
        "argos_version": "1.9",
        "from_code": "zh",
        "from_name": "Chinese",
        "to_code": "en",
        "to_name": "English",
        **more,
    }


def name_length_penalty(folder: Path, penalty: float) -> None:
    """Write the length penalty measured best into a package's metadata, where dramaloc reads it."""
    path = folder / "metadata.json"
    said = {**json.loads(path.read_text(encoding="utf-8")), "length_penalty": penalty}
    path.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_package(model: Transformer, tokenizer_file: Path, version: str, folder: Path) -> None:
    """Write an ordinary Argos package directory; what stood there before is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "model").mkdir(parents=True)
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_file))
    shutil.copyfile(tokenizer_file, folder / "sentencepiece.model")
    ctranslate2_spec(model.eval(), tokenizer).save(str(folder / "model"))
    facts = {"sha256": digest(folder), "ctranslate2_version": ctranslate2.__version__}
    text = json.dumps(metadata(version, facts), indent=2, ensure_ascii=False)
    (folder / "metadata.json").write_text(text + "\n", encoding="utf-8")


def swap_in(made: Path, place: Path) -> None:
    """Put a finished package where the old one stood, by renaming: never half of each."""
    place.parent.mkdir(parents=True, exist_ok=True)
    arriving, leaving = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    for old in (arriving, leaving):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(made, arriving)
    if place.exists():
        place.rename(leaving)
    arriving.rename(place)
    shutil.rmtree(leaving, ignore_errors=True)
