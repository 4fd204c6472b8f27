"""Finding: a question over a library → the sentences that may answer it, and how surely.

The first half of the road, whoever answers afterwards: follow-up → terms → passages → sentences →
enough evidence? Makes no answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from embeddings.sentence_transformer import Reranker
from embeddings.words import WordIndex
from qa.answering.candidates import candidates
from qa.answering.evidence import ENOUGH, confidence
from qa.answering.followup import Standalone, Turn, standalone
from qa.answering.query import Road, in_script, road_to, roads_of
from qa.answering.question import Question, understand
from qa.answering.reader import Reading, read
from qa.answering.reranking import CANDIDATES, rerank
from qa.answering.retrieve import Hit, retrieve
from qa.answering.short_forms import spelled_out
from qa.answering.wanted import Wanted, wanted
from qa.errors import ModelError
from qa.library.scope import EVERYTHING, Scope
from qa.library.snapshot import Snapshot
from qa.spans import reflow

# Passages that the reader looks at, and that an answer shows.
PASSAGES = 5
# What orders sentences where no CrossEncoder orders the passages before.
BY_RANKER = "built-in sentence ranker"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was typed, what it asks `alone`, and when (seconds of `time.perf_counter`)."""

    question: str
    alone: Standalone
    began: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for an inquiry; `asked` is what it asks, understood.

    `hits` are the nearest passages, of which the reader looked at the first PASSAGES; `readings`
    are their sentences, the likeliest first, and `confidence` (0–1) is how likely that one
    answers. `retrieved` is when the hits were there. `scope` is what was looked through.
    """

    inquiry: Inquiry
    asked: Question
    want: Wanted
    hits: tuple[Hit, ...]
    readings: tuple[Reading, ...]
    confidence: float
    encoder: str
    reranker: str
    retrieved: float
    scope: Scope = EVERYTHING

    @property
    def enough(self) -> bool:
        """Whether the question may be answered at all."""
        return bool(self.readings) and self.confidence >= ENOUGH


def understood(snapshot: Snapshot, question: str, history: Sequence[Turn] = ()) -> Standalone:
    """Return what `question` asks after `history`, by rules and with a look into the articles.

    Raises QuestionError for a question that cannot be asked.
    """
    return standalone(question, history, partial(_nearest, snapshot))


def find(
    snapshot: Snapshot,
    inquiry: Inquiry,
    passages: int,
    reranker: Reranker | None = None,
    *,
    scope: Scope = EVERYTHING,
) -> Finding:
    """Return what `snapshot` holds, in `scope`, about an inquiry.

    `passages` is how many of the nearest are given back; the reader looks at PASSAGES of them,
    in the order of the `reranker` if there is one. A short form (郑大) is asked by the name that they
    print, which the finding's inquiry then says. Raises QuestionError when it cannot be asked,
    NotFoundError when the scope leads to no article. Where the reranker fails, passages keep the
    order in which they were found, and `reranker` says so.
    """
    snapshot = snapshot.within(scope)
    asked = in_script(snapshot.words, understand(inquiry.alone.text))
    roads = roads_of(snapshot.words, asked)
    most = max(passages, CANDIDATES if reranker else PASSAGES)
    context = inquiry.alone.context
    hits = retrieve(snapshot, asked.text, most, roads=roads, context=context)
    full = spelled_out(asked, [_told(hit) for hit in hits[:PASSAGES]])
    if full is not asked:
        asked, roads = full, roads_of(snapshot.words, full)
        inquiry = replace(inquiry, alone=Standalone(asked.text, context))
        hits = retrieve(snapshot, asked.text, most, roads=roads, context=context)
    hits, ranked_by = _in_order(hits, asked.text, reranker)
    retrieved = perf_counter()
    want = wanted_from(snapshot.words, asked, roads, hits[:PASSAGES])
    readings = read(want, candidates(hits[:PASSAGES]))
    return Finding(
        inquiry=inquiry,
        asked=asked,
        want=want,
        hits=tuple(hits[:passages]),
        readings=tuple(readings),
        confidence=confidence(want, readings),
        encoder=snapshot.encoder_name or "built-in",
        reranker=ranked_by,
        retrieved=retrieved,
        scope=scope,
    )


def _in_order(hits: list[Hit], question: str, reranker: Reranker | None) -> tuple[list[Hit], str]:
    """Return the hits as `reranker` orders them, if it can, and what ordered them."""
    if reranker is None:
        return hits, BY_RANKER
    try:
        return rerank(hits, question, reranker), reranker.name
    except ModelError as error:
        return hits, f"{BY_RANKER} ({error})"


def wanted_from(
    words: WordIndex, asked: Question, roads: Sequence[Road], hits: Sequence[Hit]
) -> Wanted:
    """Return what to look for in `hits`, in the language of the best of them."""
    road = road_to(hits[0].passage.text if hits else "", roads, asked)
    return wanted(asked, road.terms, words.weights(road.terms), road.translated)


def _told(hit: Hit) -> str:
    return reflow(f"{hit.article.title}\n{hit.passage.text}")


def _nearest(snapshot: Snapshot, text: str) -> str:
    """Return the headline and text of the article nearest to `text`, as one line; "" if none."""
    hits = retrieve(snapshot, text, 1)
    return reflow(f"{hits[0].article.title} {hits[0].article.text}") if hits else ""
