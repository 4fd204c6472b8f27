"""Loading in the background: what it shows, when the model is there, how it fails, how it ends."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tiny_model import make_tiny_model

from qa.chat.loading import BackgroundLoad
from qa.chat.model import ChatModel, Message
from qa.errors import ModelError
from qa.progress import Progress, silent

FOLDER = Path("models/parrot")


class Parrot:
    """A chat model that repeats the last message."""

    name = "parrot"
    context = 100

    def count(self, text: str) -> int:
        return len(text)

    def stream(self, messages: Sequence[Message], limit: int) -> Iterator[str]:
        yield messages[-1].text[:limit]


class Steps:
    """A load that goes on when it is told to, so that each moment of it can be looked at."""

    def __init__(self, *steps: tuple[int, int, str], error: Exception | None = None) -> None:
        self._steps = steps
        self._error = error
        self._told = threading.Semaphore(0)

    def __call__(self, name: str, folder: Path, progress: Progress) -> ChatModel:
        assert (name, folder) == ("parrot", FOLDER)
        for step in self._steps:
            self._told.acquire()
            progress(*step)
        self._told.acquire()
        if self._error is not None:
            raise self._error
        return Parrot()

    def go_on(self, times: int = 1) -> None:
        self._told.release(times)


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_it_tells_how_far_it_is_until_the_model_is_ready() -> None:
    steps = Steps((3, 10, "loading weights"), (1, 4, "quantising"))
    load = BackgroundLoad("parrot", FOLDER, steps)
    assert (load.name, load.status) == ("parrot", "parrot is being loaded")
    steps.go_on()
    assert eventually(lambda: load.status == "parrot is being loaded: loading weights, 30%")
    steps.go_on()
    assert eventually(lambda: load.status == "parrot is being loaded: quantising, 25%")
    assert load.fraction == 0.25
    with pytest.raises(ModelError, match="parrot is being loaded: quantising, 25%"):
        load.model()
    steps.go_on()
    assert eventually(lambda: load.status == "")
    assert list(load.model().stream([Message("user", "你好")], 10)) == ["你好"]


def test_a_model_that_cannot_be_loaded_leaves_one_line() -> None:
    steps = Steps(error=ModelError("no weights in models/parrot"))
    load = BackgroundLoad("parrot", FOLDER, steps)
    steps.go_on()
    assert eventually(lambda: load.status != "parrot is being loaded")
    assert load.status == "parrot was not loaded: no weights in models/parrot"
    with pytest.raises(ModelError, match="no weights in models/parrot"):
        load.model()
    with pytest.raises(ModelError, match="no weights in models/parrot"):
        load.wait(silent)


def test_a_defect_keeps_its_traceback_and_ends_the_loading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda raised: seen.append(raised.exc_type))
    steps = Steps(error=ZeroDivisionError("in the program"))
    load = BackgroundLoad("parrot", FOLDER, steps)
    steps.go_on()
    with pytest.raises(ModelError, match="parrot was not loaded: a defect of the program"):
        load.wait(silent)
    assert eventually(lambda: seen == [ZeroDivisionError])


def test_who_waits_is_told_how_far_it_is_and_gets_the_model() -> None:
    steps = Steps((1, 2, "loading weights"), (2, 2, "loading weights"))
    told: list[tuple[int, int, str]] = []

    def report(*state: object) -> None:
        told.append(state)  # type: ignore[arg-type]
        steps.go_on()

    load = BackgroundLoad("parrot", FOLDER, steps)
    steps.go_on()
    assert load.wait(report).name == "parrot"
    assert told[0] == (1, 2, "loading weights")


def test_a_real_model_is_loaded_while_other_things_go_on(tmp_path: Path) -> None:
    load = BackgroundLoad("tiny", make_tiny_model(tmp_path, says=["三座", "。"]))
    assert "".join(load.wait(silent).stream([Message("user", "几座？")], 10)) == "三座。"
    assert load.status == ""


def test_a_folder_without_a_model_fails_in_the_background(tmp_path: Path) -> None:
    load = BackgroundLoad("nothing", tmp_path)
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        load.wait(silent)


def test_a_program_can_end_while_a_model_is_loading() -> None:
    program = (
        "import time\n"
        "from pathlib import Path\n"
        "from qa.chat.loading import BackgroundLoad\n"
        "def load(name, folder, progress):\n"
        "    for step in range(10_000):\n"
        "        progress(step, 10_000, 'loading weights')\n"
        "        time.sleep(0.01)\n"
        "load = BackgroundLoad('slow', Path('.'), load)\n"
        "time.sleep(0.1)\n"
        "print(load.status)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=30, text=True
    )
    assert ran.returncode == 0
    assert ran.stdout.startswith("slow is being loaded: loading weights")
    assert ran.stderr == ""
