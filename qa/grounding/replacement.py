"""Replacement: a word of a Chinese statement that took the place of another of its citation.

做家具的企业 for 做渔具的企业, 退休工人 for 退休教师: the words around it are the same, or the kind of
thing is, and it means something else. Knows only the words of two sentences, and no synonyms but
those of the dictionary.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from embeddings.segmentation import tagged_words
from qa.grounding.facts import Facts
from qa.grounding.likeness import translations

_KINDRED = 0.45  # cosine from which two words may be used for each other
_FILLERS = 2  # characters between two words that name nothing (的, 是)
_LONGEST = 3  # words that one may take the place of
_NAMES = ("nr", "ns", "nt")
_EDGE = "|"  # a number, or the end of a clause


def replaced(stated: Facts, held: Facts, context: Facts) -> str:
    """Return the first such word, or ""; one of the context only if it names a place or person."""
    if not (stated.chinese and held.chinese):
        return ""
    every = (*_of_its_kind(stated, held), *_between_the_same(stated, held))
    return next((w for w in every if w not in context.text or _tag(w).startswith(_NAMES)), "")


def _of_its_kind(stated: Facts, held: Facts) -> Iterator[str]:
    """Yield nouns that end like another in `held`, where neither is in the other text."""
    kin: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for column, other in enumerate(held.words):
        if other not in stated.text:
            kin[len(other), other[-1]].append(column)
    for row, word in enumerate(stated.words):
        rivals = kin.get((len(word), word[-1]), []) if len(word) > 1 else []
        if word not in held.text and any(_differ(stated, row, held, n) for n in rivals):
            yield word


def _between_the_same(stated: Facts, held: Facts) -> Iterator[str]:
    """Yield nouns between two words that in `held` have other nouns between them."""
    here, there = _sequence(stated), _sequence(held)
    after = defaultdict(list)
    for at, (word, _) in enumerate(there):
        after[word].append(at)
    for (left, _), (word, row), (right, _) in zip(here, here[1:], here[2:], strict=False):
        if row is None or word in held.text or left == right == _EDGE:
            continue
        for at in after.get(left, []):
            for end in range(at + 2, min(at + 2 + _LONGEST, len(there))):
                columns = [column for _, column in there[at + 1 : end]]
                if there[end][0] == right and all(
                    n is not None and _differ(stated, row, held, n) for n in columns
                ):
                    yield word


def _sequence(facts: Facts) -> list[tuple[str, int | None]]:
    """Return the words in order and their numbers, with edges where something else stands."""
    found: list[tuple[str, int | None]] = [(_EDGE, None)]
    for n, (span, following) in enumerate(zip_longest(facts.spans, facts.spans[1:])):
        found.append((facts.words[n], n))
        far = following is None or following.start - span.end > _FILLERS
        if far or any(span.end <= at < following.start for at in facts.breaks):
            found.append((_EDGE, None))
    return found


def _differ(stated: Facts, row: int, held: Facts, column: int) -> bool:
    """Tell whether two nouns mean different things, and neither text has the other's."""
    word, other = stated.words[row], held.words[column]
    if other in stated.text or not (_is_noun(word) and _is_noun(other)):
        return False
    cosine = float(stated.meanings[row] @ held.meanings[column])
    return cosine < _KINDRED and not _glosses(word) & _glosses(other)


def _glosses(word: str) -> set[str]:
    return set(" ".join(translations(word)).split(" "))


def _is_noun(word: str) -> bool:
    return _tag(word).startswith(("n", "s", "b"))


@lru_cache(maxsize=1 << 12)
def _tag(word: str) -> str:
    return tagged_words(word)[-1][1]
