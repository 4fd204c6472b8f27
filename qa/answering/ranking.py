"""Ranking: a passage that was found → how near it is to the question, as one number.

Looks at each candidate more closely than an index can: at its sentences, its headline and the
runs of characters that it shares with the question. Knows nothing of where candidates come from.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.segmentation import words as segmented
from embeddings.tokens import normalised, tokens
from embeddings.words import Term, WordIndex, plain_terms
from qa.answering.sought import STRADDLING, Sought, share
from qa.splitting.passages import Passage

Shares = NDArray[np.float64]

_RUN = 4  # characters of a run that a question and a passage share


# What a passage's score is the weighted mean of; all are shares from 0 to 1 (`meaning` from -1):
#   words     its BM25 score over the most it could be
#   meaning   the cosine of the vectors
#   terms     the weight of the question's terms that are in text or headline
#   inside    that of those in the text, pairs of characters that straddle two words weighing less
#   headline  that of those in the headline
#   sentence  that of what its best one sentence meets: of single characters and words, or of all
#             terms where they are translations
#   runs      how many of the question's runs of four Chinese characters are in the text
#   context   the weight of the terms of the turns before that are in text or headline
# Fitted by a listwise logistic regression on four public reading-comprehension sets (three
# Chinese, one English), alone and among 1,496 mixed articles. `inside`, and headlines in `terms`,
# won 0.3 points of recall@1 in five-fold cross-validation over passages; the weights are rounded.
# `context` was not measured: it only breaks ties between passages.
WEIGHTS = {
    "words": 1.0,
    "meaning": 0.35,
    "terms": 0.4,
    "inside": 0.4,
    "headline": 0.6,
    "sentence": 0.55,
    "runs": 0.25,
    "context": 0.15,
}
# For questions in another language than the text; flat around these values. The other shares,
# fitted for such questions, brought nothing.
TRANSLATED_WEIGHTS = {"words": 1.0, "meaning": 0.1, "sentence": 0.4, "context": 0.1}


class Question:
    """A question's terms, weighed by the index that they are to be looked for in.

    `content` is the question without the words that only ask, `context` what was said before;
    `translated` tells that the terms are in another language than `content`.
    """

    def __init__(
        self,
        words: WordIndex,
        terms: Sequence[Term],
        content: str,
        context: str,
        translated: bool = False,
    ) -> None:
        self._translated = translated
        self._terms, self._weights = Sought(terms), words.weights(terms)
        self.mass = max(float(self._weights.sum()), 1e-9)
        self._simple = self._inside = self._weights
        if not translated:
            pairs = np.array([_is_pair(term.alternatives[0][0]) for term in terms], bool)
            self._simple = np.where(pairs, 0.0, self._weights)
            straddling = pairs & ~_inside_words(terms, content)
            self._inside = np.where(straddling, STRADDLING, 1.0) * self._weights
        before = plain_terms(tokens(context))
        self._context, self._context_weights = Sought(before), words.weights(before)
        self._runs = _runs(content)

    def scores(
        self,
        passages: Sequence[Passage],
        titles: Sequence[str],
        words: Shares,
        meaning: NDArray[np.float32],
    ) -> Shares:
        """Return how near each of `passages`, under its headline, is: (n,), about 0 to 1.

        `words` (n,) are their BM25 scores over `mass`, `meaning` (n,) their cosines.
        """
        if not passages:
            return np.zeros(0)
        weights = TRANSLATED_WEIGHTS if self._translated else WEIGHTS
        shares = self._met(passages, titles)
        shares |= {"words": words, "meaning": meaning.astype(np.float64)}
        met: Shares = sum((w * shares[name] for name, w in weights.items()), np.zeros(len(words)))
        return met / sum(weights.values())

    def _met(self, passages: Sequence[Passage], titles: Sequence[str]) -> dict[str, Shares]:
        """Return the shares of each passage that rest on its tokens and its characters."""
        cut = [sentence_tokens(passage) for passage in passages]
        first = np.cumsum([0, *map(len, cut[:-1])])
        sentences = [sentence for of_one in cut for sentence in of_one]
        headlines = [_held(title) for title in titles]
        own = self._terms.met(sentences)
        before = np.maximum.reduceat(self._context.met(sentences), first)
        before = np.maximum(before, self._context.met(headlines))
        found = {
            "sentence": np.maximum.reduceat(share(own, self._simple), first),
            "context": share(before, self._context_weights),
        }
        if not self._translated:  # the others only say something in the question's own words
            text, headline = np.maximum.reduceat(own, first), self._terms.met(headlines)
            found["terms"] = share(np.maximum(text, headline), self._weights)
            found["inside"] = share(text, self._inside)
            found["headline"] = share(headline, self._weights)
            found["runs"] = np.array([self._runs_in(passage) for passage in passages])
        return found

    def _runs_in(self, passage: Passage) -> float:
        """Return the share of the question's runs that stand in the text."""
        text = _flat(passage) if self._runs else ""
        return len([run for run in self._runs if run in text]) / max(len(self._runs), 1)


def _inside_words(terms: Sequence[Term], content: str) -> NDArray[np.bool_]:
    """Return which terms stand inside a word of `content`."""
    inside = {token for word in segmented(normalised(content)) for token in tokens(word)}
    return np.array([term.alternatives[0][0] in inside for term in terms], bool)


def _is_pair(token: str) -> bool:
    return len(token) == 2 and not token.isascii() and token.isalpha()


def _runs(content: str) -> frozenset[str]:
    flat = "".join(normalised(content).split())
    runs = (flat[at : at + _RUN] for at in range(len(flat) - _RUN + 1))
    return frozenset(run for run in runs if not run.isascii())


@lru_cache(maxsize=4096)
def _flat(passage: Passage) -> str:
    return "".join(normalised(passage.text).split())


@lru_cache(maxsize=4096)
def sentence_tokens(passage: Passage) -> tuple[frozenset[str], ...]:
    """Return the distinct tokens of each sentence of `passage`."""
    starts = ((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
    return tuple(frozenset(tokens(passage.text[start:end])) for start, end in starts)


@lru_cache(maxsize=4096)
def _held(text: str) -> frozenset[str]:
    return frozenset(tokens(text))
