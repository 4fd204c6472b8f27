"""How many questions are answered at once, and how many of the others come before yours.

A gate with a number of places and a line before it, first come first served. Knows nothing of
questions: whoever wants in enters, and is told how many must leave before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

_SIGN_OF_LIFE = 0.5  # seconds; whoever waits is told so often, and can go away as soon


class Gate:
    """`places` are inside at once; the others wait in the order in which they came.

    Safe to share between threads. Raises ValueError for less than one place.
    """

    def __init__(self, places: int) -> None:
        if places < 1:
            raise ValueError("a gate needs a place")
        self.places = places
        self._line: list[object] = []  # those inside are the first ones
        self._moved = Condition()

    @contextmanager
    def entered(self) -> Iterator[Iterator[int]]:
        """Join the line, and leave it or the place inside when the block ends, however it does.

        Gives an iterator over how many must leave before one's own turn, 1 or more: at once, after
        each change, and every half second. It ends when the turn has come.
        """
        visitor = object()
        with self._moved:
            self._line.append(visitor)
        try:
            yield self._waiting(visitor)
        finally:
            with self._moved:
                self._line.remove(visitor)
                self._moved.notify_all()

    def waiting(self) -> int:
        """Return how many are waiting now."""
        return max(0, len(self._line) - self.places)

    def _waiting(self, visitor: object) -> Iterator[int]:
        before = self._before(visitor)
        while before > 0:
            yield before
            with self._moved:
                self._moved.wait_for(
                    lambda told=before: self._before(visitor) != told,  # type: ignore[misc]
                    _SIGN_OF_LIFE,
                )
                before = self._before(visitor)

    def _before(self, visitor: object) -> int:
        return self._line.index(visitor) - self.places + 1
