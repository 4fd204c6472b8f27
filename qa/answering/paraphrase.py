"""Paraphrase: a question's words → how far a sentence says each, in the same or in like words.

掏钱 is half said by 投资, and "school" by 学校: words are compared by their meanings, across
languages too. Knows sentences as plain text: no passages, no scores, no index.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.meanings import WIDTH, meaning, words_of
from qa.answering.question import ASKING_WORD, Question
from qa.answering.wanted import Floats, rarity

# Cosines of two meanings: below the first they have nothing to do with each other, from the
# second on they are the same.
_UNLIKE = 0.45
_SAME = 0.9
_EVERYDAY = 0.1  # the weight of an everyday word
# How far from the asking word the word stands that says what kind of thing is asked for.
_BESIDE = {"zh": 8, "en": 25}
_FOCUS = 2


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a text, and the meanings (n, WIDTH) of those that have one."""

    words: frozenset[str]
    meanings: Floats


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The words of a question that name something.

    `weights` (n,) are from 0.1 for everyday words to 1 for rare ones, `meanings` (n, WIDTH) zero
    for a word without one; `focus` (m, WIDTH) are the meanings of the words right behind the
    asking word, which tell the kind of thing that is asked for.
    """

    words: tuple[str, ...]
    weights: Floats
    meanings: Floats
    focus: Floats


@lru_cache(maxsize=64)
def asked_words(question: Question, translated: bool = False) -> AskedWords:
    """Return the words of `question` to look for.

    Where the texts are in another language, `translated`, names have no meaning to be found by
    and are left out.
    """
    every = (word for word, _ in words_of(question.content))
    words = tuple(word for word in every if not translated or meaning(word) is not None)
    known = [meaning(word) for word in words]
    focus = [meaning(word) for word, _ in words_of(_behind_asking(question))]
    return AskedWords(
        words,
        np.array([_weight(word) for word in words], np.float32),
        _stacked([np.zeros(WIDTH, np.float32) if one is None else one for one in known]),
        _stacked([one for one in focus if one is not None][:_FOCUS]),
    )


def _behind_asking(question: Question) -> str:
    found = ASKING_WORD.search(question.text)
    behind = question.text[found.end() :] if found else ""
    return ASKING_WORD.sub(" ", behind[: _BESIDE[question.language]])


def _weight(word: str) -> float:
    return 1.0 if word.isascii() else rarity(word, _EVERYDAY)


@lru_cache(maxsize=1 << 14)
def said(text: str) -> Said:
    """Return what the words of `text` mean."""
    words = frozenset(word for word, _ in words_of(text))
    known = [one for one in map(meaning, sorted(words)) if one is not None]
    return Said(words, _stacked(known))


def _stacked(vectors: list[Floats]) -> Floats:
    return np.stack(vectors) if vectors else np.zeros((0, WIDTH), np.float32)


def spoken(asked: AskedWords, texts: list[Said]) -> Floats:
    """Return whether each text holds each word itself (len(texts), len(words)), 0 or 1."""
    found = [[word in text.words for word in asked.words] for text in texts]
    return np.array(found, np.float32).reshape(len(texts), -1)


def told(asked: AskedWords, texts: list[Said]) -> Floats:
    """Return how far each text says each word (len(texts), len(words)), from 0 to 1.

    1 is for the word itself or one of the same meaning, 0 for nothing like it.
    """
    cosines, starts, filled = _cosines(asked.meanings, texts)
    alike = np.zeros((len(texts), len(asked.words)), np.float32)
    if len(cosines):
        alike[filled] = np.maximum.reduceat(cosines, starts, axis=0)
    likeness = np.clip((alike - np.float32(_UNLIKE)) / np.float32(1 - _UNLIKE), 0, 1)
    found: Floats = np.maximum(spoken(asked, texts), likeness)
    return found


def kinds(asked: AskedWords, texts: list[Said]) -> tuple[Floats, Floats]:
    """Return the cosine (len(texts),) of the kind asked for with each text's likest word.

    Once of all its words, and once of those that say nothing that the question says itself.
    """
    of_all, of_new = np.zeros((2, len(texts)), np.float32)
    cosines, starts, filled = _cosines(asked.focus, texts)
    if cosines.size:
        best = np.maximum(cosines.max(axis=1), 0)
        asked_too = _cosines(asked.meanings, texts)[0].max(axis=1) >= _SAME
        of_all[filled] = np.maximum.reduceat(best, starts)
        of_new[filled] = np.maximum.reduceat(np.where(asked_too, 0, best), starts)
    return of_all, of_new


def _cosines(wanted: Floats, texts: list[Said]) -> tuple[Floats, NDArray[np.intp], list[int]]:
    """Return the cosines of all texts' words with `wanted`, where each text with any begins among
    them, and the numbers of those texts."""
    filled = [row for row, text in enumerate(texts) if len(text.meanings)]
    sizes = [len(texts[row].meanings) for row in filled]
    held = [texts[row].meanings for row in filled]
    every = np.concatenate(held) if held else np.zeros((0, WIDTH), np.float32)
    return every @ wanted.T, np.cumsum([0, *sizes[:-1]]), filled
