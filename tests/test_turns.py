"""Turns: first come, first served, and who gives up leaves the queue at once."""

import threading
import time
from collections.abc import Callable

from qa.chat.turns import Turns


def never() -> bool:
    return False


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_those_who_wait_are_served_in_the_order_in_which_they_came() -> None:
    turns, served = Turns(), list[int]()

    def ask(number: int) -> None:
        with turns.turn(never):
            served.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with turns.turn(never) as mine:
        assert mine
        for place, thread in enumerate(threads, 2):
            thread.start()
            assert eventually(lambda place=place: len(turns) == place)  # type: ignore[misc]
        assert served == []
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))
    assert len(turns) == 0


def test_only_one_has_the_turn() -> None:
    turns, inside, most = Turns(), 0, 0

    def ask() -> None:
        nonlocal inside, most
        with turns.turn(never):
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1


def test_who_stops_waiting_leaves_at_once_and_those_behind_move_up() -> None:
    turns, gives_up, got = Turns(), threading.Event(), dict[str, bool]()

    def ask(name: str, stopped: Callable[[], bool]) -> None:
        with turns.turn(stopped) as mine:
            got[name] = mine

    impatient = threading.Thread(target=ask, args=("impatient", gives_up.is_set))
    patient = threading.Thread(target=ask, args=("patient", never))
    with turns.turn(never):
        impatient.start()
        assert eventually(lambda: len(turns) == 2)
        patient.start()
        assert eventually(lambda: len(turns) == 3)
        gives_up.set()
        assert eventually(lambda: len(turns) == 2)
        assert got == {"impatient": False}
    patient.join(10)
    assert got == {"impatient": False, "patient": True}


def test_an_error_in_a_turn_gives_it_to_the_next() -> None:
    turns = Turns()
    try:
        with turns.turn(never):
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with turns.turn(never) as mine:
        assert mine
