"""Killed at any moment, a library opens again as it was before or after what was interrupted.

`pytest tests/test_kills.py --kills 200` kills 200 times at random moments, and 200 times at random
steps of each change; without the option it is a few.
"""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from test_concurrency import assert_consistent, write_pair
from test_migration import turned_back

from embeddings.fitting import fit_encoder
from qa.errors import NotFoundError
from qa.library.database import FILE_NAME
from qa.library.doctor import diagnose
from qa.library.encoders import BUILT_IN
from qa.library.library import Library
from qa.library.repair import repair

# Each process is forked from one that knows the program already: it starts in milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["qa.library.repair", "test_concurrency", "warmed"])

Change = Callable[[Path, Path], None]


def texts(folder: Path) -> frozenset[str]:
    """Return the texts in a library after the doctor has found it whole."""
    with Library.open(folder) as library:
        # Something may be left over, until the next repair.
        ill = [
            each for each in diagnose(library).checks if not each.ok and each.name != "leftovers"
        ]
        assert ill == []
        assert_consistent(library.snapshot())
        return frozenset(page.text for page in library.pages())


def made(folder: Path) -> Path:
    """Make a library in a folder, in one of two encoders that are there too."""
    for width, name in ((8, "one"), (9, "other")):
        fit_encoder(["市里开了会。", "第三页今日出版，读者称好。"], folder / name, width=width)
    with Library.open(folder / "library", str(folder / "one")) as library:
        library.add(write_pair(folder, 0))
    return folder / "library"


# At random moments


def change_without_end(folder: Path, pages: Path, seed: int, began: Event) -> None:
    """Replace a pair of pages, add and remove a third, and change the encoder, in any order."""
    chance = random.Random(seed)
    began.set()
    while True:
        # None is the built-in one: fitting takes long, and would catch most kills.
        name = chance.choice([None, None, None, "one", "other"])
        with Library.open(folder, name and str(pages / name)) as library:
            if chance.random() < 0.3:
                library.snapshot()
            if chance.random() < 0.6:
                library.add(write_pair(pages, chance.randrange(10**6)))
            if chance.random() < 0.4:
                third = pages / "third.txt"
                third.write_text("第三页的标题\n\n第三页今日出版，读者称好。" * 3, "utf-8")
                library.add([third])
            if chance.random() < 0.4:
                with suppress(NotFoundError):
                    library.remove("third.txt")


def kill_and_look(folder: Path, pages: Path, seed: int, longest: float) -> int:
    """Kill a process at a random moment; return the generation that the library is left in."""
    began = PROCESSES.Event()
    process = PROCESSES.Process(
        target=change_without_end, args=(folder, pages, seed, began), daemon=True
    )
    process.start()
    assert began.wait(60)
    time.sleep(random.Random(-seed).uniform(0.0, longest))
    process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(texts(folder)) in {2, 3}
    with Library.open(folder) as library:
        assert {"left.txt", "right.txt"} <= {known.source for known in library.known()}
        return library.snapshot().generation


@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_the_library_before_or_after(
    tmp_path: Path, kills: int
) -> None:
    folder = made(tmp_path)
    at_first = time.monotonic()
    replace(folder, tmp_path)
    longest = 4 * (time.monotonic() - at_first)  # a few changes, however busy the machine is
    generations = [kill_and_look(folder, tmp_path, seed, longest) for seed in range(kills)]
    assert generations == sorted(generations)
    assert len(set(generations)) > 1 + kills // 20  # some were killed after a change or in one
    shutil.rmtree(folder / "index")
    texts(folder)


# At each step


class Steps:
    """Counts what a process does to files, SQL included, and kills it at one of these steps."""

    CALLS = frozenset(
        [
            "execute",
            "executemany",
            "connect",
            "close",
            "backup",
            "open",
            "write",
            "tofile",
            "write_index",
            "rename",
            "replace",
            "link",
            "unlink",
            "mkdir",
            "rmdir",
        ]
    )

    def __init__(self, last: int) -> None:
        self.done = 0
        self._last = last

    def heard(self, _: object, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in self.CALLS:
            self.done += 1
            if self.done == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def run_to(step: int, change: Change, folder: Path, pages: Path, steps: Any) -> None:
    counted = Steps(step)
    sys.setprofile(counted.heard)
    change(folder, pages)
    sys.setprofile(None)
    steps.value = counted.done


def add(folder: Path, pages: Path) -> None:
    (pages / "third.txt").write_text("第三页的标题\n\n第三页今日出版，读者称好。" * 3, "utf-8")
    with Library.open(folder) as library:
        library.add([pages / "third.txt"])


def replace(folder: Path, pages: Path) -> None:
    with Library.open(folder) as library:
        library.add(write_pair(pages, 1))


def remove(folder: Path, _: Path) -> None:
    with Library.open(folder) as library:
        library.remove("left.txt")


def embed_again(folder: Path, pages: Path) -> None:
    with Library.open(folder, str(pages / "other")) as library:
        library.snapshot()


def fit_again(folder: Path, _: Path) -> None:
    with Library.open(folder, BUILT_IN) as library:
        library.snapshot()


def open_old(folder: Path, _: Path) -> None:
    Library.open(folder).close()


def mend(folder: Path, _: Path) -> None:
    repair(folder)


def nothing(_: Path) -> None:
    """Change nothing beforehand."""


def damage(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'vectors'")


CHANGES: list[tuple[Change, Callable[[Path], None]]] = [
    (add, nothing),
    (replace, nothing),
    (remove, nothing),
    (embed_again, nothing),
    (fit_again, nothing),
    (open_old, turned_back),
    (mend, damage),
]


@pytest.mark.slow
@pytest.mark.parametrize(("change", "prepare"), CHANGES, ids=lambda each: each.__name__)
def test_a_change_killed_at_any_step_is_done_or_not_begun(
    change: Change, prepare: Callable[[Path], None], tmp_path: Path, kills: int
) -> None:
    before = made(tmp_path)
    known = texts(before)
    prepare(before)

    def killed_at(step: int) -> tuple[frozenset[str], int]:
        folder = Path(shutil.copytree(before, tmp_path / f"{step}"))
        steps = PROCESSES.Value("i", 0)
        arguments = (step, change, folder, tmp_path, steps)
        process = PROCESSES.Process(target=run_to, args=arguments, daemon=True)
        process.start()
        process.join(60)
        assert process.exitcode == (-signal.SIGKILL if step else 0)
        if change is mend:
            repair(folder)  # begun again, it ends
        found = texts(folder)
        shutil.rmtree(folder)
        return found, steps.value

    after, steps = killed_at(0)
    chance = random.Random(steps)
    for step in sorted(chance.sample(range(1, steps), min(max(kills // 7, 1), steps - 1))):
        assert killed_at(step)[0] in (known, after), f"killed at step {step} of {steps}"
