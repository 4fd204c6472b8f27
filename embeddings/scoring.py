"""Scoring: where terms are met → BM25 sums over rows.

Knows rows, frequencies and weights; not what a term or a row stands for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
Frequencies = NDArray[np.floating | np.unsignedinteger]
_NO_ROWS: Rows = np.empty(0, np.int32)
# A term that more than this share of the rows hold is scored last, where it still matters.
_COMMON = 0.25


@dataclass(frozen=True, slots=True)
class Found:
    """Where a term is met: rising rows, its frequency in each, its weight times its idf."""

    rows: Rows
    tf: Frequencies
    weight: float


def together(
    parts: Sequence[tuple[Rows, Frequencies]],
) -> tuple[Rows, Frequencies]:
    """Return the rows that are in all of `parts`, and the least of the parts' counts in each."""
    (rows, tf), *others = sorted(parts, key=lambda part: len(part[0]))
    for more, counts in others:
        places = np.minimum(np.searchsorted(more, rows), len(more) - 1)
        both = more[places] == rows
        rows, tf = rows[both], np.minimum(tf[both], counts[places[both]])
    return rows, tf


def summed(parts: Sequence[tuple[Rows, Frequencies, float]]) -> tuple[Rows, Frequencies]:
    """Return the rows in any of `parts`, with the sums of the parts' counts times their trust."""
    rows, tf, trust = parts[0]
    if len(parts) == 1:
        return rows, tf if trust == 1.0 else tf * trust
    every = np.concatenate([rows for rows, _, _ in parts])
    trusted = np.concatenate([counts * trust for _, counts, trust in parts])
    sums = np.bincount(every, trusted)
    rows = np.flatnonzero(sums > 0).astype(np.int32)  # finds trues faster than numbers
    return rows, sums[rows].astype(np.float64)


def met_together(phrases: Iterable[Sequence[str]], rows: Mapping[str, Rows]) -> Iterator[bool]:
    """Yield for each phrase whether some row is among those of all its tokens.

    `rows` are each token's, rising; a token that is not there has none. What phrases have in
    common with one before, from their beginning on, is not compared again.
    """
    known: dict[tuple[str, ...], Rows] = {}
    for phrase in phrases:
        common = rows.get(phrase[0], _NO_ROWS)
        for end in range(2, len(phrase) + 1):
            head = tuple(phrase[:end])
            if head not in known:
                known[head] = _both(common, rows.get(phrase[end - 1], _NO_ROWS))
            common = known[head]
        yield len(common) > 0


def _both(some: Rows, others: Rows) -> Rows:
    few, many = sorted((some, others), key=len)
    if not len(few):
        return few
    places = np.minimum(np.searchsorted(many, few), len(many) - 1)
    common: Rows = few[many[places] == few]
    return common


def added(found: Iterable[Found], norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score of every row; `norms` (rows,) are k1 times each row's length factor."""
    scores: NDArray[np.float64] = np.zeros(len(norms))
    for f in found:
        scores[f.rows] += f.weight * f.tf / (f.tf + norms[f.rows])
    return scores


def best(scores: NDArray[np.float64], k: int) -> NDArray[np.intp]:
    """Return where the `k` highest of `scores` above 0 are, best first, ties in their order."""
    least = np.partition(scores, -k)[-k] if 0 < k < len(scores) else 0.0
    found = np.flatnonzero((scores >= least) & (scores > 0))
    return found[np.argsort(-scores[found], kind="stable")][:k]


def added_at(
    rows: NDArray[np.intp], found: Iterable[Found], norms: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what `added` gives at `rows`, by looking only these up."""
    wanted, scores = rows.astype(np.int32), np.zeros(len(rows))
    for f in found:
        if len(f.rows):
            places = np.minimum(np.searchsorted(f.rows, wanted), len(f.rows) - 1)
            tf = np.where(f.rows[places] == wanted, f.tf[places], 0)
            scores += f.weight * tf / (tf + norms[rows])
    return scores


def best_rows(
    found: Sequence[Found], norms: NDArray[np.float64], k: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the best `k` rows by `added`, as `best` orders them, and their scores.

    Rare terms are scored everywhere; the common ones only where they can still lift a row among
    the best (MaxScore, Turtle and Flood 1995).
    """
    limit = len(norms) * _COMMON
    common = [f for f in found if len(f.rows) > limit]
    scores = added((f for f in found if len(f.rows) <= limit), norms)
    floor = np.partition(scores, -k)[-k] if k < len(scores) else 0.0
    floor -= sum(f.weight for f in common) * (1 + 1e-9)
    if floor > 0:
        rows = np.flatnonzero(scores >= floor)
        scores = scores[rows] + added_at(rows, common, norms)
    else:
        rows = np.arange(len(scores))
        scores += added(common, norms)
    highest = best(scores, k)
    return rows[highest], scores[highest]
