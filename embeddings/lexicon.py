"""The lexicon: a library's texts → a tokenizer over the words that occur in them.

A Unigram model over the dictionary words of up to four characters, all single characters and
all Latin words and numbers of the texts. It is saved as a plain `tokenizers` file and needs no
code of ours to be read again. Knows nothing of vectors.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Lowercase, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace, Split
from tokenizers.pre_tokenizers import Sequence as PreTokenizers

from embeddings.segmentation import word_frequencies
from embeddings.tokens import CJK, normalised

UNKNOWN, START = "<unk>", "▁"
# Keeps the encoder of a very large library at some 25 MB; the rarest tokens are left out.
_LARGEST = 50_000
_LENGTHS = (2, 3, 4)  # characters of dictionary words: four of 16 bits make one 64-bit key
_CHUNK = 1000  # texts searched at once

_NARROW = rf"\d+(?:[.,]\d+)*|[^\W_{CJK}]+"
_NARROW_UNITS = re.compile(_NARROW)
_WIDE_CHARACTER = re.compile(f"[{CJK}]")


def lexicon(texts: Sequence[str]) -> Tokenizer:
    """Return the tokenizer of `texts`. Number 0 is the unknown token, number 1 a unit's start.

    A question's Chinese word that the texts lack falls into its characters; a Latin one is read
    as far as it begins like a known word.
    """
    tokenizer = Tokenizer(Unigram(_vocabulary(texts), unk_id=0))
    # White space between two Chinese characters is a line break in a narrow column.
    gaps = Replace(Regex(rf"(?<=[{CJK}])\s+(?=[{CJK}])"), "")
    tokenizer.normalizer = Normalizers([NFKC(), Lowercase(), gaps])
    # Each unit is marked by START, so that no Latin word is put together from shorter ones.
    tokenizer.pre_tokenizer = PreTokenizers(
        [
            Split(Regex(rf"[{CJK}]+|{_NARROW}"), behavior="removed", invert=True),
            Metaspace(START, prepend_scheme="always"),
        ]
    )
    return tokenizer


def _vocabulary(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return the tokens, commonest first, each with the logarithm of its share in Chinese."""
    frequencies = word_frequencies()
    counts: Counter[str] = Counter()
    dictionary = _Dictionary(frequencies)
    for start in range(0, len(texts), _CHUNK):
        joined = normalised("\n".join(texts[start : start + _CHUNK]))
        counts.update(START + unit for unit in _NARROW_UNITS.findall(joined))
        counts.update(_WIDE_CHARACTER.findall(joined))
        dictionary.count("".join(joined.split()))
    counts.update(dict(dictionary.found()))
    kept = sorted(counts, key=lambda token: (-counts[token], token))[:_LARGEST]
    total = log(sum(frequencies.values()))
    scored = [(token, log(frequencies.get(token, 0) + 1) - total) for token in kept]
    return [(UNKNOWN, 0.0), (START, 0.0), *scored]


class _Dictionary:
    """Counts the dictionary's words in texts, at every place where one could stand."""

    def __init__(self, words: Iterable[str]) -> None:
        joined: dict[int, list[str]] = {length: [] for length in _LENGTHS}
        for word in words:
            if len(word) in joined:
                joined[len(word)].append(word)
        # Every character of the dictionary is one UTF-16 unit, so each word is one key.
        self._keys = {
            length: np.sort(_keys("".join(known), length)[::length])
            for length, known in joined.items()
        }
        self._counts = {length: np.zeros(len(keys), int) for length, keys in self._keys.items()}

    def count(self, text: str) -> None:
        for length, known in self._keys.items():
            keys, counts = np.unique(_keys(text, length), return_counts=True)
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            same = known[at] == keys
            self._counts[length][at[same]] += counts[same]

    def found(self) -> Iterator[tuple[str, int]]:
        for length, counts in self._counts.items():
            some = np.flatnonzero(counts)
            for key, count in zip(self._keys[length][some].tolist(), counts[some], strict=True):
                yield key.to_bytes(2 * length).decode("utf-16-be"), int(count)


def _keys(text: str, length: int) -> NDArray[np.uint64]:
    """Return a key for each run of `length` UTF-16 units of `text`: the units, side by side."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2").astype(np.uint64)
    keys = np.zeros(max(len(units) - length + 1, 0), np.uint64)
    for nth in range(length):
        keys = keys << np.uint64(16) | units[nth : nth + len(keys)]
    return keys
