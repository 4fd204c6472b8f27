"""Retrieval: a question → the passages that are nearest to it, best first.

Candidates come from the word index and the vector index; they are then ordered by a weighted
sum of shares, each between 0 and 1. Knows nothing of how an answer is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.vectors import VectorIndex
from embeddings.words import Term, WordIndex
from qa.answering.query import terms_of
from qa.answering.question import understand
from qa.answering.ranking import Question
from qa.splitting.articles import Article
from qa.splitting.passages import Passage

# Passages looked at closely: among the best by words and the best by vectors.
_BY_WORDS, _BY_VECTORS = 25, 5


class Searchable(Protocol):
    """What is asked of a library's snapshot; both indexes are over the ids of its passages."""

    @property
    def words(self) -> WordIndex: ...
    @property
    def vectors(self) -> VectorIndex: ...
    @property
    def encoder(self) -> Encoder | None: ...
    def passages(self, ids: Sequence[int]) -> list[Passage]: ...
    def article(self, article_id: str) -> Article: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    `rank` counts from 1. `score` is about 0 to 1, a share of what the question could reach, and
    comparable between questions of one language. `coverage` is the share (0–1) of the weight of
    the question's terms that stands in the passage or its headline.
    """

    rank: int
    score: float
    passage: Passage
    article: Article
    coverage: float


def retrieve(
    snapshot: Searchable,
    question: str,
    k: int = 5,
    *,
    terms: Sequence[Term] | None = None,
    context: str = "",
) -> list[Hit]:
    """Return up to `k` passages, best first; none where nothing is in common.

    `terms` are what to search for, by default the content words of `question`. `context` is
    what was said before: it favours passages about it, and finds none by itself.
    Raises QuestionError for a question that is empty or too long.
    """
    asked = understand(question)
    content = asked.content or asked.text
    wanted = terms_of(snapshot.words, asked) if terms is None else list(terms)
    near = Question(snapshot.words, wanted, content, context)
    ids, words, meaning = _candidates(snapshot, wanted, content, max(k, _BY_WORDS))
    found = []
    for passage, *given in zip(
        snapshot.passages(ids.tolist()), words / near.mass, meaning, strict=True
    ):
        article = snapshot.article(passage.article_id)
        shares = near.shares(passage, article.title, *map(float, given))
        found.append((shares.score, passage, article))
    found.sort(key=lambda item: -item[0])
    return [
        Hit(rank, score, passage, article, near.coverage(passage, article.title))
        for rank, (score, passage, article) in enumerate(found[:k], start=1)
    ]


def _candidates(
    snapshot: Searchable, terms: Sequence[Term], content: str, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float32]]:
    """Return ids of passages (n,), and of each its BM25 score and its cosine."""
    ids, scores = snapshot.words.search(terms, k)
    if snapshot.encoder is None or not len(snapshot.vectors):
        return ids, scores, np.zeros(len(ids), np.float32)
    asked = snapshot.encoder.encode_questions([content])
    near, similar = (found[0] for found in reversed(snapshot.vectors.search(asked, _BY_VECTORS)))
    more = near[(similar > 0) & ~np.isin(near, ids)]
    every = np.concatenate((ids, more))
    return (
        every,
        np.concatenate((scores, snapshot.words.scores_of(terms, more))),
        snapshot.vectors.scores_of(asked[0], every),
    )
