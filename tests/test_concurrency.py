"""Several processes and threads at one library, and processes that are killed while changing it."""

import multiprocessing
import re
import threading
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from qa.errors import LibraryError
from qa.library.doctor import diagnose
from qa.library.indexes import passage_text
from qa.library.library import Library
from qa.library.snapshot import Snapshot
from qa.library.store import Store, connect
from qa.library.writer import changing

# Each process is a fresh one that knows the program already: it can start in milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["qa.library.doctor"])


def write_pair(folder: Path, version: int) -> list[Path]:
    """Write two pages of two articles each, all of which tell one version."""
    paths = [folder / "left.txt", folder / "right.txt"]
    for path in paths:
        stories = (
            f"{path.stem}第{n}条新闻标题\n\n本报讯 5月{n}日，这是第{version}版的消息。"
            f"市里开了会，第{version}版到此结束。\n"
            for n in (1, 2)
        )
        path.write_text("\n\n".join(stories), "utf-8")
    return paths


def versions(snapshot: Snapshot) -> set[str]:
    passages = snapshot.passages(snapshot.words.ids.tolist())
    return set(re.findall(r"第(\d+)版", " ".join(passage.text for passage in passages)))


def assert_consistent(snapshot: Snapshot) -> None:
    """Check that a snapshot is one state: text, postings, vectors and encoder fit together."""
    ids = snapshot.words.ids.tolist()
    assert ids == sorted(snapshot.vectors.ids.tolist()) == snapshot.store.passage_ids()
    assert len(versions(snapshot)) <= 1
    passages = snapshot.passages(ids)
    texts = [passage_text(snapshot.article(p.article_id).title, p) for p in passages]
    if texts and snapshot.encoder is not None:
        made = snapshot.encoder.encode_documents(texts)
        stored = snapshot.store.vectors(ids)[1]
        assert np.allclose(made, stored, atol=1e-4)


def whole(folder: Path) -> None:
    with Library.open(folder) as library:
        assert [check for check in diagnose(library).checks if not check.ok] == []


def start(target: Callable[..., None], *arguments: object) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def finish(*processes: multiprocessing.process.BaseProcess) -> None:
    for process in processes:
        process.join(120)
        assert process.exitcode == 0


def add_all(folder: Path, pages: list[Path]) -> None:
    with Library.open(folder) as library:
        for page in pages:
            outcome = library.add([page])[0]
            assert outcome.state in {"added", "unchanged"}


def many_pages(folder: Path, number: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{folder.name}{n}.txt" for n in range(number)]
    for path in paths:
        path.write_text(f"{path.stem}的标题\n\n{path.stem}的消息今日公布，共有三条。", "utf-8")
    return paths


def test_processes_that_add_different_pages_at_once_all_succeed(tmp_path: Path) -> None:
    groups = [many_pages(tmp_path / name, 4) for name in "abc"]
    finish(*[start(add_all, tmp_path / "library", group) for group in groups])
    with Library.open(tmp_path / "library") as library:
        assert len(library.pages()) == 12
    whole(tmp_path / "library")


def test_processes_that_add_the_same_pages_at_once_store_them_once(tmp_path: Path) -> None:
    pages = many_pages(tmp_path / "a", 4)
    finish(*[start(add_all, tmp_path / "library", pages) for _ in range(3)])
    with Library.open(tmp_path / "library") as library:
        assert len(library.pages()) == 4
    whole(tmp_path / "library")


def replace_often(folder: Path, pages: Path, times: int) -> None:
    with Library.open(folder) as library:
        for version in range(times):
            library.add(write_pair(pages, version))
            if version % 5 == 4:
                library.remove("left.txt")
                library.remove("right.txt")


def test_a_reader_sees_each_change_by_another_process_wholly_or_not_at_all(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path / "library") as library:
        library.add(write_pair(tmp_path, 0))
        writer = start(replace_often, tmp_path / "library", tmp_path, 15)
        seen = set()
        while writer.is_alive():
            snapshot = library.snapshot()
            assert_consistent(snapshot)
            seen.add(snapshot.generation)
        finish(writer)
        assert len(seen) > 3
        assert library.is_empty()
    whole(tmp_path / "library")


def test_threads_may_share_a_library_that_one_of_them_changes(tmp_path: Path) -> None:
    problems: list[BaseException] = []
    done = threading.Event()

    def ask(library: Library) -> None:
        try:
            while not done.is_set():
                assert_consistent(library.snapshot())
                assert len(library.articles()) in {0, 2, 4}
        except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
            problems.append(error)

    with Library.open(tmp_path / "library") as library:
        library.add(write_pair(tmp_path, 0))
        threads = [threading.Thread(target=ask, args=(library,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for version in range(1, 6):
            library.add(write_pair(tmp_path, version))
            assert versions(library.snapshot()) == {str(version)}
        library.remove("left.txt")
        done.set()
        for thread in threads:
            thread.join(60)
    assert problems == []
    whole(tmp_path / "library")


def hold(folder: Path, held: Event, release: Event) -> None:
    store = connect(folder)
    with changing(store):
        held.set()
        release.wait(60)


def test_questions_during_a_change_are_answered_from_before_it_until_it_is_done(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("旧桥重修\n\n本报讯 5月1日，旧桥完成重修。\n", "utf-8")
    second.write_text("新桥通车\n\n本报讯 5月2日，新桥正式通车。\n", "utf-8")
    with Library.open(tmp_path / "library") as library:
        library.add([first])
        before, seen = library.snapshot(), list[Snapshot]()
        library.add([second], lambda *_: seen.append(library.snapshot()))
        after = library.snapshot()
        assert [page.source for page in after.pages()] == ["first.txt", "second.txt"]
        assert len(seen) > 2
        assert all(one is before for one in seen[:-1])
        assert seen[-1] is after


def test_a_writer_that_waits_too_long_is_told_so_and_readers_do_not_wait(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    Store.open(folder).close()
    held, release = PROCESSES.Event(), PROCESSES.Event()
    other = start(hold, folder, held, release)
    assert held.wait(60)
    with Library.open(folder, wait=0.2) as library:
        assert library.snapshot().generation == 0
        with pytest.raises(LibraryError, match="being changed by another process; try again"):
            library.add(write_pair(tmp_path, 1))
        release.set()
        finish(other)
        assert {outcome.state for outcome in library.add(write_pair(tmp_path, 1))} == {"added"}
