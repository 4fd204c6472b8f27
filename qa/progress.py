"""Progress: how long work tells how far it is."""

from collections.abc import Callable

# Called with how much is done, of how much, and what is being done in words. Each stage of the
# work (reading, splitting, fitting, embedding, indexing) counts from 0 again.
Progress = Callable[[int, int, str], None]

WAITING = "waiting for another process that is changing the library"  # one of the words


def silent(done: int, total: int, what: str) -> None:
    """Report no progress."""
