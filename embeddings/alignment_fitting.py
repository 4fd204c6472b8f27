"""Alignment fitting: units side by side in many small pairs → which unit stands for which.

IBM Model 1 (Brown and others 1993): every target of a pair is written by one of its sources or by
none, and the chances are found by expectation maximisation. So 岛 is found to be what "island"
writes, from hundreds of names of islands. Knows nothing of languages, files or dictionaries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 6
# Expected counts that a source needs before it is trusted: tells a rare source from a sure one.
_DOUBT = 0.5
_LEAST = 0.002


class Pair(NamedTuple):
    """What was seen side by side, and how much it counts. Units are distinct within a side."""

    sources: Sequence[str]
    targets: Sequence[str]
    weight: float


def aligned(pairs: Iterable[Pair]) -> dict[str, dict[str, float]]:
    """Return source → target → the chance (0.002 to 1) that the source writes that target."""
    sources: defaultdict[str, int] = defaultdict(lambda: len(sources))
    targets: defaultdict[str, int] = defaultdict(lambda: len(targets))
    nothing = sources[""]
    cells: list[tuple[int, int, int]] = []
    weights: list[float] = []
    groups = 0
    for pair in pairs:
        own = [nothing, *(sources[source] for source in pair.sources)]
        for target in pair.targets:
            cells += [(source, targets[target], groups) for source in own]
            weights.append(pair.weight)
            groups += 1
    if not cells:
        return {}
    links = np.array(cells, np.int64)
    keys, places = np.unique(links[:, 0] * len(targets) + links[:, 1], return_inverse=True)
    chances = _chances(keys // len(targets), places, links[:, 2], np.array(weights))
    return _table(keys, chances, list(sources), list(targets))


def _chances(
    owners: NDArray[np.int64],
    places: NDArray[np.intp],
    groups: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the chance of each distinct link.

    `owners` (links,) are their sources. `places` and `groups` (cells,) tell which link a cell is
    and which occurrence of a target it may have written; `weights` (groups,) count occurrences.
    """
    chances = np.ones(len(owners))
    for _ in range(_ROUNDS):
        likely = chances[places]
        shares = likely / np.bincount(groups, likely)[groups] * weights[groups]
        counts = np.bincount(places, shares, len(owners))
        chances = counts / (np.bincount(owners, counts)[owners] + _DOUBT)
    return chances


def _table(
    keys: NDArray[np.int64], chances: NDArray[np.float64], sources: list[str], targets: list[str]
) -> dict[str, dict[str, float]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for at in np.flatnonzero(chances >= _LEAST).tolist():
        source, target = divmod(int(keys[at]), len(targets))
        if sources[source]:
            found[sources[source]][targets[target]] = float(chances[at])
    return dict(found)
