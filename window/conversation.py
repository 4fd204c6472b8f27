"""One visitor's conversation: values that each step replaces, never shared between visitors.

Knows nothing of HTML or of how an answer is made.
"""

from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Literal, get_args

from qa import Answer
from qa.conversations.turn import Feedback, Turn
from qa.library.scope import EVERYTHING, Scope

__all__ = ["Choice", "Conversation", "Turn"]

Kind = Literal["source", "original", "near"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants to see of a turn: citation `[place]`, or the nearest passage of a rank.

    "source" shows a citation in its article, "original" on its page as that was extracted.
    `clicked` tells a choice made by hand from the one that a new answer brings by itself.
    """

    turn: int
    kind: Kind = "source"
    place: int = 1
    clicked: bool = False

    @classmethod
    def made(cls, turn: object, kind: object, place: object) -> "Choice":
        """Return the choice that a browser sent; whatever is not one leads nowhere."""
        known = next((each for each in get_args(Kind) if each == kind), None)
        if isinstance(turn, int) and isinstance(place, int) and known:
            return cls(turn, known, place, clicked=True)
        return cls(0)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns of a conversation, oldest first; `notice` is one line about what went wrong last.

    `key` names it where it is kept, `owner` is whose it is, "" where nobody logs in.
    """

    turns: tuple[Turn, ...] = ()
    notice: str = ""
    owner: str = field(default="", compare=False)
    key: str = field(default_factory=lambda: token_hex(16), compare=False)

    def turn(self, number: int) -> Turn | None:
        """Return the turn of that number, or None when there is none (any more)."""
        return self.turns[number - 1] if 1 <= number <= len(self.turns) else None

    def history(self, scope: Scope = EVERYTHING) -> list[tuple[str, str]]:
        """Return the finished turns as (question, answer text), which `qa.stream` expects.

        Where `scope` names articles, only turns that were about one of them: who turns to another
        article begins a new topic.
        """
        return [
            (turn.question, turn.answer.text)
            for turn in self.turns
            if turn.answer is not None and turn.state == "done" and _fits(turn, turn.answer, scope)
        ]

    def asking(self) -> bool:
        """Tell whether the last turn is still being answered."""
        return bool(self.turns) and self.turns[-1].state == "asking"

    def newest(self) -> Choice:
        """Return what the newest answer shows by itself: its first citation."""
        last = self.turns[-1] if self.turns else None
        citations = last.answer.citations if last and last.answer else ()
        return Choice(len(self.turns), place=citations[0].marker if citations else 1)

    def asked(self, question: str, scope: Scope = EVERYTHING) -> "Conversation":
        """Return the conversation with a new turn at its end."""
        turns = (*self.turns, Turn(len(self.turns) + 1, question, scope=scope))
        return replace(self, turns=turns, notice="")

    def without_last(self) -> "Conversation":
        """Return the conversation before its last turn was asked."""
        return replace(self, turns=self.turns[:-1], notice="")

    def waiting(self, ahead: int) -> "Conversation":
        """Return the conversation whose last turn waits until `ahead` questions were answered."""
        return self._with_last(replace(self.turns[-1], ahead=ahead))

    def judged(self, number: int, feedback: Feedback, reason: str) -> "Conversation":
        """Return the conversation with what the reader thinks of the answer of that turn."""
        judged = replace(self.turns[number - 1], feedback=feedback, reason=reason)
        return replace(self, turns=(*self.turns[: number - 1], judged, *self.turns[number:]))

    def noticed(self, notice: str) -> "Conversation":
        """Return the conversation with a line about what went wrong."""
        return replace(self, notice=notice)

    def answered(self, answer: Answer) -> "Conversation":
        """Return the conversation whose last turn holds this (perhaps still growing) answer."""
        return self._with_last(replace(self.turns[-1], answer=answer, ahead=0))

    def finished(self) -> "Conversation":
        """Return the conversation whose last answer is complete."""
        return self._with_last(replace(self.turns[-1], state="done"))

    def stopped(self) -> "Conversation":
        """Return the conversation whose last turn, when it is not complete, was ended by hand."""
        unfinished = bool(self.turns) and self.turns[-1].state in ("asking", "broken")
        return self._with_last(replace(self.turns[-1], state="stopped")) if unfinished else self

    def broken(self) -> "Conversation":
        """Return the conversation whose last turn, when still being answered, ends by a defect."""
        return self._with_last(replace(self.turns[-1], state="broken")) if self.asking() else self

    def failed(self, notice: str) -> "Conversation":
        """Return the conversation without the turn that could not be answered, and say why."""
        return replace(self, turns=self.turns[:-1] if self.asking() else self.turns, notice=notice)

    def _with_last(self, turn: Turn) -> "Conversation":
        return replace(self, turns=(*self.turns[:-1], turn), notice="")


def _fits(turn: Turn, answer: Answer, scope: Scope) -> bool:
    cited = {citation.article_id for citation in answer.citations}
    return not scope.articles or turn.scope == scope or not cited.isdisjoint(scope.articles)
