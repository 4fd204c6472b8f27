"""Comparison: what stands near a place of a statement ↔ what stands near one of what it cites.

Nearness is counted in words, the end of a clause as some more; numbers and dates are words too.
Knows places and words, not what is said of what.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.meanings import Floats
from qa.grounding.agreement import same_quantity
from qa.grounding.dating import held_moment
from qa.grounding.facts import Facts
from qa.grounding.moments import Moment
from qa.grounding.numbers import Quantity
from qa.spans import Span

Side = Literal["both", "before", "after"]

_FADE = 0.55  # what each further word takes from a word's nearness
_CLAUSE = 2  # words that the end of a clause counts for


class Comparison:
    """A statement, what it cites, and the likeness of their words.

    `likeness` is (len(stated.words), len(held.words)).
    """

    def __init__(self, stated: Facts, held: Facts, likeness: Floats) -> None:
        self.stated, self.held, self.likeness = stated, held, likeness
        self._here, self._there = _Terms(stated), _Terms(held)
        rows, columns = likeness.shape
        self._alike = np.zeros((len(self._here.starts), len(self._there.starts)), np.float32)
        self._alike[:rows, :columns] = likeness
        for row, one in enumerate(stated.figures, rows):
            for column, other in enumerate(held.figures, columns):
                self._alike[row, column] = _equal(stated, one, held, other)
        self._met: dict[tuple[Span, Side], Floats] = {}

    @property
    def across(self) -> bool:
        """Whether the two are in different languages."""
        return self.stated.chinese != self.held.chinese

    def fit(self, at: Span, places: Sequence[Span], side: Side = "both") -> float:
        """Return how well what stands near `at` fits what stands near the best of `places`.

        Where `side` says so, only what stands before or after them counts. 0 where nothing fits,
        two and more where all does.
        """
        if not self._alike.size:
            return 0.0
        around = self._here.nearness(at, side)
        return max((float(around @ self._meeting(place, side)) for place in places), default=0.0)

    def _meeting(self, place: Span, side: Side) -> Floats:
        """Return how near to `place` something like each stated term stands (len(terms),)."""
        if (place, side) not in self._met:
            near = self._there.nearness(place, side)
            self._met[place, side] = (self._alike * near).max(axis=1)
        return self._met[place, side]


class _Terms:
    """The words, numbers and moments of one text: where each stands, and in which clause."""

    def __init__(self, facts: Facts) -> None:
        spans = [*facts.spans, *(fact.span for fact in facts.figures)]
        self.starts = np.array([span.start for span in spans], np.int64)
        self._ends = np.array([span.end for span in spans], np.int64)
        self._sorted = np.unique(self.starts)
        self._clauses = np.searchsorted(facts.breaks, self.starts)
        self._breaks = facts.breaks

    def nearness(self, at: Span, side: Side) -> Floats:
        """Return how near each term stands to `at` (len(terms),): 1 for the next, 0 inside it."""
        place = np.searchsorted(self._sorted, self.starts)
        first, last = np.searchsorted(self._sorted, (at.start, at.end))
        behind, before = self.starts >= at.end, self._ends <= at.start
        steps: NDArray[np.int64] = np.where(behind, place - last, first - 1 - place)
        clauses = np.abs(self._clauses - bisect_left(self._breaks, at.start))
        seen = {"after": behind, "before": before, "both": behind | before}[side]
        near = seen * np.power(_FADE, np.maximum(steps, 0) + _CLAUSE * clauses)
        found: Floats = near.astype(np.float32)
        return found


def _equal(stated: Facts, one: Quantity | Moment, held: Facts, other: Quantity | Moment) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.bound == other.bound and same_quantity(stated, one, held, other)
    return isinstance(one, Moment) and isinstance(other, Moment) and held_moment(one, other)
