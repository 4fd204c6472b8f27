"""Turns: many want what only one can use at a time, and are served first come, first served."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

_LOOK = 0.1  # seconds until who waits looks whether to give up


class Turns:
    """A queue of threads. Its length is how many are in it, the one whose turn it is included."""

    def __init__(self) -> None:
        self._line: deque[object] = deque()
        self._moved = Condition()

    def __len__(self) -> int:
        return len(self._line)

    @contextmanager
    def turn(self, stopped: Callable[[], bool]) -> Iterator[bool]:
        """Wait until all who came before have left, then give True; False once `stopped()`.

        The next one's turn is when the block is left.
        """
        place = object()
        with self._moved:
            self._line.append(place)
        try:
            with self._moved:
                while self._line[0] is not place and not stopped():
                    self._moved.wait(_LOOK)
            yield not stopped()
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()
