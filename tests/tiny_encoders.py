"""Tiny models with random weights, in folders such as the hub has: no more than a test needs.

`sentence_transformers` and torch take seconds to import, so only slow tests make these.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
)

WIDTH = 8
LONGEST = 32  # tokens
_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"queryasgnomhbdkt:", *"桥学校医院建了谁在哪里问"]


def _tokenizer(folder: Path) -> None:
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys(_WORDS))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep")}
    PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=LONGEST, **names
    ).save_pretrained(folder)


def _config(**more: Any) -> BertConfig:
    torch.manual_seed(7)
    return BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=LONGEST,
        # Random weights of the usual size would make all texts alike.
        initializer_range=1.0,
        **more,
    )


def make_transformer(folder: Path) -> Path:
    """Write a bare BERT: no head, no modules.json."""
    _tokenizer(folder)
    BertModel(_config()).save_pretrained(folder)
    return folder


def make_encoder(folder: Path, config: Mapping[str, Any] | None = None) -> Path:
    """Write a SentenceTransformer; `config` changes what its own config says."""
    bare = make_transformer(folder.with_name(f"{folder.name}-bare"))
    parts = [Transformer(str(bare)), Pooling(WIDTH, "mean")]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder), create_model_card=False)
    change_json(folder / "config_sentence_transformers.json", config or {})
    return folder


def make_reranker(folder: Path, labels: int = 1) -> Path:
    """Write a CrossEncoder as older ones are: a BERT that classifies pairs."""
    _tokenizer(folder)
    BertForSequenceClassification(_config(num_labels=labels)).save_pretrained(folder)
    return folder


def change_json(path: Path, changes: Mapping[str, Any]) -> None:
    """Change some values of a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | dict(changes)), "utf-8")
