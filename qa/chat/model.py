"""Chat models: what every language model offers that may write an answer.

Messages go in, text comes out piece by piece. Knows nothing of pages, of citations, nor of
where a model runs: on this machine (local.py), behind a server (server.py), or from a script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Role = Literal["system", "user", "assistant"]


class CutOff(str):
    """The last piece of an answer that was longer than it might be. It adds no text."""

    __slots__ = ()


CUT_OFF: Final = CutOff("")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation that a model goes on with."""

    role: Role
    text: str


class ChatModel(Protocol):
    """A language model that may be asked by several threads at once; they take turns.

    `name` is shown to people. `context` is how many tokens prompt and answer may take together.
    """

    @property
    def name(self) -> str: ...
    @property
    def context(self) -> int: ...

    def count(self, text: str) -> int:
        """Return how many tokens `text` takes; an estimate is no lower than the truth."""
        ...

    def stream(self, messages: Sequence[Message], limit: int) -> Iterator[str]:
        """Yield the next message as it is written, at most `limit` tokens of it, greedily.

        CUT_OFF is the last piece where the message did not end within the limit.

        While there is nothing new, because others are before it, the prompt is being read or a
        token takes long, "" is yielded a few times a second, so that whoever reads can stop:
        closing the iterator ends the work within a second. Raises ModelError, at any step, when
        the model fails; what came before it is then all there is.
        """
        ...
