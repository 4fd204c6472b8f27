"""Asking: the door to an answer, whoever gives it.

    question → finding → answerer → answer

The built-in reader answers unless another answerer is passed in.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Protocol

from qa.answering.answer import Answer, sought
from qa.answering.finding import PASSAGES, Finding, find, understood
from qa.answering.followup import Standalone, Turn
from qa.answering.quoting import Reader
from qa.library.library import Library


class Answerer(Protocol):
    """Whoever makes answers of what was found; safe to share between threads.

    Both iterators may yield often while they wait, so that whoever reads can stop: closing one
    ends its work within a second.
    """

    @property
    def name(self) -> str: ...

    def rewriting(self, question: str, history: Sequence[Turn], by_rules: str) -> Iterator[str]:
        """Yield a follow-up as it stands on its own; the last one counts, `by_rules` if none."""
        ...

    def answers(self, finding: Finding) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is complete."""
        ...


READER = Reader()


def ask(
    library: Library,
    question: str,
    history: Sequence[Turn] = (),
    passages: int = PASSAGES,
    answerer: Answerer = READER,
) -> Answer:
    """Return the answer to `question` after `history`, a list of [user, assistant] turns.

    `passages` is how many of the nearest are given back; the reader looks at the same few.
    Raises QuestionError for a question that is empty or too long.
    """
    *_, answer = stream(library, question, history, passages, answerer)
    return answer


def stream(
    library: Library,
    question: str,
    history: Sequence[Turn] = (),
    passages: int = PASSAGES,
    answerer: Answerer = READER,
) -> Iterator[Answer]:
    """Yield the answer as it grows, with no text while it is only sought; the last is complete.

    Closing it ends the work. Raises QuestionError as `ask` does, at the first step.
    """
    began = perf_counter()
    snapshot = library.snapshot()
    alone = understood(snapshot, question, history)
    if history:
        for text in answerer.rewriting(question, history, alone.text):
            alone = Standalone(text, alone.context)
            yield sought(question, text)
    yield from answerer.answers(find(snapshot, question, alone, passages, began))
