"""Narrowed words: a word index of which only some rows can be found.

Finds what an index of those rows alone would find, before the best are taken; what a term weighs
stays what it weighs in the whole, since in a few rows hardly any term is rare.
"""

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embeddings.scoring import Found, Frequencies, Rows
from embeddings.words import Term, WordIndex


class NarrowedWords(WordIndex):
    """The part of `whole` with these ids; others are ignored, and ids not there too.

    Copies no postings: it is made in the time of one look at the ids. `ids` and `scores` go as
    the whole's do, where a row outside meets no term. It is only to be asked, not changed or
    saved.
    """

    def __init__(self, whole: WordIndex, ids: NDArray[np.int64]) -> None:
        super().__init__(whole.ids, whole._lengths, whole._scripts, whole._postings)
        self._whole = whole
        self._inside = np.isin(whole.ids, ids)

    def __len__(self) -> int:
        return int(self._inside.sum())

    def pairs(self) -> list[str]:
        """Return the pairs of neighbouring Chinese characters that occur inside."""
        return self._postings.pairs(self._inside)

    @cached_property
    def amounts(self) -> tuple[int, int]:
        """As the whole's, of what is inside."""
        return self._amounts(self._inside)

    def _find(self, term: Term) -> Found:
        found = self._whole._found(term)
        inside = self._inside[found.rows]
        return Found(found.rows[inside], found.tf[inside], found.weight)

    def _held(self, tokens: Collection[str]) -> dict[str, tuple[Rows, Frequencies]]:
        found = {}
        for token, (rows, counts) in self._whole._held(tokens).items():
            inside = self._inside[rows]
            if inside.any():
                found[token] = rows[inside], counts[inside]
        return found

    @cached_property
    def _norms(self) -> Callable[[float, float], NDArray[np.float64]]:
        return self._whole._norms

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return self._whole._order
