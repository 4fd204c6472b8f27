"""Pump: blocking work in a thread of its own, read piece by piece by whoever may want to stop.

Knows nothing of models or servers.
"""

import atexit
from collections.abc import Callable, Generator
from contextlib import closing
from queue import Empty, Full, Queue
from threading import Event, Thread

# Work that yields text. It is given a question to ask often: "should I stop?"
Work = Callable[[Callable[[], bool]], Generator[str, None, None]]

_BEAT = 0.2  # seconds between two signs of life
_HELD = 1000  # pieces that wait for a slow reader before the work waits too
_PARTING = 1.0  # seconds that stopped work is waited for; after them it ends unseen


class _End:
    """The last thing on the line, with what ended the work before its time."""

    error: BaseException | None = None


def pump(work: Work) -> Generator[str, None, None]:
    """Yield what `work` yields, and "" about five times a second while there is nothing new.

    The work begins with the first step. When the reader closes the iterator, the work is asked
    to stop, is closed at its next piece, and is waited for up to a second. What the work raises
    is raised here, after all that it yielded before.
    """
    stop = Event()
    line: Queue[str | _End] = Queue(_HELD)
    worker = Thread(target=_run, args=(work, line, stop), name="pump", daemon=True)

    def part() -> None:
        stop.set()
        worker.join(_PARTING)

    worker.start()
    atexit.register(part)  # a thread that is inside a foreign library then could crash the end
    try:
        while not isinstance(piece := _next(line), _End):
            yield piece
        if piece.error is not None:
            raise piece.error
    finally:
        part()
        atexit.unregister(part)


def _next(line: Queue[str | _End]) -> str | _End:
    try:
        return line.get(timeout=_BEAT)
    except Empty:
        return ""


def _run(work: Work, line: Queue[str | _End], stop: Event) -> None:
    end = _End()
    try:
        with closing(work(stop.is_set)) as pieces:
            for piece in pieces:
                _put(piece, line, stop)
                if stop.is_set():
                    break
    except BaseException as error:  # noqa: BLE001 - raised again where the pieces are read
        end.error = error
    _put(end, line, stop)


def _put(piece: str | _End, line: Queue[str | _End], stop: Event) -> None:
    """Wait for room on the line, unless nobody reads it any more."""
    while not stop.is_set():
        try:
            line.put(piece, timeout=_BEAT)
            break
        except Full:
            continue
