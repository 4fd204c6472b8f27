"""Postings: which rows hold which token, and how often, as flat sorted arrays.

`keys` are 64-bit names of tokens in rising order; the postings of `keys[i]` are
`rows[starts[i]:starts[i+1]]` (rising) with `counts` beside them. Knows nothing of scores or of
what a row stands for. Every array may be a read-only memory map.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 21  # tokens counted at once: 16 MB of sort keys
_HASHED = 1 << 63
_SECOND = 1 << 21  # the second character of a packed pair is the remainder by this
_FIRST_CHINESE = 0x3400
# What a row is written in: the script that has more than twice as many of its distinct tokens as
# the other, which names and quotations do not come near.
CHINESE, LATIN = 1, 2


def token_key(token: str) -> int:
    """Return a token's 64-bit key, the same on every machine.

    One or two characters are packed as code points and cannot collide; longer tokens are hashed
    with the top bit set (BLAKE2b, 63 bits: a clash among a million tokens has odds of 1 in 10^7).
    """
    if len(token) <= 2:
        return ord(token[0]) << 21 | ord(token[-1]) * (len(token) - 1)
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest()) | _HASHED


@dataclass(frozen=True, slots=True)
class Postings:
    """An inverted file over rows 0..n-1; see the module's docstring for the layout."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]

    def of(self, token: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return `(rows, counts)` of one token; both empty when no row holds it."""
        key = np.uint64(token_key(token))
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or self.keys[at] != key:
            return self.rows[:0], self.counts[:0]
        place = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[place], self.counts[place]

    def held(
        self, tokens: Collection[str]
    ) -> dict[str, tuple[NDArray[np.int32], NDArray[np.uint16]]]:
        """Return `(rows, counts)` of those `tokens` that some row holds, looked up all at once."""
        if not len(self.keys):
            return {}
        wanted = np.fromiter(map(token_key, tokens), np.uint64, len(tokens))
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        there, starts = (self.keys[at] == wanted).tolist(), self.starts[at].tolist()
        places = zip(tokens, there, starts, self.starts[at + 1].tolist(), strict=True)
        rows, counts = self.rows, self.counts
        return {t: (rows[start:end], counts[start:end]) for t, held, start, end in places if held}

    def pairs(self, inside: NDArray[np.bool_] | None = None) -> list[str]:
        """Return the tokens that are pairs of Chinese characters, which their keys spell out.

        With `inside`, only those that occur in a row which is marked there.
        """
        wanted = self._are_pairs()
        if inside is not None:
            sums = np.concatenate(([0], np.cumsum(inside[self.rows])))
            wanted &= np.diff(sums[self.starts]) > 0
        keys = self.keys[wanted].tolist()
        return [chr(key >> 21) + chr(key & (_SECOND - 1)) for key in keys]

    def _are_pairs(self) -> NDArray[np.bool_]:
        first = np.uint64(_FIRST_CHINESE * _SECOND)
        return (self.keys >= first) & (self.keys < _HASHED) & (self.keys % _SECOND > 0)

    def without(self, gone: NDArray[np.bool_]) -> "Postings":
        """Return the postings without the rows marked in `gone`; the others close the gaps."""
        kept = ~gone[self.rows]
        sums = np.concatenate(([0], np.cumsum(kept)))
        sizes = np.diff(sums[self.starts])
        renumbered = (np.cumsum(~gone) - 1).astype(np.int32)
        return Postings(
            keys=self.keys[sizes > 0],
            starts=_starts(sizes[sizes > 0]),
            rows=renumbered[self.rows[kept]],
            counts=self.counts[kept],
        )

    def followed_by(self, other: "Postings", offset: int) -> "Postings":
        """Return these postings and those of `other`, whose rows are raised by `offset`.

        Linear in the number of postings: `offset` is above every row of this one, so that the
        two lists of a token need only be put end to end.
        """
        keys = np.union1d(self.keys, other.keys)
        sizes = np.zeros((2, len(keys)), dtype=np.int64)
        for sized, part in zip(sizes, (self, other), strict=True):
            sized[np.searchsorted(keys, part.keys)] = np.diff(part.starts)
        starts = _starts(sizes.sum(axis=0))
        total = int(starts[-1])
        rows, counts = np.empty(total, np.int32), np.empty(total, np.uint16)
        begins = starts[:-1]
        for sized, part, raised in zip(sizes, (self, other), (0, offset), strict=True):
            places = np.repeat(begins - _starts(sized)[:-1], sized) + np.arange(len(part.rows))
            rows[places] = part.rows + np.int32(raised)
            counts[places] = part.counts
            begins = begins + sized
        return Postings(keys, starts, rows, counts)


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def collect(
    token_lists: Iterable[Iterable[str]],
) -> tuple[Postings, NDArray[np.int32], NDArray[np.uint8]]:
    """Return the postings of `token_lists` (row i is the i-th list), each row's length and script.

    A script is CHINESE, LATIN or 0 for neither. Lists are consumed one by one, so a generator
    keeps memory low. A token that occurs more than 65,535 times in one row counts as that many.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    lengths = array("i")
    cells, tallies = _counted(token_lists, numbers, lengths)
    keys = np.fromiter(map(token_key, numbers), np.uint64, len(numbers))
    order = np.argsort(keys)
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    owners = rank[cells & 0xFFFFFFFF]
    by_token = np.argsort(owners, kind="stable")
    sizes = np.bincount(owners, minlength=len(keys))
    postings = Postings(
        keys=keys[order],
        starts=_starts(sizes),
        rows=(cells[by_token] >> 32).astype(np.int32),
        counts=tallies[by_token],
    )
    scripts = np.fromiter(map(_script, numbers), np.uint8, len(numbers))
    return postings, np.array(lengths, np.int32), _mostly(cells, scripts, len(lengths))


def _script(token: str) -> int:
    if ord(token[0]) >= _FIRST_CHINESE:
        return CHINESE
    return LATIN if token[0].isalpha() else 0


def _mostly(cells: NDArray[np.int64], scripts: NDArray[np.uint8], rows: int) -> NDArray[np.uint8]:
    """Return the script of each row, given that of each token number."""
    of_cell = scripts[cells & 0xFFFFFFFF]
    chinese, latin = (
        np.bincount(cells[of_cell == one] >> 32, minlength=rows) for one in (CHINESE, LATIN)
    )
    return (CHINESE * (chinese > 2 * latin) + LATIN * (latin > 2 * chinese)).astype(np.uint8)


def _counted(
    token_lists: Iterable[Iterable[str]], numbers: dict[str, int], lengths: "array[int]"
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Return the distinct cells `row << 32 | token number`, rising, and how often each occurs."""
    parts = [_tally(*chunk) for chunk in _chunks(token_lists, numbers, lengths)]
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.uint16)
    cells, tallies = zip(*parts, strict=True)
    return np.concatenate(cells), np.concatenate(tallies)


def _chunks(
    token_lists: Iterable[Iterable[str]], numbers: dict[str, int], lengths: "array[int]"
) -> Iterator[tuple["array[int]", "array[int]", int]]:
    """Yield `(token numbers, row sizes, first row)` by about `_CHUNK` tokens; fill `lengths`."""
    found, sizes, first = array("i"), array("i"), 0
    for row, row_tokens in enumerate(token_lists):
        before = len(found)
        found.extend(map(numbers.__getitem__, row_tokens))
        sizes.append(len(found) - before)
        lengths.append(sizes[-1])
        if len(found) >= _CHUNK:
            yield found, sizes, first
            found, sizes, first = array("i"), array("i"), row + 1
    if sizes:
        yield found, sizes, first


def _tally(
    found: "array[int]", sizes: "array[int]", first: int
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    rows = np.repeat(np.arange(first, first + len(sizes), dtype=np.int64), sizes)
    cells, tallies = np.unique(rows << 32 | np.array(found, np.int64), return_counts=True)
    return cells, np.minimum(tallies, 0xFFFF).astype(np.uint16)
