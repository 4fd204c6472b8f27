"""The terminal: what all commands share: the library, a progress bar, and what is printed."""

import argparse
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from qa import printing, settings
from qa.library.library import Library
from qa.progress import WAITING

_UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def open_library(options: argparse.Namespace, seeded: bool = False) -> Library:
    """Open the library that is meant; an empty one is first given the seeds if `seeded`."""
    folder = settings.library_folder(options.library)
    library = Library.open(folder, settings.encoder_name())
    if seeded and library.is_empty():
        line = f"qa: the library in {folder} is empty: adding the seeds"
        print(printing.shown(line), file=sys.stderr)
        with Bar() as bar:
            library.add([settings.seeds_folder()], bar)
    return library


class Bar:
    """A progress bar on standard error, moved by `bar(done, total, name)`; `unit` is counted."""

    def __init__(self, unit: str = "it") -> None:
        from tqdm import tqdm

        self._bar: tqdm[Any] = tqdm(
            disable=None, leave=False, file=sys.stderr, unit=unit, unit_scale=unit == "B"
        )

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Show that `done` of `total` steps are done, the last of them `name`."""
        if name == WAITING:
            self._bar.write(f"qa: {name}", file=sys.stderr)
        if self._bar.disable:
            return
        self._bar.set_description(printing.shown(name[:40]), refresh=False)
        if done < self._bar.n or total != self._bar.total:
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)


def print_json(value: Any) -> None:
    """Print one line of JSON, whole or not at all: nobody reads half of one after Ctrl-C."""
    print(f"{printing.json_line(value)}\n", end="", flush=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for people."""
    for line in lines:
        print(line)


@contextmanager
def ended_tidily() -> Iterator[None]:
    """Let SIGTERM end the program like an error does, so that temporary folders are deleted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def flush_output() -> None:
    """Write what was printed; raises OSError where that cannot be done."""
    if sys.stdout is not None:
        sys.stdout.flush()


def unwritable(error: OSError) -> int:
    """Return the exit code when output cannot be written, and say why; raise other errors."""
    if error.errno not in _UNWRITABLE:
        raise error
    # Python writes at its end what is still buffered: that must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if error.errno != errno.EPIPE:
        print(f"qa: cannot be written: {error.strerror}; make room first", file=sys.stderr)
    return 1
