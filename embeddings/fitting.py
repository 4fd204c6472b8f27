"""Fitting: a library's texts → the built-in static encoder, with nothing downloaded.

Latent semantic analysis: tokens that occur in the same passages get like vectors (Deerwester
and others 1990). The result is written as an ordinary SentenceTransformer folder without
importing sentence-transformers. Knows texts, not where they come from.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from embeddings.encoder import CONFIG, MODULES, TOKENIZER, WEIGHTS
from embeddings.lexicon import START, lexicon
from embeddings.tokens import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Of 64, 128 and 256, the width whose share in a mix with word scores helped most.
WIDTH = 128
# Randomised decomposition (Halko, Martinsson and Tropp 2011): extra directions, power rounds.
_OVERSAMPLING, _ROUNDS = 16, 3
_CHUNK = 4096  # texts tokenised at once


def fit_encoder(texts: Sequence[str], folder: Path, seed: int = 0, width: int = WIDTH) -> None:
    """Fit a static encoder on `texts` (passages) and write it to `folder`, made when not there.

    Deterministic: the same texts, seed and width give the same bytes on the same machine.
    `width` stays as asked for even where the texts are too few to fill it (the rest is 0).
    """
    tokenizer = lexicon(texts)
    units = _units(tokenizer)
    vectors = _unit_vectors(_counts(tokenizer, units, texts), width, seed)
    # Number -1, of tokens that carry nothing, is the row of zeros put last.
    vectors = np.vstack((vectors, np.zeros((1, width), np.float32)))[units]
    _fill_parts(tokenizer, vectors)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    save_file({"embedding.weight": vectors}, folder / WEIGHTS)
    kind = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    normalize = "sentence_transformers.base.modules.normalize.Normalize"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": kind},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": normalize},
    ]
    config = {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "", "document": ""},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    _write(folder / MODULES, modules)
    _write(folder / CONFIG, config)
    _write(folder / "1_Normalize" / "config.json", {"module_input_name": "sentence_embedding"})


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _units(tokenizer: Tokenizer) -> NDArray[np.int64]:
    """Return the unit (column) of each token, -1 for those that carry nothing.

    Latin words of one stem are one unit and so get one vector; stop words are none.
    """
    units = np.full(tokenizer.get_vocab_size(), -1, np.int64)
    numbers: dict[str, int] = {}
    for token, at in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]):
        unit = " ".join(tokens(token[1:])) if token.startswith(START) else token
        if at > 1 and unit:
            units[at] = numbers.setdefault(unit, len(numbers))
    return units


def _counts(
    tokenizer: Tokenizer, units: NDArray[np.int64], texts: Sequence[str]
) -> "csr_array[np.float32]":
    """Return how often each text (row) holds each unit (column)."""
    # Here and below, not above: whoever only asks a fitted encoder is spared the import.
    from scipy.sparse import csr_array, vstack

    width = int(units.max(initial=-1)) + 1
    parts: list[Any] = [csr_array((0, width), dtype=np.float32)]
    for start in range(0, len(texts), _CHUNK):
        encodings = tokenizer.encode_batch(list(texts[start : start + _CHUNK]))
        found = [units[encoding.ids] for encoding in encodings]
        columns = [row[row >= 0].astype(np.int32) for row in found]
        ends = np.cumsum([0, *map(len, columns)], dtype=np.int32)
        ones = np.ones(ends[-1], np.float32)
        part = csr_array((ones, np.concatenate(columns), ends), (len(columns), width))
        part.sum_duplicates()
        parts.append(part)
    return csr_array(vstack(parts, format="csr"))


def _fill_parts(tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Give tokens that only stand inside longer words the sum of those words' vectors.

    A question may hold such a part alone: 郑州, where the texts only have 郑州市.
    """
    empty = {
        token: at
        for token, at in tokenizer.get_vocab().items()
        if not token.startswith(START) and not vectors[at].any()
    }
    for token, at in sorted(tokenizer.get_vocab().items()):
        if not token.startswith(START) and token not in empty:
            for start in range(len(token)):
                for end in range(start + 1, len(token) + 1):
                    if (part := empty.get(token[start:end])) is not None:
                        vectors[part] += vectors[at]


def _unit_vectors(counts: "csr_array[np.float32]", width: int, seed: int) -> NDArray[np.float32]:
    """Return a vector (units, width) for each unit: its idf times its row of the right basis."""
    from scipy.sparse import diags_array

    vectors = np.zeros((counts.shape[1], width), np.float32)
    if min(counts.shape) == 0:
        return vectors
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((counts.shape[0] - df + 0.5) / (df + 0.5)).astype(np.float32)
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ diags_array(idf)
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    scaled: Any = diags_array(1 / np.maximum(lengths, 1e-9)) @ weighted
    basis = _right_basis(scaled, width, seed)
    vectors[:, : basis.shape[1]] = idf[:, None] * basis
    return vectors


def _right_basis(matrix: "csr_array[np.float32]", width: int, seed: int) -> NDArray[np.float32]:
    """Return the right singular vectors (columns, at most width) of the largest values."""
    random = np.random.default_rng(seed)
    size = min(width + _OVERSAMPLING, *matrix.shape)
    guess = random.standard_normal((matrix.shape[1], size), np.float32)
    for _ in range(_ROUNDS):
        left, _ = np.linalg.qr(matrix @ guess)
        guess, _ = np.linalg.qr(matrix.T @ left)
    _, values, basis = np.linalg.svd((matrix @ guess), full_matrices=False)
    strong = values[:width] > 1e-5 * max(values[0], 1e-9)
    found: NDArray[np.float32] = (guess @ basis[:width][strong].T).astype(np.float32)
    return found
