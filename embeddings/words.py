"""Words: a lexical index, tokens → BM25 scores of ids.

Knows ids and tokens, not texts. Built in memory, saved as plain `.npy` arrays that are opened
as memory maps; an index is never changed in place, `changed` returns the next one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log1p
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import IndexFileError
from embeddings.postings import CHINESE, LATIN, Postings, collect
from embeddings.scoring import (
    Found,
    Frequencies,
    Rows,
    added,
    added_at,
    best_rows,
    met_together,
    summed,
    together,
)

# Best on Chinese and English reading-comprehension passages; the usual 1.2 and 0.75 lose about
# a point of recall@1 there.
K1, B = 0.9, 0.5
_REMEMBERED = 128  # terms whose postings are kept put together: those of a few questions

_FORMAT = 2
_PARTS = ("ids", "lengths", "scripts", "keys", "starts", "rows", "counts")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for.

    `alternatives` are `(tokens, trust)`: tokens that stand for the same thing, as the possible
    translations of one word do; they share one term frequency and one document frequency. An
    alternative of several tokens, separated by spaces, is met where all of them are. `weight`
    multiplies the term's part of the score; `name` tells that somebody or something is so called.
    """

    alternatives: tuple[tuple[str, float], ...]
    weight: float = 1.0
    name: bool = False


def plain_terms(tokens: Iterable[str]) -> list[Term]:
    """Return one term for each distinct token, weighted by how often it occurs."""
    return [Term(((token, 1.0),), float(n)) for token, n in Counter(tokens).items()]


class WordIndex:
    """BM25 over token lists. `ids` is int64 (n,); all scores are aligned with it."""

    def __init__(
        self,
        ids: NDArray[np.int64],
        lengths: NDArray[np.int32],
        scripts: NDArray[np.uint8],
        postings: Postings,
    ):
        self.ids = ids
        self._lengths = lengths
        self._scripts = scripts
        self._postings = postings

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def build(cls, ids: Sequence[int], token_lists: Iterable[Iterable[str]]) -> "WordIndex":
        """Return the index in which `ids[i]` holds the i-th token list (a generator is fine).

        Raises ValueError when there are not as many lists as ids.
        """
        postings, lengths, scripts = collect(token_lists)
        if len(lengths) != len(ids):
            raise ValueError(f"{len(ids)} ids, but {len(lengths)} token lists")
        return cls(np.array(ids, np.int64), lengths, scripts, postings)

    def changed(
        self,
        remove_ids: Iterable[int] = (),
        add_ids: Sequence[int] = (),
        add_token_lists: Iterable[Iterable[str]] = (),
    ) -> "WordIndex":
        """Return a new index without `remove_ids` and then with `add_ids`.

        Linear in the size of the index, without tokenising anything again; ids to be removed
        that are not there are ignored. This index stays as it is.
        """
        added = WordIndex.build(add_ids, add_token_lists)
        gone = np.isin(self.ids, np.fromiter(remove_ids, np.int64))
        kept = self._postings.without(gone) if gone.any() else self._postings
        return WordIndex(
            np.concatenate((self.ids[~gone], added.ids)),
            np.concatenate((self._lengths[~gone], added._lengths)),
            np.concatenate((self._scripts[~gone], added._scripts)),
            kept.followed_by(added._postings, len(gone) - int(gone.sum())),
        )

    def idf(self, token: str) -> float:
        """Return `log(1 + (n - df + 0.5) / (df + 0.5))`: highest for an unknown token, above 0."""
        return self._idf(len(self._postings.of(token)[0]))

    def pairs(self) -> list[str]:
        """Return the pairs of neighbouring Chinese characters that occur, in no strict order."""
        return self._postings.pairs()

    @cached_property
    def amounts(self) -> tuple[int, int]:
        """How many tokens the ids hold that are in Chinese, and those that are in Latin script.

        An id of both counts for the one that it holds far more of, if any.
        """
        return self._amounts(np.ones(len(self.ids), bool))

    def _amounts(self, rows: NDArray[np.bool_]) -> tuple[int, int]:
        chinese, latin = (
            int(self._lengths[rows & (self._scripts == script)].sum())
            for script in (CHINESE, LATIN)
        )
        return chinese, latin

    def holds(self, tokens: str) -> bool:
        """Return whether any id holds all of the space-separated `tokens`."""
        return any(self.held([tokens]))

    def held(self, phrases: Sequence[str]) -> Iterator[str]:
        """Yield those of `phrases` (space-separated tokens) that `holds` is true of, in order.

        Their tokens are looked up at once; the ids are only compared for as long as more of the
        phrases are asked for.
        """
        cut = [phrase.split(" ") for phrase in phrases]
        rows = {token: found[0] for token, found in self._held({t for c in cut for t in c}).items()}
        return (p for p, met in zip(phrases, met_together(cut, rows), strict=True) if met)

    def weights(self, terms: Sequence[Term]) -> NDArray[np.float64]:
        """Return each term's weight times its idf: what it adds to a score at the very most."""
        return np.array([self._found(term).weight for term in terms], np.float64)

    def scores(self, terms: Iterable[Term], k1: float = K1, b: float = B) -> NDArray[np.float64]:
        """Return the BM25 scores (n,) of all ids, aligned with `ids`; 0 where no term is met.

        A term's part is `weight * idf * tf / (tf + k1 * (1 - b + b * length / mean length))`,
        so it stays below `weights`. Several alternatives are taken as one word whose frequency
        and document frequency are the sums of theirs, weighted by trust (Darwish and Oard 2003).
        """
        return added(map(self._found, terms), self._norms(k1, b))

    def scores_of(
        self, terms: Iterable[Term], ids: NDArray[np.int64], k1: float = K1, b: float = B
    ) -> NDArray[np.float64]:
        """Return the scores of `ids` alone, which must be in the index: quick for a few of them."""
        rows = self._order[np.searchsorted(self.ids, ids, sorter=self._order)]
        return added_at(rows, map(self._found, terms), self._norms(k1, b))

    def search(
        self, terms: Iterable[Term], k: int, k1: float = K1, b: float = B
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the ids and scores of the best `k`, best first; fewer where fewer meet a term.

        Equal to sorting `scores`, ties in the index's order, and quicker.
        """
        rows, scores = best_rows(list(map(self._found, terms)), self._norms(k1, b), k)
        return self.ids[rows], scores

    @cached_property
    def _norms(self) -> Callable[[float, float], NDArray[np.float64]]:
        # Only two pairs of k1 and b are in use: for a language's own words and for translations.
        return lru_cache(maxsize=2)(self._weigh_lengths)

    def _weigh_lengths(self, k1: float, b: float) -> NDArray[np.float64]:
        mean = float(self._lengths.mean()) if len(self.ids) else 1.0
        return k1 * (1 - b) + (k1 * b / max(mean, 1.0)) * self._lengths.astype(np.float64)

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(self.ids, kind="stable")

    def _idf(self, df: float) -> float:
        return log1p((len(self.ids) - df + 0.5) / (df + 0.5))

    @cached_property
    def _found(self) -> Callable[[Term], Found]:
        # The same few terms are weighed, searched and scored for one question.
        return lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, term: Term) -> Found:
        phrases = [(tokens.split(" "), trust) for tokens, trust in term.alternatives]
        held = self._held({token for phrase, _ in phrases for token in phrase})
        parts = [
            (*together([held[token] for token in phrase]), trust)
            for phrase, trust in phrases
            if all(token in held for token in phrase)
        ]
        if not parts:
            return Found(np.empty(0, np.int32), np.empty(0), term.weight * self._idf(0.0))
        df = min(sum(len(rows) * trust for rows, _, trust in parts), float(len(self.ids)))
        return Found(*summed(parts), term.weight * self._idf(df))

    def _held(self, tokens: Collection[str]) -> Mapping[str, tuple[Rows, Frequencies]]:
        return self._postings.held(tokens)

    def save(self, folder: Path) -> None:
        """Write the index as `.npy` files into `folder`, which is made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "format.npy", np.array([_FORMAT, *map(len, self._arrays())], np.int64))
        for name, values in zip(_PARTS, self._arrays(), strict=True):
            np.save(folder / f"{name}.npy", values)

    @classmethod
    def load(cls, folder: Path) -> "WordIndex":
        """Open a saved index by memory maps, in milliseconds.

        Raises IndexFileError when a file is missing, cut short or of another format.
        """
        try:
            form = np.load(folder / "format.npy", allow_pickle=False).tolist()
            # As plain arrays: slicing the memmap class itself is ten times slower.
            parts = [
                np.asarray(np.load(folder / f"{name}.npy", "r", allow_pickle=False))
                for name in _PARTS
            ]
        except (OSError, ValueError, EOFError) as error:
            raise IndexFileError(f"word index {folder} cannot be read; build it again") from error
        if form != [_FORMAT, *map(len, parts)]:
            raise IndexFileError(f"word index {folder} is of another format; build it again")
        return cls(parts[0], parts[1], parts[2], Postings(*parts[3:]))

    def _arrays(self) -> tuple[NDArray[np.generic], ...]:
        held = self._postings
        own = (self.ids, self._lengths, self._scripts)
        return (*own, held.keys, held.starts, held.rows, held.counts)
