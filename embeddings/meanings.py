"""Meanings: words of Chinese and English → vectors of one space, where like words lie close.

A Chinese word is the sum of its English glosses and of its characters, an English word the mean
of its Chinese translations; so 掏钱 lies by 付款, and "school" by 学校. Fitted on CC-CEDICT (CC
BY-SA 4.0) by `meanings_fitting`. Knows single words: no sentences and no indexes.
"""

import re
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.dictionary import CHINESE_FRAME
from embeddings.glosses import FOLDER, parsed, table
from embeddings.scripts import simplified
from embeddings.tokens import CJK, STOP_WORDS, tokens

FILE = FOLDER / "meanings.npz"
Floats = NDArray[np.float32]

WIDTH = 96
_RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_LONGEST = 6
# How much a word's characters say beside its glosses; flat from a third to one.
CHARACTERS = 0.7
_TRANSLATIONS = 6


def words_of(text: str) -> list[tuple[str, int]]:
    """Return the words of `text` and where each begins: the longest the dictionary has.

    Chinese is given in simplified characters, a character of no longer word by itself; words of
    other scripts are stemmed. Words that only hold a sentence together are left out.
    """
    found: list[tuple[str, int]] = []
    plain = simplified(text)
    for run in _RUN.finditer(plain if len(plain) == len(text) else text):
        if run[0][0] >= "\u3005":
            words = _longest_words(run[0], run.start())
            found += [(word, at) for word, at in words if word not in CHINESE_FRAME]
        elif run[0].lower() not in STOP_WORDS and (stem := tokens(run[0])):
            found.append((stem[0], run.start()))
    return found


def _longest_words(run: str, at: int) -> list[tuple[str, int]]:
    known, found, start = table("chinese"), [], 0
    while start < len(run):
        ends = range(min(len(run), start + _LONGEST), start + 1, -1)
        end = next((end for end in ends if run[start:end] in known), start + 1)
        found.append((run[start:end], at + start))
        start = end
    return found


@lru_cache(maxsize=1 << 16)
def meaning(word: str) -> Floats | None:
    """Return the vector (WIDTH,) of length 1 of a word as `words_of` gives it; None if unknown.

    A Chinese word that the dictionary lacks has the meaning of its last two characters.
    """
    if not word:
        return None
    if word[0] >= "\u3005":
        known = table("chinese")
        return _chinese(word if word in known else word[-2:] if word[-2:] in known else "")
    translations = parsed(table("english").get(word, ""))[:_TRANSLATIONS]
    found = [(_chinese(text), share) for text, share in translations]
    vectors = [vector * share for vector, share in found if vector is not None]
    return _unit(np.stack(vectors).sum(axis=0)) if vectors else None


@lru_cache(maxsize=1 << 16)
def _chinese(word: str) -> Floats | None:
    rows, places = _vectors()
    known = [(places[part], share) for part, share in gloss_parts(word) if part in places]
    if not known:
        return None
    at, shares = zip(*known, strict=True)
    return _unit(np.array(shares, np.float32) @ rows[list(at)])


def gloss_parts(word: str) -> list[tuple[str, float]]:
    """Return what the vector of a Chinese word is summed from: stems and characters, and weights."""
    found: dict[str, float] = {}
    for gloss, share in parsed(table("chinese").get(word, "")):
        stems = gloss.split(" ")
        for stem in stems:
            found[stem] = found.get(stem, 0.0) + share / len(stems) ** 0.5
    characters = set(word) if found else ()
    return [*found.items(), *((c, CHARACTERS / len(word) ** 0.5) for c in characters)]


def _unit(vector: NDArray[np.floating]) -> Floats | None:
    norm = float(np.sqrt(vector @ vector))
    return (vector / norm).astype(np.float32) if norm > 0 else None


@cache
def _vectors() -> tuple[Floats, dict[str, int]]:
    """Return the vectors of stems and characters (n, WIDTH), and the row of each."""
    with np.load(FILE, allow_pickle=False) as saved:
        rows = saved["rows"].astype(np.float32) * saved["scales"].astype(np.float32)[:, None]
        names = bytes(saved["names"]).decode().split("\n")
    return rows, {name: row for row, name in enumerate(names)}
