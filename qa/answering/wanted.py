"""Wanted: a question and its terms → what each term weighs, and where weighty ones stand.

Knows no passages and no ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log10

import numpy as np
from numpy.typing import NDArray

from embeddings.segmentation import frequency, words
from embeddings.tokens import tokens
from embeddings.words import Term
from qa.answering.question import ASKING_WORD, Question
from qa.answering.sought import STRADDLING, Sought
from qa.spans import Span

Floats = NDArray[np.float32]
# Powers of ten of a word's count among 60 million: up to the first it is rare, from the second
# on everyday.
_RARE, _COMMON = 1.5, 5.0
_EVERYDAY_TRUST = 0.3
# How far from the asking word its closest companions stand, in characters.
_BESIDE = {"zh": 6, "en": 25}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants met: `terms`, and each one's weight (its weight times its idf).

    `pairs` are the weights with those of single Chinese characters set to zero and those of
    pairs that straddle two words lowered, `beside` the pairs' weights of terms that stand close
    to the asking word and so name what is asked for.
    All three have the shape (len(terms),); `sought` are the terms, laid out to be looked for.
    `translated` tells that the terms are in another language than the question.
    """

    question: Question
    terms: tuple[Term, ...]
    sought: Sought
    weights: Floats
    pairs: Floats
    beside: Floats
    translated: bool


def wanted(
    question: Question,
    terms: Sequence[Term],
    weights: NDArray[np.float64],
    translated: bool = False,
) -> Wanted:
    """Return what `question` wants met. `weights` (len(terms),) are those of the word index."""
    first = [term.alternatives[0][0] for term in terms]
    close = _beside_asking(question)
    all_weights = weights.astype(np.float32)
    inside = _pair_trusts(question)
    trust = [_pair_trust(token, inside) for token in first]
    pairs = all_weights * np.array(trust, np.float32)
    return Wanted(
        question,
        tuple(terms),
        Sought(terms),
        all_weights,
        pairs.astype(np.float32),
        np.where([token in close for token in first], pairs, 0).astype(np.float32),
        translated,
    )


def _pair_trusts(question: Question) -> dict[str, float]:
    """Return how much each pair of characters inside a word says about what is asked.

    Everyday words (东西, 花费) are often said otherwise on the page; names are not.
    """
    found: dict[str, float] = {}
    for word in words(question.content):
        trust = rarity(word, _EVERYDAY_TRUST)
        found |= {token: max(trust, found.get(token, 0.0)) for token in tokens(word)}
    return found


def rarity(word: str, least: float) -> float:
    """Return how rare a Chinese word is, from `least` for everyday words to 1 for rare ones."""
    rare = 1 - (log10(frequency(word) + 1) - _RARE) / (_COMMON - _RARE)
    return min(1.0, max(least, rare))


def _pair_trust(token: str, inside: dict[str, float]) -> float:
    """Return how much a term says about what is asked: 0 for a single Chinese character."""
    if token.isascii() or " " in token:
        return 1.0
    return 0.0 if len(token) == 1 else inside.get(token, STRADDLING)


def _beside_asking(question: Question) -> set[str]:
    found = ASKING_WORD.search(question.text)
    if not found:
        return set()
    reach = _BESIDE[question.language]
    left = question.text[max(0, found.start() - reach) : found.start()]
    right = question.text[found.end() : found.end() + reach]
    return set(tokens(ASKING_WORD.sub(" ", f"{left} {right}")))


def places(want: Wanted, weights: Floats, text: str, most: int = 1) -> list[tuple[Span, float]]:
    """Return where the terms of some weight stand in `text`, and that weight.

    Of each term the first `most` places; see `Sought.places`.
    """
    weighed = weights.tolist()
    return [
        (place, weighed[nth] * trust)
        for nth, place, trust in want.sought.places(text, most)
        if weighed[nth] > 0
    ]


def nearness(form: Span, at: Sequence[tuple[Span, float]], scale: float) -> list[float]:
    """Return the weight of each place, faded by its distance in characters from `form`."""
    return [w * exp(-max(0, form.start - p.end, p.start - form.end) / scale) for p, w in at]
