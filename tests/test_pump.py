"""Blocking work that is read piece by piece: signs of life, stopping, errors."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator

import pytest

from qa.chat.pump import pump

Stopped = Callable[[], bool]


def counting(_: Stopped) -> Generator[str, None, None]:
    yield from "一二三"


def test_what_the_work_yields_comes_in_order() -> None:
    assert list(pump(counting)) == ["一", "二", "三"]


def test_while_there_is_nothing_new_there_are_signs_of_life() -> None:
    def slow(_: Stopped) -> Generator[str, None, None]:
        time.sleep(0.7)
        yield "done"

    *signs, last = pump(slow)
    assert last == "done"
    assert signs
    assert set(signs) == {""}


def test_work_begins_with_the_first_step_in_another_thread() -> None:
    began: list[int] = []

    def work(_: Stopped) -> Generator[str, None, None]:
        began.append(threading.get_ident())
        yield ""

    pieces = pump(work)
    assert not began
    assert list(pieces) == [""]
    assert began != [threading.get_ident()]


def test_closing_stops_and_closes_the_work() -> None:
    ended = threading.Event()

    def endless(stopped: Stopped) -> Generator[str, None, None]:
        try:
            while not stopped():
                yield "x"
        finally:
            ended.set()

    pieces = pump(endless)
    next(pieces)
    pieces.close()
    assert ended.is_set()


def test_work_that_never_asks_whether_to_stop_is_closed_at_its_next_piece() -> None:
    ended = threading.Event()

    def deaf(_: Stopped) -> Generator[str, None, None]:
        try:
            while True:
                time.sleep(0.05)
                yield "x"
        finally:
            ended.set()

    pieces = pump(deaf)
    next(pieces)
    pieces.close()
    assert ended.wait(2)


def test_closing_does_not_wait_for_work_that_hangs() -> None:
    free = threading.Event()

    def hanging(_: Stopped) -> Generator[str, None, None]:
        free.wait(30)
        yield ""

    pieces = pump(hanging)
    assert next(pieces) == ""
    began = time.monotonic()
    pieces.close()
    assert time.monotonic() - began < 5
    free.set()


def test_an_error_of_the_work_is_raised_after_what_came_before_it() -> None:
    def failing(_: Stopped) -> Generator[str, None, None]:
        yield "first"
        raise ZeroDivisionError("in the work")

    pieces = pump(failing)
    assert next(pieces) == "first"
    with pytest.raises(ZeroDivisionError, match="in the work"):
        list(pieces)


def test_a_slow_reader_gets_all_and_holds_endless_work_back() -> None:
    made = 0

    def endless(stopped: Stopped) -> Generator[str, None, None]:
        nonlocal made
        while not stopped():
            made += 1
            yield str(made)

    pieces = pump(endless)
    assert next(pieces) == "1"
    time.sleep(0.5)
    assert made < 5000
    assert [next(pieces) for _ in range(2000)] == [str(n) for n in range(2, 2002)]
    pieces.close()


def test_a_program_that_ends_with_work_unfinished_ends_at_once() -> None:
    program = (
        "import time\n"
        "from qa.chat.pump import pump\n"
        "def work(stopped):\n"
        "    try:\n"
        "        while not stopped():\n"
        "            time.sleep(0.01)\n"
        "            yield 'x'\n"
        "    finally:\n"
        "        print('stopped')\n"
        "pieces = pump(work)\n"
        "print(next(pieces))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30)
    assert (ran.returncode, ran.stdout.split(), ran.stderr) == (0, [b"x", b"stopped"], b"")
