"""The shelf: the indexes of a library's latest state, in memory and beside the database.

Each is made from the one before it where there is one. Knows nothing of encoders and questions.
"""

from pathlib import Path

from qa.library.indexes import (
    Indexes,
    delete_old_indexes,
    load_indexes,
    make_indexes,
    save_indexes,
)
from qa.library.records import State
from qa.library.store import Store


class Shelf:
    """The indexes of one library that were used last."""

    def __init__(self, library: Path):
        self._library = library
        self._last: Indexes | None = None

    def prime(self, state: State) -> None:
        """Open what is saved of `state`, so that after a change little has to be made."""
        if self._last is None:
            self._last = load_indexes(self._library, state)

    def indexes(self, view: Store, *, save: bool) -> Indexes:
        """Return the indexes of what `view` holds; those that had to be made may be saved."""
        state, previous = view.state(), self._last
        if previous is not None and previous.token == state.token:
            return previous
        indexes = load_indexes(self._library, state)
        if indexes is None:
            indexes = make_indexes(view, state, previous)
            if save or previous is None:
                save_indexes(self._library, state, indexes)
        self._last = indexes
        return indexes

    def sweep(self, store: Store) -> None:
        """Delete the saved indexes of all states but the present one of `store`."""
        delete_old_indexes(self._library, store)

    def clear(self) -> None:
        """Let go of what is in memory."""
        self._last = None
