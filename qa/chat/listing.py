"""Listing: a server's list of models → which there are, which can chat, how much they take in.

Knows how such lists are written by vLLM, SGLang, llama.cpp and others; nothing of connections.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

UNTOLD = 4096  # tokens of context where a server does not tell: as many as most start with

# What models that do not chat are called, and what they are for.
_NO_CHAT = re.compile(
    r"(?<![a-z])(?:embed|rerank|re-rank|bge-|gte-|e5-|whisper|tts|moderation|transcri|speech|score"
    r"|classif|dall-e|image(?!-text)|clip-|all-minilm)|embedding|reranker",
    re.I,
)


def entries_of(text: str) -> list[dict[str, Any]]:
    """Return the entries of a list in JSON that have a name. Raises ValueError for no list."""
    try:
        return [entry for entry in json.loads(text)["data"] if _is_name(entry["id"])]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no list of models") from error


def may_chat(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry of the list of models may be a chat model, by what it says of itself.

    Where it says nothing, by its name: servers list encoders and rerankers beside chat models.
    """
    told = [entry.get(name) for name in ("model_type", "type", "task", "pooling_task")]
    said = " ".join([str(entry["id"]), *(it for it in told if isinstance(it, str))])
    return _NO_CHAT.search(said) is None


def context_of(entry: Mapping[str, Any]) -> int:
    """Return how many tokens fit, from an entry of the list of models.

    vLLM and SGLang say max_model_len, llama.cpp meta.n_ctx; the n_ctx_train beside it is what
    the model could take, not what the server gives it.
    """
    meta = entry.get("meta")
    told = [entry.get("max_model_len"), meta.get("n_ctx") if isinstance(meta, dict) else None]
    sizes = (int(it) for it in map(str, told) if re.fullmatch(r"0*[1-9]\d{0,8}", it, re.ASCII))
    return next(sizes, UNTOLD)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()
