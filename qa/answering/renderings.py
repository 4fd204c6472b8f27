"""Renderings: a name or phrase of one language → the same in the other, where an answer has it.

Names go by their pinyin, all else by the dictionary. Knows two texts; no turns and no articles.
"""

import re
from itertools import pairwise

import numpy as np

from embeddings.names import NameReader, readings
from embeddings.tokens import tokens
from qa.answering.phrases import phrases
from qa.answering.query import dictionary
from qa.answering.question import Language
from qa.answering.sought import Sought, share

# The share of a topic's words that a phrase of the answer must translate to stand for it.
_TRANSLATED = 0.5
_LONGEST = 8  # words
_HAN = re.compile("[㐀-鿿]")
_CAPITALS = re.compile(r"(?:\bthe )?[A-Z][\w'’-]*(?: [A-Z0-9][\w'’-]*)*")
_DEFINITE = re.compile(r"(?=\b(the [\w'’-]+)((?: [\w'’-]+)?)((?: [\w'’-]+)?))")


def same_name(name: str, language: Language, others: list[str]) -> str:
    """Return that of `others` which is the same name in `language`; else the name as it is.

    Chinese and Latin names are the same if one is the pinyin of the other.
    """
    if (language == "zh") == bool(_HAN.match(name)):
        return name
    return next((other for other in others if _sound_alike(name, other)), name)


def _sound_alike(name: str, other: str) -> bool:
    """Return whether one of two names is the pinyin of the other, in either order."""
    latin, chinese = sorted((name, other))
    parts = re.findall("[a-z]+", latin.lower())
    spelt = {"".join(parts), "".join([*parts[1:], *parts[:1]]), "".join([*parts[-1:], *parts[:-1]])}
    return not spelt.isdisjoint(readings(chinese))


def same_thing(topic: str, language: Language, answer: str) -> str:
    """Return the shortest words of `answer` that say most of `topic` in `language`; "" if none."""
    if language == "zh":
        said = _chinese_runs(answer)
        pairs = {a + b for run in said for a, b in pairwise(run)}
        names = NameReader(pairs, lambda spelled: spelled)
        terms = dictionary().chinese_terms(f"the {topic.removeprefix('the ')}", names)
    else:
        said = _english_runs(answer)
        terms = dictionary().english_terms(topic)
    if not said or not terms:
        return ""
    weights = np.array([term.weight for term in terms], np.float32)
    met = share(Sought(terms).met([frozenset(tokens(run)) for run in said]), weights)
    most = float(met.max())
    best = [run for run, how_far in zip(said, met.tolist(), strict=True) if how_far >= most]
    return min(best, key=len) if most >= _TRANSLATED else ""


def _chinese_runs(text: str) -> list[str]:
    """Return the runs of a few whole words that end with a noun, inside one phrase each."""
    return [
        text[first.span.start : last.span.end]
        for phrase in phrases(text)
        for nth, first in enumerate(phrase.words)
        for last in phrase.words[nth : nth + _LONGEST]
        if last.is_noun and first.text not in "的与和及、"
    ]


def _english_runs(text: str) -> list[str]:
    """Return the names of `text`, and one to three words behind each "the"."""
    definite = (
        "".join(found.groups()[:many]) for found in _DEFINITE.finditer(text) for many in (1, 2, 3)
    )
    return [*_CAPITALS.findall(text), *definite]
