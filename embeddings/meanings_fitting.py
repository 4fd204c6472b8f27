"""Meanings fitting: the Chinese-English glosses of CC-CEDICT → `meanings.npz`.

Run as `python -m embeddings.meanings_fitting`, after `dictionary_fitting`; it takes half a minute
and is reproducible. What is written is derived from CC-CEDICT and under CC BY-SA 4.0.
"""

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import svds

from embeddings.glosses import table
from embeddings.meanings import FILE, WIDTH, gloss_parts
from embeddings.segmentation import frequency

_LEAST = 3  # words that a stem or character must stand for to have a vector


def fitted() -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """Return stems and characters, and their vectors (n, WIDTH).

    A truncated singular value decomposition of words by parts: tf-idf rows of length 1, weighted
    by the root of the logarithm of how common the word is, as in latent semantic analysis; the
    singular values are halved in the exponent, so that few broad topics do not drown the rest.
    """
    words = list(table("chinese"))
    places: dict[str, int] = {}
    cells = [
        (row, places.setdefault(part, len(places)), share)
        for row, word in enumerate(words)
        for part, share in gloss_parts(word)
    ]
    at, columns, shares = (np.array(values) for values in zip(*cells, strict=True))
    counts = csr_matrix((shares, (at, columns)), (len(words), len(places)))
    found = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(found >= _LEAST)
    idf = np.log(1 + len(words) / found[kept])
    weighed = counts[:, kept] @ diags(idf)
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    common = np.sqrt(np.log10([frequency(word) + 10 for word in words]))
    rows = diags(common / np.maximum(norms, 1e-6)) @ weighed
    _, values, vectors = svds(rows.astype(np.float32), k=WIDTH, random_state=0)
    names = np.array(list(places))[kept].tolist()
    return names, (vectors.T / np.sqrt(values) * idf[:, None]).astype(np.float32)


def main() -> None:
    """Write the file anew: each vector as bytes and one scale."""
    names, vectors = fitted()
    scales = np.abs(vectors).max(axis=1) / 127
    np.savez_compressed(
        FILE,
        names=np.frombuffer("\n".join(names).encode(), np.uint8),
        rows=np.round(vectors / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float16),
    )


if __name__ == "__main__":
    main()
