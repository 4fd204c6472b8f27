"""Turns: the questions of a conversation and what came of them; conversations as they are kept.

Knows nothing of how an answer is made, shown or kept.
"""

from dataclasses import dataclass
from typing import Literal

from qa.answering.answer import Answer
from qa.library.scope import EVERYTHING, Scope

State = Literal["asking", "done", "stopped", "broken"]
Feedback = Literal["", "up", "down"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it.

    `number` counts from 1 and names the turn in links, so that a citation always leads to the
    answer that made it. `answer` grows while it is streamed. `state` is "broken" where a defect
    of the program ended it. `feedback` is what the reader thinks of the answer, "" for nothing
    said, and `reason` why. `scope` is what was asked of. `ahead` questions of others must be answered first.
    """

    number: int
    question: str
    answer: Answer | None = None
    state: State = "asking"
    feedback: Feedback = ""
    reason: str = ""
    scope: Scope = EVERYTHING
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in a list. `changed` is the time of the last question, ISO in UTC."""

    id: str
    title: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole conversation as it was kept; times are ISO in UTC."""

    id: str
    title: str
    created: str
    changed: str
    turns: tuple[Turn, ...]
