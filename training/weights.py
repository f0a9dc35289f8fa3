"""Weight files: half precision for keeping, and the names an earlier trainer used."""

from pathlib import Path

import torch
from torch import Tensor

Weights = dict[str, Tensor]

# (earlier name, ours) for parts that differ in name only.
_RENAMED = (
    ("emb.", "embedding."), ("en.", "encoder_norm."), ("dn.", "decoder_norm."),
    ("enc.", "encoder."), ("dec.", "decoder."),
)  # fmt: skip
_ENCODER_PARTS = (
    ("n1", "attention_norm"), ("at", "attention"), ("n2", "feed_norm"), ("ff", "feed"),
)  # fmt: skip
_DECODER_PARTS = (
    ("n1", "attention_norm"), ("at", "attention"), ("n2", "cross_norm"), ("ca", "cross"),
    ("n3", "feed_norm"), ("ff", "feed"),
)  # fmt: skip


def save_half(weights: Weights, path: Path) -> None:
    """Write weights at half precision: half the bytes, no loss the int8 export would notice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: tensor.half() for name, tensor in weights.items()}, path)


def load(path: Path) -> Weights:
    """Read a weight file of ours or of the earlier trainer."""
    weights = torch.load(path, map_location="cpu", weights_only=True)
    weights = {name: tensor.float() for name, tensor in weights.items()}
    return _converted(weights) if "emb.weight" in weights else weights


def _converted(old: Weights) -> Weights:
    """Rename, and put keys and values into one matrix."""
    new = {}
    for name, tensor in old.items():
        if name == "pe" or ".k." in name:
            continue
        keys = [old[name.replace(".v.", ".k.")]] if ".v." in name else []
        new[_renamed(name)] = torch.cat([*keys, tensor])
    return new


def _renamed(name: str) -> str:
    """Our name for a tensor of the earlier trainer.

    >>> _renamed("dec.1.ca.v.weight"), _renamed("enc.0.ff.a.bias"), _renamed("bias")
    ('decoder.1.cross.key_value.weight', 'encoder.0.feed.rise.bias', 'bias')
    """
    for old, ours in _RENAMED:
        if name.startswith(old):
            name = ours + name.removeprefix(old)
            break
    stack, _, rest = name.partition(".")
    if stack not in ("encoder", "decoder"):
        return name
    number, part, *inner = rest.split(".")
    parts = dict(_ENCODER_PARTS if stack == "encoder" else _DECODER_PARTS)
    leaves = {"q": "query", "v": "key_value", "o": "out", "a": "rise", "b": "fall"}
    return ".".join([stack, number, parts[part], *(leaves.get(leaf, leaf) for leaf in inner)])
