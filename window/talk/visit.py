"""A visit: one open page of the window, the conversation in it and the answer being made.

Several events of a page run at the same time: an answer that grows, Stop, another conversation
that is opened. They meet here, so that the step of an answer which is already on its way never
writes over what was chosen after it. Knows neither HTML nor gradio.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from window.conversation import Conversation

_EARLIER = 30  # finished turns that are shown at first; each wish doubles them


class Visit:
    """What one page shows. Its copy is a new visit, which is how each visitor gets one."""

    _lock = threading.Lock()  # held for a few assignments only, so one does for all visits

    def __init__(self) -> None:
        self.conversation = Conversation()
        self.earlier = _EARLIER
        self.reading = False  # whether the sources were used since the last question
        self._asking: object | None = None
        self._stopping = False

    def __deepcopy__(self, _: object) -> "Visit":
        return Visit()

    def belongs_to(self, owner: str) -> None:
        """Show a new conversation where the one shown is not that person's."""
        with self._lock:
            if self.conversation.owner != owner:
                self.conversation, self._asking = Conversation(owner=owner), None

    def begin(self) -> object | None:
        """Return what names a new answer in `follow`; None while one is being made."""
        with self._lock:
            if self._asking is not None:
                return None
            self._asking, self._stopping, self.reading = object(), False, False
            self.earlier = _EARLIER
            return self._asking

    def follow(
        self, asking: object, steps: Generator[Conversation, None, None]
    ) -> Iterator[Conversation]:
        """Show each step of an answer and yield what is shown then, once more when it has ended.

        Stop ends it at its next step; so does `move`, after which it is shown no more.
        """
        last = self.conversation
        try:
            for now in steps:
                last = now
                if not self._step(asking, now):
                    last = now.stopped()
                    break
                yield self.conversation
        finally:
            steps.close()
            self._end(asking, last.broken())
        yield self.conversation

    def stop(self) -> None:
        """Have the answer that is being made end at its next step."""
        with self._lock:
            self._stopping = True

    def read(self) -> None:
        """Know that the sources are being read, which the next answer must not take away."""
        self.reading = True

    def move(self, conversation: Conversation) -> None:
        """Show another conversation; an answer that is being made is waited for no longer."""
        with self._lock:
            self.conversation = conversation
            self.earlier = _EARLIER
            self._asking = None

    def change(self, made: Callable[[Conversation], Conversation]) -> None:
        """Show the conversation with a change `made` to it; it must be made at once."""
        with self._lock:
            self.conversation = made(self.conversation)

    def show_earlier(self) -> None:
        """Show twice as many of the earlier turns."""
        self.earlier *= 2

    def busy(self) -> bool:
        """Tell whether an answer is being made."""
        return self._asking is not None

    def _step(self, asking: object, now: Conversation) -> bool:
        with self._lock:
            if self._asking is not asking or self._stopping:
                return False
            self._take(now)
            return True

    def _end(self, asking: object, now: Conversation) -> None:
        with self._lock:
            if self._asking is asking:
                self._asking = None
                self._take(now)

    def _take(self, now: Conversation) -> None:
        """Show `now`, whose earlier turns may have been judged while its last one was answered."""
        earlier = self.conversation.turns[: len(now.turns) - 1]
        self.conversation = replace(now, turns=(*earlier, *now.turns[len(earlier) :]))
