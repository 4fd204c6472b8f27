"""Likeness: the words of a statement ↔ the words of the sentences that it cites.

A word is said by itself, by a longer word that holds it, by a translation or by a word of like
meaning; so 掏钱 is partly said by 付款, and "school" by 学校. Knows nothing of names.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np

from embeddings.glosses import parsed, table
from embeddings.meanings import Floats
from qa.answering.wanted import rarity
from qa.grounding.facts import Facts, word_at
from qa.grounding.gravity import kinds_of

# Cosines of two meanings: up to the first they have nothing to do with each other, from the
# second on they are the same.
_UNLIKE, _SAME = 0.4, 0.85
_PART = 0.75  # likeness of a word with one that it is part of
_SHARED = 0.4  # how far a word is said by one that has a character of it: 买家 and 买主
_KNOWN = 0.9
_EVERYDAY = 0.15  # the weight of an everyday word
# How much of a statement must be said; how much of a clause, where more than so much is missing.
_SAME_LANGUAGE, _ACROSS = (0.5, 0.4, 0.8), (0.35, 0.3, 2.2)
_TRANSLATIONS = 12


def alike(stated: Facts, held: Facts) -> Floats:
    """Return how far each held word says each stated one (len(stated.words), len(held.words)).

    From 0 for nothing like it, or its opposite, to 1 for the same.
    """
    cosines = stated.meanings @ held.meanings.T
    found: Floats = np.clip((cosines - _UNLIKE) / (_SAME - _UNLIKE), 0, 1).astype(np.float32)
    columns: defaultdict[str | int, list[int]] = defaultdict(list)
    for column, (other, span) in enumerate(zip(held.words, held.spans, strict=True)):
        columns[other].append(column)
        for kind in kinds_of(span.of(held.text)):
            columns[kind].append(column)
    for row, (word, span) in enumerate(zip(stated.words, stated.spans, strict=True)):
        across = stated.chinese != held.chinese
        for part in columns.keys() & _parts(word) if across else ():
            found[row, columns[part]] = np.maximum(found[row, columns[part]], _PART)
        keys: set[str | int] = {word, *kinds_of(span.of(stated.text))}
        for key in columns.keys() & (keys | translations(word) if across else keys):
            found[row, columns[key]] = 1
    for row, opposites in _opposites(stated, held):
        found[row, opposites] = 0
    return found


def _opposites(stated: Facts, held: Facts) -> Iterator[tuple[int, list[int]]]:
    """Yield the stated words that have an opposite, and the held words that are it."""
    columns: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for other in held.signed:
        if (column := word_at(held, other.span)) is not None:
            columns[other.pair, other.side].append(column)
    for one in stated.signed:
        if (row := word_at(stated, one.span)) is not None:
            yield row, columns.get((one.pair, 1 - one.side), [])


@lru_cache(maxsize=1 << 13)
def _parts(word: str) -> frozenset[str]:
    """Return all that may be words inside the Chinese translations of a word: 定 in 决定."""
    return frozenset(
        text[a:b]
        for text in translations(word)
        if not text.isascii()
        for a in range(len(text))
        for b in range(a + 1, len(text) + 1)
    )


def _said(stated: Facts, held: Facts, likeness: Floats) -> Floats:
    """Return how far the text of `held` says each stated word (len(stated.words),), 0 to 1."""
    best: Floats = likeness.max(axis=1, initial=0)
    low = held.text.lower()
    for row, word in enumerate(stated.words):
        forms = [word] if stated.chinese == held.chinese else [word, *translations(word)]
        if any(form in low and (len(form) > 1 or not form.isascii()) for form in forms):
            best[row] = 1
        elif stated.chinese and any(character in low for character in word):
            best[row] = max(best[row], _SHARED)
    return best


def unsaid(stated: Facts, held: Facts, context: Facts, likeness: Floats) -> str:
    """Return the part of a statement that `held` does not say, "" if it says enough of it.

    Words of the context count neither way: they place a statement, but are not what it claims.
    """
    same = stated.chinese == held.chinese
    told, known = _said(stated, held, likeness), _said(stated, context, alike(stated, context))
    weights = np.array([_weight(word) for word in stated.words], np.float32)
    weights *= (known < _KNOWN) | (told >= _KNOWN)
    if not same:  # names are looked at elsewhere
        weights *= [not span.of(stated.text).istitle() for span in stated.spans]
    missed = weights * (1 - told)
    figures = [fact.span.start for fact in stated.figures]
    least, clause_least, most_missed = _SAME_LANGUAGE if same else _ACROSS
    if missed.sum() > (1 - least) * (weights.sum() + len(figures)):
        return stated.text
    for start, end in pairwise([0, *stated.breaks, len(stated.text)]):
        own = [n for n, span in enumerate(stated.spans) if start <= span.start < end]
        whole = weights[own].sum() + sum(start <= at < end for at in figures)
        if most_missed <= (gone := missed[own].sum()) and gone > (1 - clause_least) * whole:
            return stated.text[start:end].strip("，。；、, ")
    return ""


@lru_cache(maxsize=1 << 14)
def _weight(word: str) -> float:
    return 1.0 if word.isascii() else rarity(word, _EVERYDAY)


@lru_cache(maxsize=1 << 13)
def translations(word: str) -> frozenset[str]:
    """Return what a word, as `words_of` gives it, or a phrase means in the other language."""
    known = table("english" if word.isascii() else "chinese").get(word, "")
    return frozenset(text for text, _ in parsed(known)[:_TRANSLATIONS])
