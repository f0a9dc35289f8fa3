"""The SentencePiece model: one vocabulary for both languages, placeholders as single pieces."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from training.augment import PLACEHOLDERS

PAD, UNK, BOS, EOS = 0, 1, 2, 3

# What English output may be written with. Bytes are left in for other accents and symbols, but
# not the lead bytes of Han characters (U+3000 and above), so that none can be spelled out.
_ENGLISH_PIECE = re.compile(r"[▁⟦⟧\x21-\x7eÀ-ɏ’‘“”–—…♪]+")
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_FIRST_HAN_LEAD_BYTE = 0xE3


def train_tokenizer(path: Path, lines: Iterable[str], size: int) -> None:
    """Learn the pieces from text of both sides and write the model to ``path``."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_prefix=str(path.with_suffix("")),
        vocab_size=size,
        character_coverage=0.9995,
        byte_fallback=True,
        pad_id=PAD,
        unk_id=UNK,
        bos_id=BOS,
        eos_id=EOS,
        user_defined_symbols=list(PLACEHOLDERS),
        minloglevel=2,
    )
    path.with_suffix("").with_suffix(".vocab").unlink(missing_ok=True)


def ensure_tokenizer(path: Path, given: Path | None, lines: Iterable[str], size: int) -> None:
    """Use the tokenizer at ``path``, else the given one, else learn one."""
    if path.exists():
        return
    if given is not None:
        shutil.copyfile(given, path)
    else:
        train_tokenizer(path, lines, size)


def load_tokenizer(path: Path) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def may_be_english(piece: str) -> bool:
    """Whether a piece may stand in the output.

    >>> [may_be_english(piece) for piece in ("▁the", "⟦3⟧", "<0xC3>", "<0xE4>", "好", "。")]
    [True, True, True, False, False, False]
    """
    byte = _BYTE.fullmatch(piece)
    if byte:
        return int(byte.group(1), 16) < _FIRST_HAN_LEAD_BYTE
    return piece == "</s>" or bool(_ENGLISH_PIECE.fullmatch(piece))


def output_ids(tokenizer: sentencepiece.SentencePieceProcessor) -> list[int]:
    """The pieces the decoder chooses among: a third of a joint vocabulary, and never Han."""
    pieces = (tokenizer.id_to_piece(i) for i in range(tokenizer.get_piece_size()))
    return [i for i, piece in enumerate(pieces) if may_be_english(piece)]


def placeholder_ids(tokenizer: sentencepiece.SentencePieceProcessor) -> list[int]:
    return [tokenizer.piece_to_id(placeholder) for placeholder in PLACEHOLDERS]
