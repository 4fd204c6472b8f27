"""Vectors: an exact index, unit vectors → ids by inner product.

The one file that imports faiss. Knows ids and vectors, not what they stand for.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import IndexFileError

_FILE = "vectors.faiss"
_Vectors = NDArray[np.float32]
_Ids = NDArray[np.int64]


class VectorIndex:
    """Exact inner-product search; every id is there once and can be removed."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, ids: Sequence[int], vectors: _Vectors) -> "VectorIndex":
        """Return the index of `vectors` (n, width), `vectors[i]` under `ids[i]`.

        Raises ValueError when an id is given twice or the sizes differ.
        """
        built = cls(_faiss().IndexIDMap2(_faiss().IndexFlatIP(vectors.shape[1])))
        built.add(ids, vectors)
        return built

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def width(self) -> int:
        return int(self._index.d)

    @property
    def ids(self) -> _Ids:
        """All ids, int64 (n,), in the order of `scores_for`."""
        return np.array(_faiss().vector_to_array(self._index.id_map), np.int64)

    def add(self, ids: Sequence[int], vectors: _Vectors) -> None:
        """Add `vectors[i]` under `ids[i]`; raises ValueError for an id that is there already."""
        new = np.array(ids, np.int64)
        if vectors.shape != (len(new), self.width):
            raise ValueError(f"{len(new)} ids of width {self.width}, but vectors {vectors.shape}")
        if len(np.unique(np.concatenate((new, self.ids)))) < len(new) + len(self):
            raise ValueError("an id is given twice")
        if len(new):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), new)

    def narrowed(self, ids: _Ids) -> "VectorIndex":
        """Return a view in which only `ids` are found; those that are not there are ignored.

        Only to be asked: `search` and `scores_of` look at the vectors of this index.
        """
        return _Narrowed(self, ids)

    def remove(self, ids: Iterable[int]) -> int:
        """Remove `ids` and return how many were there; others are ignored."""
        gone = np.fromiter(ids, np.int64)
        return int(self._index.remove_ids(_faiss().IDSelectorBatch(gone))) if len(gone) else 0

    def search(self, vectors: _Vectors, k: int) -> tuple[_Vectors, _Ids]:
        """Return `(scores, ids)`, both (n, min(k, size)), best first, of questions (n, width)."""
        k = min(k, len(self))
        if not k or not len(vectors):
            return np.zeros((len(vectors), k), np.float32), np.zeros((len(vectors), k), np.int64)
        return self._found(np.ascontiguousarray(vectors, np.float32), k)

    def _found(self, vectors: _Vectors, k: int) -> tuple[_Vectors, _Ids]:
        scores, ids = self._index.search(vectors, k)
        return scores, ids

    def scores_for(self, vector: _Vectors) -> _Vectors:
        """Return the inner products (n,) of all vectors with `vector` (width,), as `ids` go."""
        return self._all() @ vector

    def scores_of(self, vector: _Vectors, ids: _Ids) -> _Vectors:
        """Return the inner products of the vectors of `ids` with `vector` (width,).

        Raises KeyError when an id is not there.
        """
        if not len(ids):
            return np.zeros(0, np.float32)
        try:
            found = self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64))
        except RuntimeError as error:
            raise KeyError("an id is not in the vector index") from error
        return np.asarray(found @ vector, np.float32)

    def save(self, folder: Path) -> None:
        """Write the index as one file into `folder`, which is made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        _faiss().write_index(self._index, str(folder / _FILE))

    @classmethod
    def load(cls, folder: Path) -> "VectorIndex":
        """Read the index that was saved into `folder`.

        Raises IndexFileError when the file is missing, cut short or not such an index.
        """
        try:
            index = _faiss().read_index(str(folder / _FILE))
        except RuntimeError as error:
            raise IndexFileError(f"vector index {folder} cannot be read; build it again") from error
        if (
            not isinstance(index, _faiss().IndexIDMap2)
            or index.metric_type != _faiss().METRIC_INNER_PRODUCT
        ):
            raise IndexFileError(f"vector index {folder} is of another kind; build it again")
        return cls(index)

    def _all(self) -> _Vectors:
        """Return a view of all vectors (n, width)."""
        if not len(self):
            return np.zeros((0, self.width), np.float32)
        flat: Any = _faiss().downcast_index(self._index.index)
        values = _faiss().rev_swig_ptr(flat.get_xb(), len(self) * self.width)
        return np.asarray(values, np.float32).reshape(len(self), self.width)


class _Narrowed(VectorIndex):
    """A view of `whole`, exact over some of its ids."""

    def __init__(self, whole: VectorIndex, ids: _Ids) -> None:
        super().__init__(whole._index)
        self._inside = np.intersect1d(whole.ids, ids)
        self._only = _faiss().SearchParameters(sel=_faiss().IDSelectorBatch(self._inside))

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def ids(self) -> _Ids:
        return self._inside

    def scores_for(self, vector: _Vectors) -> _Vectors:
        return self.scores_of(vector, self._inside)

    def _found(self, vectors: _Vectors, k: int) -> tuple[_Vectors, _Ids]:
        scores, ids = self._index.search(vectors, k, params=self._only)
        return scores, ids


@cache
def _faiss() -> Any:
    import faiss  # a tenth of a second that `--help` does not need

    return faiss
