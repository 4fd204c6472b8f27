"""Re-embedding: a change of encoder in a thread of its own, while the library goes on answering.

Tells how far it is, and stops when it is asked to or the program ends. Knows nothing of what is
done to the library (building.py).
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from qa.errors import QAError
from qa.progress import Progress

_PATIENCE = 5.0  # seconds to wait for the thread's end; only a model being loaded takes longer
# On two busy cores 5 brought questions from 97 to 67 ms (median; the slowest 5 % from 285 to 144)
# and cost the thread a twentieth of its pace; 19 cost it a third and brought nothing more.
_NICER = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A change of encoder that is under way: `done` of `total` steps of `what`, in words.

    `problem` is why it failed, one line, or "". Then the old encoder stays in use.
    """

    what: str
    done: int
    total: int
    problem: str = ""


class _StoppedError(Exception):
    """The change is to stop where it is."""


class Reembedding:
    """One change, begun at once. `run` is given a `Progress` and does the work."""

    def __init__(self, run: Callable[[Progress], None]):
        self._now = Change("beginning", 0, 1)
        self._stopping = threading.Event()
        # No daemon: Python would end such a thread in the middle of torch's code.
        self._thread = threading.Thread(target=self._work, args=(run,), name="re-embedding")
        self._thread.start()

    @property
    def change(self) -> Change | None:
        """How far the change is, or why it failed; None when it is done."""
        return self._now if self._now.problem or self._thread.is_alive() else None

    def stop(self) -> None:
        """Stop after the step that is being done; what was made by then is kept."""
        self._stopping.set()
        self._thread.join(_PATIENCE)

    def _work(self, run: Callable[[Progress], None]) -> None:
        if sys.platform == "linux":  # where that is a matter of the thread, and those it starts
            os.nice(_NICER)
        try:
            run(self._told)
        except _StoppedError:
            pass
        except QAError as error:
            self._now = replace(self._now, problem=str(error))

    def _told(self, done: int, total: int, what: str) -> None:
        # Python waits for this thread at its end, when the main thread is no longer alive.
        if self._stopping.is_set() or not threading.main_thread().is_alive():
            raise _StoppedError
        self._now = Change(what, done, total)
