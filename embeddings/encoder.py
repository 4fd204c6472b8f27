"""Encoders: text → vector. What every encoder offers, and the built-in static one.

`StaticEncoder` reads a SentenceTransformer folder that holds a `StaticEmbedding` and looks its
vectors up with numpy, so that asking a question costs no import of torch. It knows nothing of
how the folder was fitted (fitting.py) or of other kinds of models (sentence_transformer.py).
"""

import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from embeddings.errors import EncoderError
from embeddings.prompts import Prompts, chosen

Vectors = NDArray[np.float32]

WEIGHTS, TOKENIZER, MODULES = "model.safetensors", "tokenizer.json", "modules.json"
CONFIG = "config_sentence_transformers.json"


class Encoder(Protocol):
    """Text → unit vectors of float32, (n, width), comparable by inner product.

    A text in which the encoder knows nothing has the zero vector. `fingerprint` changes when
    the vectors may change; `name` is shown to people.
    """

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def width(self) -> int: ...
    def encode_documents(self, texts: Sequence[str]) -> Vectors: ...
    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...


def unit_rows(vectors: Vectors) -> Vectors:
    """Return `vectors` with every row brought to length 1; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def is_static(folder: Path) -> bool:
    """Tell whether `folder` itself holds a `StaticEmbedding` with at most a `Normalize` after it."""
    try:
        modules = json.loads((folder / MODULES).read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rpartition(".")[2] for module in modules]
        here = modules[0]["path"] == ""  # older versions of the library put it into a subfolder
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return here and kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


def _read_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer; raises OSError, ValueError or KeyError when the file is damaged."""
    text = path.read_text(encoding="utf-8")
    # Looked at first, since the library itself raises nothing more exact than Exception.
    if not json.loads(text)["model"]["vocab"]:
        raise ValueError("the tokenizer has no vocabulary")
    tokenizer: Tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    return tokenizer


class StaticEncoder:
    """The mean of token vectors, brought to unit length: what the folder's own model computes."""

    def __init__(self, name: str, tokenizer: Tokenizer, weights: Vectors, prompts: Prompts) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._weights = weights
        self._prompts = prompts

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """Read a static SentenceTransformer folder.

        Raises EncoderError when it is not one, or is damaged.
        """
        if not is_static(folder):
            raise EncoderError(f"{folder} is not a static encoder")
        try:
            tokenizer = _read_tokenizer(folder / TOKENIZER)
            weights = load_file(folder / WEIGHTS)["embedding.weight"].astype(np.float32)
            prompts = chosen(dict(json.loads((folder / CONFIG).read_text(encoding="utf-8"))))
            if weights.ndim != 2 or len(weights) < tokenizer.get_vocab_size():
                raise ValueError("weights and tokenizer do not belong together")
            if not np.isfinite(weights).all():
                raise ValueError("the weights are no numbers")
        except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
            raise EncoderError(f"encoder {folder} is damaged; make it again") from error
        return cls(folder.name, tokenizer, weights, prompts)

    @property
    def width(self) -> int:
        return int(self._weights.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that the vectors depend on, 32 hex digits."""
        state = blake2b(self._weights.tobytes(), digest_size=16)
        state.update(self._tokenizer.to_str().encode())
        prompts = {"document": self._prompts.document, "query": self._prompts.question}
        state.update(json.dumps(prompts).encode())
        return state.hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of `texts` as they are, without a prompt."""
        vectors = np.zeros((len(texts), self.width), np.float32)
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in zip(vectors, encodings, strict=True):
            if ids := encoding.ids:
                self._weights[ids].mean(axis=0, out=row)
        return unit_rows(vectors)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts that are to be found."""
        return self.encode([self._prompts.document + text for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of questions."""
        return self.encode([self._prompts.question + text for text in texts])
