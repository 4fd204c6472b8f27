"""The process in which a foreign file is read: ended in time, within its memory, gone without a trace."""

import os
import threading
from dataclasses import replace
from pathlib import Path
from time import monotonic

import psutil
import pytest
from made_files import docx, pdf

from qa.errors import PageError
from qa.formats.child import read_apart
from qa.formats.limits import DEFAULT, MIB

NEWS = "本报讯 8月21日，高新区召开会议，要求各部门抓好落实。"
ENDLESS = ("*" * 4_000_000 + "字").encode()  # CommonMark needs minutes and gigabytes for it


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_a_reader_that_does_not_end_is_ended_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    before, began = children(), monotonic()
    with pytest.raises(PageError, match=r"^takes longer than 1 seconds to read: split it$"):
        read_apart(ENDLESS, "md", "utf-8", replace(DEFAULT, seconds=1))
    assert monotonic() - began < 10
    assert children() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="memory is limited on Linux only")
def test_a_reader_that_takes_too_much_memory_is_ended() -> None:
    large = ("<p>" + "字" * 9_000_000).encode()
    with pytest.raises(PageError, match=r"^takes more than 60 MiB of memory to read: split it$"):
        read_apart(large, "html", "utf-8", replace(DEFAULT, memory_bytes=60 * MIB))


def test_many_threads_read_at_once() -> None:
    read: list[str] = []

    def one(kind: str, data: bytes) -> None:
        read.append(read_apart(data, kind, "utf-8", DEFAULT).text)

    files = [("pdf", pdf(NEWS)), ("docx", docx(NEWS)), ("html", f"<p>{NEWS}".encode())] * 3
    threads = [threading.Thread(target=one, args=each) for each in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [NEWS] * len(files)


def test_what_an_extension_of_python_in_the_folder_holds_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert read_apart(docx(NEWS), "docx", "utf-8", DEFAULT).text == NEWS
