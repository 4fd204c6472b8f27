"""The terminal: what all commands share: the library, a progress bar, and what is printed."""

import argparse
import sys
from collections.abc import Iterable
from typing import Any

from qa import printing, settings
from qa.library.library import Library


def open_library(options: argparse.Namespace, seeded: bool = False) -> Library:
    """Open the library that is meant; an empty one is first given the seeds if `seeded`."""
    folder = settings.library_folder(options.library)
    library = Library.open(folder, settings.encoder_name())
    if seeded and library.is_empty():
        print(f"qa: the library in {folder} is empty: adding the seeds", file=sys.stderr)
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
        if self._bar.disable:
            return
        self._bar.set_description(name[:40], refresh=False)
        if done < self._bar.n or total != self._bar.total:
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)


def print_json(value: Any) -> None:
    """Print one line of JSON."""
    print(printing.json_line(value))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for people."""
    for line in lines:
        print(line)
