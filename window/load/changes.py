"""Changes: a page that comes and goes in a process of its own, while the others are asked."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

from qa import Library


def change(folder: Path, page: Path, between: float, ended: Event) -> None:
    """Add and remove a page of the library in `folder`, in turn, until it is time to end."""
    with Library.open(folder) as library:
        while not ended.wait(between):
            library.add([page])
            if not ended.wait(between):
                library.remove(page.name)


@contextmanager
def changing(folder: Path, page: Path, between: float) -> Iterator[None]:
    """Change the library meanwhile, in a process of its own."""
    context = get_context("spawn")
    ended = context.Event()
    process = context.Process(target=change, args=(folder, page, between, ended))
    process.start()
    try:
        yield
    finally:
        ended.set()
        process.join()
    if process.exitcode:
        sys.exit("the library could not be changed meanwhile")
