"""Faults of the machine: a full disk, a library that can only be read, a place that is no folder.

Each is one clear line, and what was there before is there after.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import write_pages

from embeddings.fitting import fit_encoder
from qa.errors import LibraryError
from qa.library.claims import claimed, is_claimed, scratch
from qa.library.doctor import diagnose
from qa.library.library import Library
from qa.library.sealed import is_abandoned
from qa.library.store import connect
from qa.library.writer import changing
from qa.progress import WAITING
from window.archive.table import View
from window.desk import Desk
from window.frame import build

ROOT = Path(__file__).parents[1]


def mounted(place: Path, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def disk(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A small disk with a library on it."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mounted(place, "size=2m"):
        pytest.skip("this user may mount nothing")
    shutil.copytree(template, place / "library")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def qa(*arguments: object, code: int = 0) -> tuple[str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (ran.returncode, ran.stderr.count("\n")) == (code, 1 if code else 0), ran.stderr
    return ran.stdout, ran.stderr


def sources(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        assert [check for check in diagnose(library).checks if not check.ok] == []
        return [page.source for page in library.pages()]


# A full disk


def fill(place: Path, leave: int) -> Path:
    filling = place / "filling"
    free = shutil.disk_usage(place).free
    filling.write_bytes(bytes(free - leave))
    return filling


@pytest.mark.parametrize("leave", [200_000, 0])
def test_on_a_full_disk_nothing_changes_and_later_all_goes_on(
    disk: Path, tmp_path: Path, leave: int
) -> None:
    folder, before = disk / "library", sources(disk / "library")
    pages = tmp_path / "more"
    pages.mkdir()
    for number in range(3):
        story = f"第{number}条新闻今日公布，共有三条消息，市民说好。" * 4_000
        (pages / f"{number}.txt").write_text(f"标题\n\n{story}", "utf-8")
    filling = fill(disk, leave)
    _, told = qa("add", pages, "--library", folder, code=1)
    assert "make room" in told
    filling.unlink()
    assert sources(folder) == before
    with Library.open(folder) as library:
        assert library.remove("harbour.txt") == ["harbour.txt"]
        assert library.add([write_pages(tmp_path / "pages") / "harbour.txt"])[0].state == "added"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_one_line(template: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "qa", "articles", "--library", str(template)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert "No space left" in ran.stderr


# A library that may not be looked into


def without_privileges(*arguments: object, code: int = 0) -> str:
    """Run a command as a user for whom permissions count, as they do not for root."""
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    if os.getuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root passes over all permissions")
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, ran.stderr.count("\n")) == (code, 1 if code else 0), ran.stderr
    return ran.stderr


@pytest.fixture
def shut(template: Path, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Give a library of which one folder may not be looked into."""
    folder = tmp_path / "library"
    shutil.copytree(template, folder)
    yield lambda name: ((folder / name).chmod(0), folder)[1]
    for name in (".", "index", "encoders"):
        (folder / name).chmod(0o700)


@pytest.mark.parametrize("command", [("search", "x"), ("doctor",), ("doctor", "--repair")])
def test_a_library_that_may_not_be_looked_into_is_one_line(shut, command) -> None:
    told = without_privileges(*command, "--library", shut("."), code=1)
    assert "check the folder's permissions" in told


def test_indexes_that_may_not_be_looked_into_are_made_anew(shut) -> None:
    without_privileges("search", "馆长", "--library", shut("index"))


def test_encoders_that_may_not_be_looked_into_are_told_and_can_be_mended(shut) -> None:
    place = ("--library", shut("encoders"))
    told = without_privileges("search", "馆长", *place, code=1)
    assert "encoders: this folder may not be looked into" in told
    without_privileges("doctor", "--repair", *place)
    without_privileges("search", "馆长", *place)


def test_a_library_in_a_named_encoder_needs_no_look_at_fitted_ones(shut, tmp_path) -> None:
    fit_encoder(["馆长说，今晚开放。"], tmp_path / "named", width=8)
    folder = shut(".")
    folder.chmod(0o700)
    with Library.open(folder, str(tmp_path / "named")) as library:
        library.snapshot()
    (folder / "encoders").chmod(0)
    without_privileges("search", "馆长", "--library", folder)


# A library that can only be read


@pytest.fixture
def unwritable(disk: Path) -> Path:
    if subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True).returncode:
        pytest.skip("the disk cannot be made read-only")
    return disk / "library"


def test_a_library_that_can_only_be_read_can_be_asked(unwritable: Path, tmp_path: Path) -> None:
    assert sources(unwritable) == ["harbour.txt", "library.txt", "orchard.txt"]
    with Library.open(unwritable) as library:
        assert len(library.snapshot().words) == 3
        with pytest.raises(LibraryError, match="cannot be written: check the folder's permissions"):
            library.add([write_pages(tmp_path / "pages") / "harbour.txt"])
        with pytest.raises(LibraryError, match="cannot be written"):
            library.remove("harbour.txt")


# What is no library


def a_file(place: Path) -> None:
    place.write_text("mine")


def a_loop(place: Path) -> None:
    place.symlink_to(place)


def a_dangling_link(place: Path) -> None:
    place.symlink_to(place.with_name("nowhere"))


@pytest.mark.parametrize("make", [a_file, a_loop, a_dangling_link])
def test_a_place_that_is_no_folder_is_told(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "place")
    with pytest.raises(LibraryError, match=r"is (a file|a link that leads nowhere), not a library"):
        Library.open(tmp_path / "place")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["place"]


# A library that breaks under a window


def test_a_library_that_is_cut_off_under_a_window_is_one_line_for_the_visitor(
    template: Path, tmp_path: Path
) -> None:
    async def built(library: Library) -> Any:
        return build(Desk(library))  # gradio wants a loop

    folder = tmp_path / "library"
    shutil.copytree(template, folder)
    with Library.open(folder) as library:
        page = asyncio.run(built(library))
        os.truncate(folder / "library.sqlite3", 5_000)
        [show] = [each.fn for each in page.fns.values() if each.name == "show"]
        with pytest.raises(Exception, match="the library file is damaged") as told:
            show(View(since="2019-10-18"))
        assert not told.value.print_exception
        [ask_these] = [each.fn for each in page.fns.values() if each.name == "ask_these"]
        assert "value" not in ask_these(View(since="no date"))


# One writer at a time


def test_whoever_has_to_wait_is_told_for_what(filled: Library, pages: Path) -> None:
    (pages / "harbour.txt").write_text("另一条新闻\n\n本报讯 今日又有一条新闻。", "utf-8")
    told: list[str] = []
    waits = threading.Event()

    def hear(_: int, __: int, what: str) -> None:
        told.append(what)
        if what == WAITING:
            waits.set()

    writer = threading.Thread(target=filled.add, args=([pages], hear))
    with closing(connect(filled.folder)) as other, changing(other):
        writer.start()
        assert waits.wait(30)
    writer.join(30)
    assert told.count(WAITING) == 1
    assert "另一条新闻" in "".join(page.text for page in filled.pages())


# Folders for a short while


def test_a_folder_is_claimed_as_long_as_it_is_written_whatever_the_clock_says(
    tmp_path: Path,
) -> None:
    new = tmp_path / "new-0123456789abcdef"
    new.mkdir()
    with claimed(new):
        for moment in (0, time.time() + 10**6):
            os.utime(new, (moment, moment))
            assert is_claimed(new)
            assert not is_abandoned(new)
    assert is_abandoned(new)


HOLD = "from qa.library.claims import scratch\nwith scratch() as f: print(f, flush=True); input()"


def held(*, ended: signal.Signals) -> Path:
    """Return the temporary folder of a process that was ended while it used it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().decode().strip())
        with scratch():
            assert folder.is_dir()  # a living process's is left alone
        process.send_signal(ended)
    return folder


def test_what_a_killed_process_left_is_deleted_by_the_next(tmp_path: Path) -> None:
    left = held(ended=signal.SIGKILL)
    assert left.is_dir()
    with scratch() as own:
        assert own.is_dir()
        assert not left.exists()
    assert not own.exists()
    assert list(tmp_path.iterdir()) == []
