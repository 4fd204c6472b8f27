"""Prompts: what an encoder wants to read before a question and before a text to be found.

Taken from the model's own config, and for the families whose published config holds none from
what their model cards ask for. Knows names and configs; loads no model.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What configs call them; the first that is there counts, as with `encode_query` and
# `encode_document` of sentence-transformers. Those overlook "passage" in a config without
# "document" (6.2), so the choice is not left to them.
_QUESTION, _DOCUMENT = ("query",), ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True)
class Prompts:
    """Text put before each question, and before each text that is to be found."""

    question: str = ""
    document: str = ""


# From the model cards on the hub of intfloat/multilingual-e5-small, intfloat/e5-base-v2,
# BAAI/bge-base-zh-v1.5 and BAAI/bge-base-en-v1.5. Models that were trained further from them and
# are called otherwise are not known.
_FAMILIES = (
    (r"e5-(?:small|base|large)(?:-v2|-unsupervised)?", Prompts("query: ", "passage: ")),
    (r"bge-(?:small|base|large)-zh(?:-v1\.5)?", Prompts("为这个句子生成表示以用于检索相关文章：")),
    (
        r"bge-(?:small|base|large)-en(?:-v1\.5)?",
        Prompts("Represent this sentence for searching relevant passages: "),
    ),
)
_BEFORE = "(?:.*[-_])?"  # multilingual-e5-small; a folder intfloat_e5-base


def prompts_of(config: Mapping[str, Any], name: str) -> Prompts:
    """Return the prompts of a model with this sentence-transformers `config` ({} for none).

    `name` is its hub name or folder.
    """
    own = chosen(config)
    if own != Prompts():
        return own
    called = Path(name).name.lower()
    known = (prompts for family, prompts in _FAMILIES if re.fullmatch(_BEFORE + family, called))
    return next(known, own)


def chosen(config: Mapping[str, Any]) -> Prompts:
    """Return the prompts that a config names.

    A side without its own has the default prompt, unless that is the other side's.
    """
    named, default = config.get("prompts"), config.get("default_prompt_name")
    if not isinstance(named, Mapping):
        return Prompts()
    spare = () if default in (*_QUESTION, *_DOCUMENT) else (str(default),)
    return Prompts(_first(named, _QUESTION + spare), _first(named, _DOCUMENT + spare))


def _first(named: Mapping[str, Any], names: Sequence[str]) -> str:
    found = (named.get(name) for name in names)
    return next((prompt for prompt in found if isinstance(prompt, str) and prompt), "")
