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
        self._line: list[Place] = []  # those inside are the first ones
        self._moved = Condition()

    @contextmanager
    def entered(self) -> Iterator["Place"]:
        """Join the line; leave it, or the place inside, when the block ends, however it does.

        The block begins at once: whoever enters waits by `Place.waiting`.
        """
        place = Place(self)
        with self._moved:
            self._line.append(place)
        try:
            yield place
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def before(self, place: "Place") -> int:
        """Return how many must leave before that place is inside; 0 when it is."""
        with self._moved:
            return max(0, self._line.index(place) - self.places + 1)

    def filled(self) -> tuple[int, int]:
        """Return how many are inside, and how many wait."""
        with self._moved:
            inside = min(len(self._line), self.places)
            return inside, len(self._line) - inside

    def moved(self, place: "Place", told: int) -> int:
        """Return `before` as soon as it is not what was `told` any more, or after half a second."""
        with self._moved:
            self._moved.wait_for(lambda: self.before(place) != told, _SIGN_OF_LIFE)
            return self.before(place)


class Place:
    """One visitor's place in the line of a gate, while entered."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def before(self) -> int:
        """Return how many must leave before one's own turn; 0 when it has come."""
        return self._gate.before(self)

    def waiting(self) -> Iterator[int]:
        """Yield how many must leave before one's turn: at once, when it changes, each half second.

        It ends when the turn has come; a caller that closes it has only to leave the block.
        """
        before = self.before()
        while before:
            yield before
            before = self._gate.moved(self, before)
