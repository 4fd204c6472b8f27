"""Reranking: the best passages, put in the order of a model that reads each beside the question.

On a CPU that takes a good part of a second for one passage, so only as many are read as fit into
a time budget. Knows hits and scores; knows nothing of how passages were found.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from embeddings.errors import EncoderError
from embeddings.sentence_transformer import Reranker, load_reranker
from qa.answering.retrieve import Hit
from qa.errors import ModelError
from qa.library.indexes import passage_text

# Seconds. A question and a passage of 200 tokens take a model as BAAI/bge-reranker-base (278
# million weights) 0.7 to 0.8 seconds of one core: two idle ones read the five passages that the
# reader looks at, in 1 second two or three.
BUDGET = 2.0
# Hits worth handing over: of translated questions on 240 passages 97 to 98 % find the right one
# among 20, 94 to 95 % among five.
CANDIDATES = 20
_FIRST, _AT_ONCE = 2, 8  # one alone has no order; a model that grows slower has to be noticed


def named_reranker(name: str) -> Reranker:
    """Load a CrossEncoder by name or folder. Raises ModelError when it cannot be used."""
    try:
        return load_reranker(name)
    except EncoderError as error:
        raise ModelError(f"{error}; without QA_RERANKER passages keep their order") from error


def rerank(
    hits: Sequence[Hit],
    question: str,
    reranker: Reranker,
    budget_s: float = BUDGET,
    clock: Callable[[], float] = perf_counter,
) -> list[Hit]:
    """Return `hits` with the best of them in the order of the reranker, ranked anew.

    At least two are read, then as many as fit into `budget_s` at the pace seen so far; the others
    follow in their old order. A hit keeps its score, which says how much of the question it met:
    the confidence was learned from that. Raises ModelError when the model fails.
    """
    scores = np.zeros(0, np.float32)
    began, size = clock(), _FIRST
    while size > 0 and len(scores) < len(hits):
        texts = [_text(hit) for hit in hits[len(scores) :][:size]]
        try:
            scores = np.append(scores, reranker.scores(question, texts))
        except (EncoderError, MemoryError) as error:
            raise ModelError(str(error) or f"{reranker.name} ran out of memory") from error
        if not np.isfinite(scores).all():
            raise ModelError(f"reranker {reranker.name} gave scores that are no numbers")
        took = clock() - began
        size = int(min(_AT_ONCE, (budget_s - took) * len(scores) / max(took, 1e-6)))
    read = [hits[at] for at in np.argsort(-scores, kind="stable")]
    ordered = [*read, *hits[len(read) :]]
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _text(hit: Hit) -> str:
    return passage_text(hit.article.title, hit.passage)
