"""Visitors: the window as people start it, and a person before it in a real browser."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import app

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed"),
]
ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


sync_api.expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@contextmanager
def started(*command: str) -> Iterator[str]:
    """Run a command that serves the window, as people do, and give the address that it prints."""
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield _address(process.stdout.readline())
        finally:
            process.terminate()


# Forked from one process that has imported gradio, which takes seconds, for all of them.
_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.ready"])


@contextmanager
def served(*command: str) -> Iterator[str]:
    """The same as `started` for `app.py …` or `-c PROGRAM …`, in a process that starts at once."""
    told, tells = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_serve, args=(tells, command))
    process.start()
    tells.close()
    try:
        with open(told.fileno(), closefd=False, encoding="utf-8") as lines:
            yield _address(lines.readline())
    finally:
        process.terminate()
        process.join()
        told.close()


def _serve(tells: Connection, command: tuple[str, ...]) -> None:
    os.chdir(ROOT)
    os.dup2(tells.fileno(), sys.stdout.fileno())
    if command[0] == "-c":
        sys.argv = ["-c", *command[2:]]
        exec(command[1], {"__name__": "__main__"})
    else:
        sys.exit(app.main(command[1:]))


def _address(line: str) -> str:
    said = re.search(r"http://\S+", line)
    assert said, "the window did not start"
    return said[0]


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visitor:
    """A person at the window: asks, clicks, and remembers what the browser tried to load."""

    def __init__(
        self,
        browser: "sync_api.Browser",
        address: str,
        width: int = 1280,
        locale: str = "zh-CN",
        color_scheme: str = "light",
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=locale, color_scheme=color_scheme
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.surprises: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.surprises.append(str(error)))
        self.page.on("dialog", lambda dialog: self.surprises.append(dialog.message))
        self.page.goto(address)
        self.page.locator(".greeting").wait_for()
        self.asked = 0

    def ask(self, question: str) -> "sync_api.Locator":
        """Return the finished turn of a question that is typed and sent by the Enter key."""
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")
        self.asked += 1
        turn = self.page.locator(f"#turn-{self.asked}")
        turn.locator(".colophon").wait_for()
        return turn

    def panel(self) -> "sync_api.Locator":
        return self.page.locator("#sources .panel")


@pytest.fixture
def visitor(browser: "sync_api.Browser", address: str) -> Iterator[Visitor]:
    """A visitor of the `address` that the tests' own module serves, who saw nothing fail."""
    someone = Visitor(browser, address)
    yield someone
    someone.context.close()
    assert someone.surprises == []
