"""Sought: terms, laid out once → how far many sets of tokens meet them, and where they stand.

A term may have several alternatives (translations); it is met as far as the best of them is
trusted. Knows tokens and texts: no questions, no passages.
"""

from collections import defaultdict
from collections.abc import Sequence
from operator import add
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.words import Term
from qa.spans import Span

Floats = NDArray[np.float32]
# What a pair of characters from two neighbouring words ("所和") counts: it is met by chance or
# not at all.
STRADDLING = 0.3
_Float = TypeVar("_Float", np.float32, np.float64)


# One alternative of a term: the term's number, the alternative's, its trust, and all its tokens.
_Alternative = tuple[int, int, float, tuple[str, ...]]


class Sought:
    """Terms to be looked for in many sentences; `len` is how many they are."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._size = len(terms)
        # By their first tokens, so that only the few that begin in a sentence are looked at.
        self._begun: defaultdict[str, list[_Alternative]] = defaultdict(list)
        for nth, term in enumerate(terms):
            for order, (phrase, trust) in enumerate(term.alternatives):
                tokens = tuple(phrase.split(" "))
                self._begun[tokens[0]].append((nth, order, trust, tokens))
        self._long = [token for token in self._begun if len(token) > 2]

    def __len__(self) -> int:
        return self._size

    def met(self, held: Sequence[frozenset[str]]) -> Floats:
        """Return how far each set of tokens meets each term (len(held), len(self)), 0 to 1."""
        cells: list[int] = []
        trusts: list[float] = []
        for row, tokens in enumerate(held):
            for token in self._begun.keys() & tokens:
                for nth, _, trust, phrase in self._begun[token]:
                    if len(phrase) == 1 or tokens.issuperset(phrase):
                        cells.append(row * self._size + nth)
                        trusts.append(trust)
        found = np.zeros(len(held) * self._size, np.float32)
        np.maximum.at(found, np.array(cells, np.intp), np.array(trusts, np.float32))
        return found.reshape(len(held), self._size)

    def places(self, text: str, most: int = 1) -> list[tuple[int, Span, float]]:
        """Return `(term, place, trust)` of the first `most` places in `text` of each term.

        They are those of the first alternative whose first token stands in the text at all, in
        whatever word; as in tokens, case does not count.
        """
        low = text.lower()
        short = {*low, *map(add, low, low[1:])}
        there = (self._begun.keys() & short).union(long for long in self._long if long in low)
        found: dict[int, _Alternative] = {}
        for one in (one for token in there for one in self._begun[token]):
            if one[0] not in found or one[1] < found[one[0]][1]:
                found[one[0]] = one
        return [
            (nth, Span(start, start + sum(map(len, phrase))), trust)
            for nth, _, trust, phrase in sorted(found.values())
            for start in _occurrences(low, phrase[0], most)
        ]


def _occurrences(text: str, wanted: str, most: int) -> list[int]:
    """Return where `wanted` begins in `text`, its first `most` places."""
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(wanted, at + len(wanted))
    return found


def share(how_far: Floats, weights: NDArray[_Float]) -> NDArray[_Float]:
    """Return the share of `weights` (T,) that each row of `how_far` (n, T) meets: (n,).

    0 where nothing has a weight.
    """
    total = weights.sum()
    if total <= 0:
        return np.zeros(len(how_far), weights.dtype)
    met: NDArray[_Float] = np.matmul(how_far, weights / total)
    return met
