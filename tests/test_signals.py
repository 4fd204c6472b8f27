"""Signals and pipes: real processes that are told to end, or whose output nobody reads."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.library.doctor import diagnose
from qa.library.library import Library

ROOT = Path(__file__).parents[1]
QA = (sys.executable, "-m", "qa")
QUESTION = json.dumps({"id": 1, "question": "石桥镇苹果园亩产多少？"}) + "\n"
ENDS = [(signal.SIGINT, 130, "qa: stopped\n"), (signal.SIGTERM, 143, "")]
SOON = 30.0  # seconds, on a busy machine


@contextmanager
def running(*command: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command with pipes to it; it is killed when the block ends before it does."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run(*command: str | Path, **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=60, **how)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(("number", "code", "line"), ENDS)
def test_a_batch_from_standard_input_ends_at_a_signal_with_whole_lines(
    template, number, code, line
):
    with running(*QA, "ask", "--batch", "-", "--json", "--library", template) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(QUESTION)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(number)
        rest, said = process.communicate(timeout=SOON)
    assert (process.returncode, rest, said) == (code, "", line)


@pytest.mark.parametrize(("number", "code", "line"), ENDS)
def test_adding_that_is_told_to_end_leaves_the_library_as_it_was(tmp_path, number, code, line):
    library, pages = tmp_path / "library", tmp_path / "pages"
    pages.mkdir()
    for each in range(400):
        (pages / f"{each}.txt").write_text(f"第{each}条标题\n\n本报讯 今日第{each}号。", "utf-8")
    with running(*QA, "add", pages, "--library", library, "--log-level", "info") as process:
        while not (library / "library.sqlite3-wal").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=SOON)
    assert process.returncode == code
    assert [each for each in said.splitlines(keepends=True) if "{" not in each] == [line][
        : bool(line)
    ]
    with Library.open(library) as opened:
        assert [check for check in diagnose(opened).checks if not check.ok] == []


@pytest.mark.parametrize(
    ("start", "loaded"),
    [("from qa.__main__ import main; main()", "qa.cli"), ("import app", "window.frame")],
)
def test_ctrl_c_while_the_program_is_loaded_shows_no_traceback(start, loaded):
    program = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {loaded!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        f"sys.argv = ['qa', 'articles']\n{start}"
    )
    done = run(sys.executable, "-c", program)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_output_that_nobody_reads_any_more_ends_the_command_silently(template):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(*QA, "articles", "--library", template, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("command", ["articles", "ask --batch -"])
def test_closed_output_and_input_are_no_defect(template, command):
    closed = f"exec {sys.executable} -m qa {command} --library {template} <&- >&-"
    done = run("sh", "-c", closed)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.slow
def test_the_window_ends_soon_at_either_signal(template):
    command = (sys.executable, "app.py", "--port", "0", "--library", template)
    with running(*command) as one, running(*command) as other:
        for process, number, code, line in ((one, 2, 0, "\n"), (other, 15, 143, "")):
            assert process.stdout is not None
            assert re.search(r"http://", process.stdout.readline())
            process.send_signal(number)
            _, said = process.communicate(timeout=SOON)
            assert (process.returncode, said) == (code, line)
