"""A small pre-norm transformer with tied embeddings, shaped so that CTranslate2 can run it."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.tokenizer import PAD

MAX_POSITIONS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Deep encoder, shallow decoder: the decoder runs once a token, the encoder once a line."""

    vocabulary: int = 8_000
    width: int = 256
    hidden: int = 1_024
    heads: int = 4
    encoder_layers: int = 4
    decoder_layers: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout:
    """Shares of what is hidden from the model while it learns."""

    layer: float = 0.15
    hidden: float = 0.1
    source_word: float = 0.04
    target_word: float = 0.08


class SharedDropout(nn.Module):
    """Dropout with one mask for all positions of a sequence.

    On a CPU drawing a number per element takes longer than the matrix products it guards.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.share
        return x * (kept.to(x.dtype) / (1 - self.share))


class Attention(nn.Module):
    """Multi-head attention by hand.

    The backward pass of `scaled_dot_product_attention` is slow on CPU for ten-token lines.
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.query = nn.Linear(size.width, size.width)
        self.key_value = nn.Linear(size.width, 2 * size.width)
        self.out = nn.Linear(size.width, size.width)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape
        depth = width // self.heads
        query = self.query(x).view(batch, length, self.heads, depth).transpose(1, 2)
        both = self.key_value(memory).view(batch, memory.shape[1], 2, self.heads, depth)
        key, value = both.permute(2, 0, 3, 1, 4)
        scores = torch.matmul(query * depth**-0.5, key.transpose(-1, -2)) + bias
        mixed = torch.matmul(scores.softmax(-1), value)
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return out


class FeedForward(nn.Module):
    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        self.rise = nn.Linear(size.width, size.hidden)
        self.fall = nn.Linear(size.hidden, size.width)
        self.drop = SharedDropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fall(self.drop(functional.relu(self.rise(x))))
        return out


class EncoderLayer(nn.Module):
    def __init__(self, size: Size, dropout: Dropout) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(size.width)
        self.attention = Attention(size)
        self.feed_norm = nn.LayerNorm(size.width)
        self.feed = FeedForward(size, dropout.hidden)
        self.drop = SharedDropout(dropout.layer)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        y = self.attention_norm(x)
        x = x + self.drop(self.attention(y, y, bias))
        out: Tensor = x + self.drop(self.feed(self.feed_norm(x)))
        return out


class DecoderLayer(nn.Module):
    def __init__(self, size: Size, dropout: Dropout) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(size.width)
        self.attention = Attention(size)
        self.cross_norm = nn.LayerNorm(size.width)
        self.cross = Attention(size)
        self.feed_norm = nn.LayerNorm(size.width)
        self.feed = FeedForward(size, dropout.hidden)
        self.drop = SharedDropout(dropout.layer)

    def forward(self, x: Tensor, memory: Tensor, bias: Tensor, causal: Tensor) -> Tensor:
        y = self.attention_norm(x)
        x = x + self.drop(self.attention(y, y, causal))
        x = x + self.drop(self.cross(self.cross_norm(x), memory, bias))
        out: Tensor = x + self.drop(self.feed(self.feed_norm(x)))
        return out


def sinusoids(length: int, width: int) -> Tensor:
    """Position encodings in the order CTranslate2 expects: all sines, then all cosines."""
    half = width // 2
    rates = torch.exp(torch.arange(half) * -(math.log(10_000) / (half - 1)))
    angles = torch.arange(length)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Transformer(nn.Module):
    """Scores only the pieces that may stand in the output: most of the softmax is saved."""

    positions: Tensor
    outputs: Tensor
    copied: Tensor

    def __init__(
        self, size: Size, dropout: Dropout, outputs: list[int], placeholders: list[int]
    ) -> None:
        super().__init__()
        self.size, self.dropout = size, dropout
        self.embedding = nn.Embedding(size.vocabulary, size.width, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, 0, size.width**-0.5)
        self.bias = nn.Parameter(torch.zeros(size.vocabulary))
        layers = range(size.encoder_layers)
        self.encoder = nn.ModuleList(EncoderLayer(size, dropout) for _ in layers)
        self.encoder_norm = nn.LayerNorm(size.width)
        layers = range(size.decoder_layers)
        self.decoder = nn.ModuleList(DecoderLayer(size, dropout) for _ in layers)
        self.decoder_norm = nn.LayerNorm(size.width)
        self.drop = SharedDropout(dropout.layer)
        self.register_buffer("positions", sinusoids(MAX_POSITIONS, size.width), persistent=False)
        self.register_buffer("outputs", torch.tensor(outputs), persistent=False)
        copied = torch.zeros(size.vocabulary, dtype=torch.bool)
        copied[placeholders] = True
        self.register_buffer("copied", copied, persistent=False)

    def embed(self, ids: Tensor, hidden_share: float) -> Tensor:
        x = self.embedding(ids) * math.sqrt(self.size.width)
        if self.training and hidden_share:
            # Whole words vanish, so that lines cannot be learned by heart. Placeholders never do:
            # who cannot see them learns to leave them out and to say them twice.
            seen = (torch.rand(ids.shape, device=x.device) >= hidden_share) | self.copied[ids]
            x = x * seen[..., None].to(x.dtype)
        embedded: Tensor = self.drop(x + self.positions[: ids.shape[1]])
        return embedded

    def forward(self, source: Tensor, target: Tensor, wanted: Tensor) -> Tensor:
        """Logits over `outputs` for the positions of ``target`` where ``wanted`` is true.

        ``target`` may hold several times the rows of ``source``: other texts for the same lines,
        which are then read once.
        """
        bias = torch.zeros(source.shape, device=source.device).masked_fill(source == PAD, -1e4)
        bias = bias[:, None, None, :]
        memory = self.embed(source, self.dropout.source_word)
        for layer in self.encoder:
            memory = layer(memory, bias)
        times = len(target) // len(source)
        memory = self.encoder_norm(memory).repeat(times, 1, 1)
        bias = bias.repeat(times, 1, 1, 1)
        length = target.shape[1]
        causal = torch.full((length, length), -1e4, device=source.device).triu(1)
        x = self.embed(target, self.dropout.target_word)
        for layer in self.decoder:
            x = layer(x, memory, bias, causal)
        x = self.decoder_norm(x)[wanted]
        weight = self.embedding.weight[self.outputs]
        return functional.linear(x, weight, self.bias[self.outputs])
