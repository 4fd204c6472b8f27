"""Progress: how long work tells how far it is."""

from collections.abc import Callable

# Called with how much is done, of how much, and what is being done in words. Each stage of the
# work (reading, fitting, embedding, indexing) counts from 0 again.
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Report no progress."""
