"""Load: many visitors at once before the window, while another process adds and removes a page.

    python -m window.load [--chats 50] [--minutes 10] [--pause 4] [--between 3]

It serves a library of its own as people do, and speaks the window's own protocol (HTTP, and events
that the server sends). Each visitor asks for facts that stand in one page each, reads the answer,
checks that it cites that page and no other, and loads the page anew now and then. Each minute it
prints what came back and what the server's process holds. Knows nothing of how answers are made.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psutil

from qa import Library
from window.load.changes import changing
from window.load.villages import NAMES, story
from window.load.visitor import Seen, come_again, visit

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Figures:
    """The server's process at one moment: bytes of memory, open files, threads."""

    memory: int
    files: int
    threads: int


def look(process: psutil.Process) -> Figures:
    """Return what a process holds now."""
    if sys.platform == "win32":
        files = process.num_handles()
    else:
        files = process.num_fds()
    return Figures(process.memory_info().rss, files, process.num_threads())


async def watch(
    address: str, process: psutil.Process, options: argparse.Namespace
) -> tuple[Seen, list[Figures]]:
    """Let visitors come, print a line each minute, and return what was seen in all."""
    seen, figures = Seen(), list[Figures]()
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=options.chats)
    async with httpx2.AsyncClient(base_url=address, timeout=_PATIENCE, limits=limits) as client:
        await visit(client, options.stories, 0.0, Seen())  # until everything is loaded
        figures.append(look(process))
        print(line(0, [], 0, figures[0]))
        one = (client, options.stories, options.pause, seen)
        visits = [asyncio.create_task(come_again(*one)) for _ in range(options.chats)]
        step = options.minutes / max(1, round(options.minutes))
        for number in range(1, max(1, round(options.minutes)) + 1):
            done = len(seen.seconds)
            await asyncio.sleep(60 * step)
            figures.append(look(process))
            print(line(number * step, seen.seconds[done:], seen.wrong, figures[-1]))
        for each in visits:
            each.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
    return seen, figures


def line(minute: float, seconds: Sequence[float], wrong: int, now: Figures) -> str:
    """Return one line of the table, of the answers of one minute."""
    cut = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else [0.0] * 19
    return (
        f"{minute:5.1f} min {len(seconds):6} answers  p50 {cut[9]:6.2f} s  p95 {cut[18]:6.2f} s"
        f"  {wrong:4} wrong  {now.memory / 2**20:6.0f} MiB {now.files:5} files"
        f" {now.threads:4} threads"
    )


@contextmanager
def served(library: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a library by `app.py`; give its address and its process."""
    command = [sys.executable, "app.py", "--port", "0", "--library", str(library)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
            if said is None:
                sys.exit("the window did not start")
            yield said[0], psutil.Process(process.pid)
        finally:
            process.terminate()


def measure(options: argparse.Namespace) -> tuple[Seen, list[Figures]]:
    """Make a library, serve it, and let visitors come."""
    with TemporaryDirectory() as made:
        folder, pages = Path(made, "library"), Path(made, "pages")
        pages.mkdir()
        for number in range(options.stories + 1):
            (pages / f"{number}.txt").write_text(story(number), encoding="utf-8")
        changed = pages / f"{options.stories}.txt"
        with Library.open(folder) as library:
            library.add([pages])
        with (
            served(folder) as (address, process),
            changing(folder, changed, options.between),
        ):
            return asyncio.run(watch(address, process, options))


def _options(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m window.load")
    parser.add_argument("--chats", type=int, default=50, help="visitors at once")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds before a question")
    parser.add_argument("--between", type=float, default=3.0, help="seconds between two changes")
    parser.add_argument(
        "--stories", type=int, default=100, choices=range(1, len(NAMES)), metavar="N"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return 1 when an answer was missing or wrong."""
    options = _options(arguments)
    with suppress(KeyboardInterrupt):
        seen, figures = measure(options)
        print(line(options.minutes, seen.seconds, seen.wrong, figures[-1]))
        return 1 if seen.wrong or not seen.seconds else 0
    return 130


if __name__ == "__main__":
    sys.exit(main())
