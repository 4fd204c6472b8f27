"""Checking: a model is loaded, asked one question about the seeds, and timed.

How it is loaded, and how its answer is made, is passed in; nothing here knows torch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from embeddings.encoder import Encoder
from embeddings.sentence_transformer import Reranker
from qa.answering.asking import Answerer, Models, stream
from qa.answering.retrieve import retrieve
from qa.chat.model import ChatModel, Message
from qa.library.library import Library
from qa.models.catalogue import Part
from qa.models.machine import memory_in_use

# Whoever answers it must have found and understood one sentence of the seeds.
QUESTION = "郑州市中心医院高新医院提供多少张床位？"
EVIDENCE = "1500张床位"
_CANDIDATES = 10  # passages that a reranker orders
_SHOWN = 120  # characters of a passage


@dataclass(frozen=True, slots=True)
class Checked:
    """How a model did. `ok` is that it found what was asked for.

    `answer` is what it said, or the passage that it puts first. `measures` are by name, with
    their unit at the end (s, ms, per_s); `memory` is what the process held afterwards, in bytes.
    """

    name: str
    part: Part
    ok: bool
    question: str
    answer: str
    citations: tuple[str, ...]
    memory: int
    measures: dict[str, float]
    notice: str = ""


class _Watched:
    """A chat model that notes what it wrote and when."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.name = model.name
        self.context = model.context
        self.count = model.count
        self._text = ""
        self._times: list[float] = []

    def stream(self, messages: Sequence[Message], limit: int) -> Iterator[str]:
        """Yield what the model writes."""
        for piece in self._model.stream(messages, limit):
            if piece:
                self._text += piece
                self._times.append(perf_counter())
            yield piece

    def measures(self, asked: float) -> dict[str, float]:
        """Return how fast it wrote since it was `asked`; nothing when it wrote nothing."""
        if not self._times:
            return {}
        first, last = self._times[0], self._times[-1]
        tokens = self.count(self._text)
        speed = {"tokens_per_s": (tokens - 1) / (last - first)} if last > first else {}
        return {"first_token_s": first - asked, "tokens": tokens} | speed


def check_chat(
    load: Callable[[], ChatModel], answerer: Callable[[ChatModel], Answerer], library: Library
) -> Checked:
    """Load a chat model and have it answer about the seeds, which `library` holds.

    Raises ModelError when it cannot be loaded. One that fails while it answers is not `ok`, and
    `notice` says why.
    """
    for _ in stream(library, QUESTION):
        pass  # all but the model is loaded at the first question
    began = perf_counter()
    watched = _Watched(load())
    asked = perf_counter()
    *_, answer = stream(library, QUESTION, models=Models(answerer(watched)))
    measures = {"load_s": asked - began, "answer_s": perf_counter() - asked}
    measures |= watched.measures(asked)
    quotes = tuple(cited.quote for cited in answer.citations)
    ok = answer.answered and not answer.notice and any(EVIDENCE in quote for quote in quotes)
    told = (QUESTION, answer.text, quotes, memory_in_use(), measures, answer.notice)
    return Checked(watched.name, "answerer", ok, *told)


def check_encoder(load: Callable[[], Encoder], library: Library) -> Checked:
    """Load an encoder and have it find a passage among those of the seeds in `library`.

    Raises EncoderError as `load` does.
    """
    snapshot = library.snapshot()
    texts = [passage.text for passage in snapshot.passages(snapshot.words.ids.tolist())]
    began = perf_counter()
    encoder = load()
    loaded = perf_counter()
    vectors = encoder.encode_documents(texts)
    embedded = perf_counter()
    scores = vectors @ encoder.encode_questions([QUESTION])[0]
    measures = {
        "load_s": loaded - began,
        "passages_per_s": len(texts) / (embedded - loaded),
        "question_ms": (perf_counter() - embedded) * 1000,
    }
    return _ordered(encoder.name, "encoder", texts, scores.tolist(), measures)


def check_reranker(load: Callable[[], Reranker], library: Library) -> Checked:
    """Load a reranker and have it order the passages that the seeds in `library` offer first.

    Raises EncoderError as `load` does.
    """
    hits = retrieve(library.snapshot(), QUESTION, _CANDIDATES)
    texts = [hit.passage.text for hit in hits]
    began = perf_counter()
    reranker = load()
    loaded = perf_counter()
    scores = reranker.scores(QUESTION, texts)
    measures = {
        "load_s": loaded - began,
        "question_ms": (perf_counter() - loaded) * 1000,
        "passages": len(texts),
    }
    return _ordered(reranker.name, "reranker", texts, scores.tolist(), measures)


def _ordered(
    name: str, part: Part, texts: Sequence[str], scores: Sequence[float], measures: dict[str, float]
) -> Checked:
    order = np.argsort(-np.asarray(scores), kind="stable").tolist()
    ranks = [rank for rank, at in enumerate(order, 1) if EVIDENCE in texts[at]]
    first = texts[order[0]]
    measures |= {"rank": min(ranks)} if ranks else {}
    ok = bool(ranks) and ranks[0] == 1
    return Checked(name, part, ok, QUESTION, first[:_SHOWN], (), memory_in_use(), measures)


def checked_lines(found: Checked) -> Iterator[str]:
    """Yield how a model did, for people."""
    yield f"{found.name} ({found.part}): {'ok' if found.ok else 'did not find what was asked for'}"
    yield f"  {found.question}"
    yield f"  {found.answer}"
    yield from (f"  cited: {quote}" for quote in found.citations)
    measures = {"memory_gb": found.memory / 1e9} | found.measures
    yield "  " + ", ".join(f"{name} {value:,.3g}" for name, value in measures.items())
    if found.notice:
        yield f"  {found.notice}"
