"""Asking: the door to an answer, whoever gives it.

    question → finding → answerer → answer

The built-in reader answers unless another answerer is passed in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from embeddings.sentence_transformer import Reranker
from qa.answering.answer import Answer, sought
from qa.answering.finding import PASSAGES, Finding, Inquiry, find, understood
from qa.answering.followup import Standalone, Turn
from qa.answering.quoting import Reader
from qa.library.library import Library
from qa.library.scope import EVERYTHING, Scope


class Answerer(Protocol):
    """Whoever makes answers of what was found; safe to share between threads.

    Both iterators may yield often while they wait, so that whoever reads can stop: closing one
    ends its work within a second.
    """

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> str:
        """One line on why another answers for now; "" when nothing is amiss."""
        ...

    def rewriting(self, question: str, history: Sequence[Turn], by_rules: str) -> Iterator[str]:
        """Yield a follow-up as it stands on its own; the last one counts, `by_rules` if none."""
        ...

    def answers(self, finding: Finding) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is complete."""
        ...


READER = Reader()


@dataclass(frozen=True, slots=True)
class Models:
    """What a question goes through besides the library's encoder.

    `reranker` is a CrossEncoder that puts the nearest passages in order, None for none.
    """

    answerer: Answerer = READER
    reranker: Reranker | None = None


BUILT_IN = Models()


def ask(  # noqa: PLR0913 - all but two are rarely given
    library: Library,
    question: str,
    history: Sequence[Turn] = (),
    passages: int = PASSAGES,
    models: Models = BUILT_IN,
    *,
    scope: Scope = EVERYTHING,
) -> Answer:
    """Return the answer to `question` after `history`, a list of [user, assistant] turns.

    `passages` is how many of the nearest are given back; the reader looks at the same few. With
    a `scope` nothing outside it is looked at. Raises QuestionError for a question that is empty
    or too long, NotFoundError for a scope that leads to no article, ModelError when a model that
    nothing can stand in for fails.
    """
    *_, answer = stream(library, question, history, passages, models, scope=scope)
    return answer


def stream(  # noqa: PLR0913 - all but two are rarely given
    library: Library,
    question: str,
    history: Sequence[Turn] = (),
    passages: int = PASSAGES,
    models: Models = BUILT_IN,
    *,
    scope: Scope = EVERYTHING,
) -> Iterator[Answer]:
    """Yield the answer as it grows, with no text while it is only sought; the last is complete.

    Closing it ends the work. Raises as `ask` does, at the first steps.
    """
    began, answerer = perf_counter(), models.answerer
    snapshot = library.snapshot()
    alone = understood(snapshot.within(scope), question, history)
    if history:
        for text in answerer.rewriting(question, history, alone.text):
            alone = Standalone(text, alone.context)
            yield sought(question, text)
    inquiry = Inquiry(question, alone, began)
    yield from answerer.answers(find(snapshot, inquiry, passages, models.reranker, scope=scope))
