"""A change of encoder in the background: questions go on, and all is as before or as after."""

import hashlib
import math
import multiprocessing
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Encoder, Vectors, unit_rows
from embeddings.errors import EncoderError
from embeddings.fitting import fit_encoder
from embeddings.sentence_transformer import load_encoder
from qa.answering.retrieve import retrieve
from qa.errors import ModelError
from qa.library.building import Builder
from qa.library.doctor import diagnose
from qa.library.embedding import steps
from qa.library.encoders import BUILT_IN, Encoders, Load
from qa.library.library import Library
from qa.library.reembedding import Change
from qa.library.snapshot import Snapshot
from qa.library.store import Store, connect
from qa.progress import silent
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text

PROCESSES = multiprocessing.get_context("forkserver")
PATIENCE = 30.0


class Scripted:
    """An encoder whose vectors follow from a text's digest; it embeds only while `open` is set."""

    def __init__(self, name: str, broken_after: float = math.inf) -> None:
        self.name = self.fingerprint = name
        self.width = 8
        self.open = threading.Event()
        self.asked = threading.Event()
        self.embedded: list[str] = []
        self._broken_after = broken_after

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.asked.set()
        assert self.open.wait(PATIENCE)
        self.embedded += texts
        if len(self.embedded) > self._broken_after:
            raise EncoderError(f"encoder {self.name} failed: too hot")
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        seeds = [hashlib.blake2b(f"{self.name} {text}".encode(), digest_size=8) for text in texts]
        rows = [np.frombuffer(seed.digest(), np.uint8).astype(np.float32) - 127 for seed in seeds]
        return unit_rows(np.array(rows, np.float32).reshape(-1, self.width))


def free(name: str) -> Scripted:
    encoder = Scripted(name)
    encoder.open.set()
    return encoder


def fails_after(texts: int) -> Scripted:
    encoder = Scripted("new", texts)
    encoder.open.set()
    return encoder


def loading(*encoders: Encoder) -> Load:
    """Return what finds these encoders by their names, and any other as the program does."""
    known = {encoder.name: encoder for encoder in encoders}
    return lambda name: known.get(name) or load_encoder(name)


def opened(folder: Path, wanted: str | None, load: Load = load_encoder) -> Library:
    """Open a library, with encoders of the test's own, but do not begin yet."""
    encoders = Encoders(folder, load)
    return Library(Store.open(folder), Builder(folder, 30.0, encoders, wanted), encoders, silent)


def begun(folder: Path, wanted: str | None, load: Load = load_encoder) -> Library:
    library = opened(folder, wanted, load)
    library.settle_in_background()
    return library


def fill(library: Library, *numbers: int) -> None:
    made = [page_from_text(f"n{n}", f"第{n}号桥梁项目开工，投资{n * 7}万元。") for n in numbers]
    library.add_pages([(page, [whole_article(page, "项目")], page.source) for page in made])


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def finish(library: Library) -> None:
    """Wait until the change is done; a change that failed is told at once."""
    wait_for(lambda: library.change is None or library.change.problem)
    assert library.change is None


def assert_whole(library: Library) -> None:
    assert [check for check in diagnose(library).checks if not check.ok] == []


def assert_fits(snapshot: Snapshot) -> None:
    """Check that a snapshot's vectors are those of its encoder, and of all its passages."""
    assert snapshot.encoder is not None
    assert snapshot.encoder.fingerprint == snapshot.state.fingerprint
    assert snapshot.vectors.width == snapshot.encoder.width
    assert sorted(snapshot.vectors.ids.tolist()) == snapshot.words.ids.tolist()


def gathered(folder: Path) -> dict[str, int]:
    """Return the tables of gathered vectors, and how many each holds."""
    with closing(connect(folder)) as store:
        names = store.database.rows("SELECT name FROM sqlite_master WHERE name LIKE 'next_%'")
        counted = {name: store.database.rows(f"SELECT count(*) FROM {name}") for (name,) in names}
    return {name: count for name, [(count,)] in counted.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made") / "library"
    with Library.open(place) as library:
        fill(library, *range(30))
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A library of thirty short pages in the built-in encoder."""
    return Path(shutil.copytree(made, tmp_path / "library"))


# While it goes on


def test_questions_are_answered_with_the_old_encoder_until_all_is_embedded(folder: Path) -> None:
    new = Scripted("new")
    with begun(folder, "new", loading(new)) as library:
        assert new.asked.wait(PATIENCE)
        before = library.snapshot()
        assert before.encoder_name == BUILT_IN
        assert retrieve(before, "第7号桥梁项目投资多少", 1)[0].article.source == "n7"
        assert library.snapshot() is before
        assert library.change == Change("embedding", 0, 30)
        new.open.set()
        finish(library)
        after = library.snapshot()
        assert after.encoder_name == "new"
        assert retrieve(after, "第7号桥梁项目投资多少", 1)[0].article.source == "n7"
        assert_whole(library)
        assert_fits(before)  # whoever still has it can go on with it
    assert gathered(folder) == {}


def test_how_far_it_is_can_be_seen(folder: Path) -> None:
    new = Scripted("new")
    seen = []
    with begun(folder, "new", loading(new)) as library:
        new.open.set()
        while change := library.change:
            seen.append(change)
    embedding = [change for change in seen if change.what == "embedding"]
    assert all(0 <= change.done <= change.total == 30 for change in embedding)
    assert [change.done for change in embedding] == sorted(change.done for change in embedding)


def test_pages_that_come_and_go_meanwhile_are_right_afterwards(folder: Path) -> None:
    new = Scripted("new")
    with begun(folder, "new", loading(new)) as library:
        assert new.asked.wait(PATIENCE)
        fill(library, 30, 31)
        library.remove("n3")
        assert library.snapshot().encoder_name == BUILT_IN
        assert_whole(library)
        new.open.set()
        finish(library)
        assert library.snapshot().encoder_name == "new"
        assert {page.source for page in library.pages()} == {f"n{n}" for n in range(32)} - {"n3"}
        assert_whole(library)


def test_nothing_of_a_removed_page_is_left_in_what_was_gathered(folder: Path) -> None:
    with begun(folder, "new", loading(fails_after(1))) as library:
        wait_for(lambda: library.change and library.change.problem)
        assert gathered(folder) == {"next_6e6577": 1}
        library.remove("n0")
        assert gathered(folder) == {"next_6e6577": 0}


def test_a_fitting_of_the_built_in_encoder_does_not_make_it_begin_again(folder: Path) -> None:
    new = Scripted("new")
    with begun(folder, "new", loading(new)) as library, Library.open(folder) as other:
        assert new.asked.wait(PATIENCE)
        fill(other, *range(100, 140))  # the library doubles
        assert library.snapshot().encoder_name == BUILT_IN
        new.open.set()
        finish(library)
        assert library.snapshot().encoder_name == "new"
        assert len(new.embedded) == len(set(new.embedded)) == 70
        assert_whole(library)


def test_the_built_in_encoder_is_not_fitted_anew_where_another_is_coming(folder: Path) -> None:
    new = Scripted("new")
    with begun(folder, "new", loading(new)) as library:
        assert new.asked.wait(PATIENCE)
        before = library.snapshot().state.fingerprint
        fill(library, *range(100, 140))  # the library doubles
        assert library.snapshot().state.fingerprint == before
        new.open.set()
        finish(library)


def test_a_fitting_that_is_overtaken_leaves_the_other_encoder(folder: Path) -> None:
    def switch(done: int, _: int, what: str) -> None:
        if (done, what) == (0, "fitting the encoder"):
            with opened(folder, "new", loading(free("new"))) as other:
                other.snapshot()

    with Library.open(folder) as library:
        before = library.snapshot().state.fingerprint
        pages = [page_from_text(f"m{n}", f"第{n}条新闻今日公布。") for n in range(30)]
        library.add_pages([(p, [whole_article(p, "新闻")], p.source) for p in pages], switch)
    with opened(folder, None, loading(free("new"))) as library:
        assert library.snapshot().state.fingerprint not in {None, before}
        assert library.snapshot().encoder_name == "new"
        assert_fits(library.snapshot())
    assert gathered(folder) == {}


def test_readers_see_the_one_or_the_other_encoder_and_nothing_between(folder: Path) -> None:
    problems: list[BaseException] = []
    done = threading.Event()

    def read(library: Library) -> None:
        try:
            while not done.is_set():
                assert_fits(library.snapshot())
        except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
            problems.append(error)

    names = [f"encoder {n}" for n in range(4)]
    with opened(folder, None, loading(*(free(name) for name in names))) as library:
        readers = [threading.Thread(target=read, args=(library,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for name in names:
            with begun(folder, name, loading(free(name))) as other:
                finish(other)
        done.set()
        for reader in readers:
            reader.join(PATIENCE)
        assert problems == []
        assert library.snapshot().encoder_name == names[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only whole processes step back")
def test_questions_go_first_where_processors_are_short(folder: Path) -> None:
    class Noting(Scripted):
        def encode_documents(self, texts: Sequence[str]) -> Vectors:
            places.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            return super().encode_documents(texts)

    places: list[int] = []
    new = Noting("new")
    new.open.set()
    with begun(folder, "new", loading(new)) as library:
        finish(library)
    assert min(places) > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


# Where something is missing


def test_an_encoder_that_is_not_there_is_told_and_the_old_one_stays(folder: Path) -> None:
    with Library.open(folder, "no-such/encoder", background=True) as library:
        wait_for(lambda: library.change and library.change.problem)
        assert library.change is not None
        assert "encoder no-such/encoder is not on this machine" in library.change.problem
        assert library.snapshot().encoder_name == BUILT_IN
        fill(library, 99)
        assert_whole(library)


def test_an_encoder_that_fails_is_told_and_the_old_one_stays(folder: Path) -> None:
    with begun(folder, "new", loading(fails_after(5))) as library:
        wait_for(lambda: library.change and library.change.problem)
        assert library.change is not None
        assert "failed: too hot" in library.change.problem
        assert "\n" not in library.change.problem
        assert library.snapshot().encoder_name == BUILT_IN
        fill(library, 99)
        assert_whole(library)


@pytest.fixture
def lost(folder: Path) -> Path:
    """A library whose encoder is no longer on this machine."""
    with begun(folder, "old", loading(free("old"))) as library:
        finish(library)
    return folder


def test_words_alone_find_while_the_old_encoder_is_gone(lost: Path) -> None:
    new = Scripted("new")
    with begun(lost, "new", loading(new)) as library:
        snapshot = library.snapshot()
        assert (snapshot.encoder, snapshot.encoder_name) == (None, "none, words only")
        assert retrieve(snapshot, "第7号桥梁项目投资多少", 1)[0].article.source == "n7"
        with pytest.raises(ModelError, match="old"):
            fill(library, 99)
        library.remove("n3")
        new.open.set()
        finish(library)
        assert library.snapshot().encoder_name == "new"
        fill(library, 99)
        assert_whole(library)


def test_the_thread_of_a_change_may_run_far_ahead_of_the_one_that_began_it(
    lost: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start

    def start_and_fall_behind(thread: threading.Thread) -> None:
        start(thread)
        new.asked.wait(0.5)

    new = Scripted("new")
    monkeypatch.setattr(threading.Thread, "start", start_and_fall_behind)
    with begun(lost, "new", loading(new)) as library:
        assert new.asked.is_set()
        new.open.set()
        finish(library)
        assert library.snapshot().encoder_name == "new"


def test_words_alone_go_on_finding_when_the_new_encoder_fails_too(lost: Path) -> None:
    with Library.open(lost, "no-such/encoder", background=True) as library:
        wait_for(lambda: library.change and library.change.problem)
        assert library.snapshot().encoder is None
        assert retrieve(library.snapshot(), "第7号桥梁项目投资多少", 1)[0].article.source == "n7"
        library.remove("n3")
        assert library.snapshot().encoder is None
    with Library.open(lost) as library, pytest.raises(ModelError, match="encoder old is not"):
        library.snapshot()


def test_a_built_in_encoder_that_was_damaged_is_fitted_anew(folder: Path) -> None:
    [path] = (folder / "encoders").rglob("model.safetensors")
    path.write_bytes(b"nothing")
    with Library.open(folder, background=True) as library:
        assert retrieve(library.snapshot(), "第7号桥梁项目投资多少", 1)[0].article.source == "n7"
        finish(library)
        assert_whole(library)


def test_an_empty_library_takes_the_wanted_encoder_with_its_first_pages(tmp_path: Path) -> None:
    with begun(tmp_path / "library", "new", loading(free("new"))) as library:
        finish(library)
        assert library.snapshot().encoder is None
        fill(library, 1, 2)
        assert library.snapshot().encoder_name == "new"
        assert_whole(library)


def test_a_library_that_is_emptied_meanwhile_ends_well(folder: Path) -> None:
    new = Scripted("new")
    with begun(folder, "new", loading(new)) as library:
        assert new.asked.wait(PATIENCE)
        for page in library.pages():
            library.remove(page.id)
        new.open.set()
        finish(library)
        assert library.snapshot().encoder is None
        assert_whole(library)
    assert gathered(folder) == {}


def test_what_was_gathered_in_vain_goes_when_another_encoder_comes(folder: Path) -> None:
    with begun(folder, "new", loading(fails_after(1))) as library:
        wait_for(lambda: library.change and library.change.problem)
    assert gathered(folder) == {"next_6e6577": 1}
    with begun(folder, "other", loading(free("other"))) as library:
        finish(library)
    assert gathered(folder) == {}


# Stopped


def test_closing_waits_for_the_step_being_done_and_opening_goes_on(folder: Path) -> None:
    first, second = Scripted("new"), free("new")
    library = begun(folder, "new", loading(first))
    assert first.asked.wait(PATIENCE)
    threading.Timer(0.05, first.open.set).start()
    library.close()
    assert len(first.embedded) == 1
    with Library.open(folder) as again:
        assert again.snapshot().encoder_name == BUILT_IN
        assert_whole(again)
    with begun(folder, "new", loading(second)) as library:
        finish(library)
        assert library.snapshot().encoder_name == "new"
        assert len(second.embedded) == 29
        assert first.embedded[0] not in second.embedded
        assert_whole(library)


def test_an_interrupted_change_in_the_foreground_goes_on_where_it_stopped(folder: Path) -> None:
    first, second = free("new"), free("new")

    def stop(done: int, _: int, what: str) -> None:
        if what == "embedding" and done > 0:
            raise KeyboardInterrupt

    encoders = Encoders(folder, loading(first))
    builder = Builder(folder, 30.0, encoders, "new")
    library = Library(Store.open(folder), builder, encoders, stop)
    with library, pytest.raises(KeyboardInterrupt):
        library.snapshot()
    with opened(folder, "new", loading(second)) as library:
        assert library.snapshot().encoder_name == "new"
    assert (len(first.embedded), len(second.embedded)) == (1, 29)


def test_a_program_that_ends_without_closing_is_not_held_up(folder: Path, tmp_path: Path) -> None:
    fit_encoder(["第一号桥梁项目开工"], tmp_path / "named", width=8)
    program = f"""
        import time
        from pathlib import Path
        from embeddings.sentence_transformer import load_encoder
        from qa.library.building import Builder
        from qa.library.encoders import Encoders
        from qa.library.library import Library
        from qa.library.store import Store
        from qa.progress import silent

        class Slow:
            def __init__(self, name):
                self.made = load_encoder(name)
                self.name, self.width, self.fingerprint = name, 8, self.made.fingerprint
            def encode_questions(self, texts):
                return self.made.encode_questions(texts)
            def encode_documents(self, texts):
                print(len(texts), flush=True)
                time.sleep(0.6)
                return self.made.encode_documents(texts)

        folder = Path({str(folder)!r})
        encoders = Encoders(folder, Slow)
        builder = Builder(folder, 30.0, encoders, {str(tmp_path / "named")!r})
        library = Library(Store.open(folder), builder, encoders, silent)
        library.settle_in_background()
        while library.change.what != "embedding":
            time.sleep(0.01)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[1],
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.split()) < 5  # of thirty steps of one text each
    with Library.open(folder) as library:
        assert library.snapshot().encoder_name == BUILT_IN


def change_slowly(folder: Path, began: Event) -> None:
    class Slow(Scripted):
        def encode_documents(self, texts: Sequence[str]) -> Vectors:
            if len(self.embedded) > 3:
                began.set()
            time.sleep(0.2)
            return super().encode_documents(texts)

    slow = Slow("new")
    slow.open.set()
    with begun(folder, "new", loading(slow)) as library:
        finish(library)


@pytest.mark.slow
def test_a_process_killed_in_the_middle_leaves_the_old_state_and_what_it_gathered(
    folder: Path,
) -> None:
    began = PROCESSES.Event()
    process = PROCESSES.Process(target=change_slowly, args=(folder, began), daemon=True)
    process.start()
    assert began.wait(60)
    process.kill()
    process.join(60)
    with Library.open(folder) as library:
        assert library.snapshot().encoder_name == BUILT_IN
        assert_whole(library)
    with opened(folder, "new", loading(second := free("new"))) as library:
        assert library.snapshot().encoder_name == "new"
        assert 0 < len(second.embedded) < 30
        assert_whole(library)


# Several at once


def test_two_that_want_different_encoders_do_not_fight_for_ever(folder: Path) -> None:
    load = loading(free("red"), free("blue"))
    with begun(folder, "red", load) as red, begun(folder, "blue", load) as blue:
        finish(red)
        finish(blue)
        assert red.snapshot().encoder_name in {"red", "blue"}
        assert red.snapshot().encoder_name == blue.snapshot().encoder_name
        generation = red.snapshot().generation
        assert blue.snapshot().generation == red.snapshot().generation == generation
        assert_whole(red)
        assert_whole(blue)
    assert gathered(folder) == {}


def test_two_that_want_the_same_encoder_both_come_to_it(folder: Path) -> None:
    one, two = Scripted("new"), Scripted("new")
    with begun(folder, "new", loading(one)) as first, begun(folder, "new", loading(two)) as second:
        assert one.asked.wait(PATIENCE)
        assert two.asked.wait(PATIENCE)
        one.open.set()
        finish(first)
        two.open.set()
        finish(second)
        assert first.snapshot().generation == second.snapshot().generation
        assert len(two.embedded) < 30  # the other was faster
        assert_whole(second)
    assert gathered(folder) == {}


def test_an_encoder_that_was_moved_is_known_again(folder: Path, tmp_path: Path) -> None:
    fit_encoder(["第一号桥梁项目开工"], tmp_path / "here", width=8)
    with Library.open(folder, str(tmp_path / "here")) as library:
        before = library.snapshot()
    (tmp_path / "here").rename(tmp_path / "there")
    with Library.open(folder, str(tmp_path / "there")) as library:
        assert library.snapshot().encoder_name == str(tmp_path / "there")
        assert library.snapshot().generation == before.generation
    with Library.open(folder) as library:
        assert_whole(library)


# Steps


def test_steps_grow_while_work_is_fast_and_keep_the_order() -> None:
    taken = [list(some) for some in steps(range(5_000))]
    assert [item for some in taken for item in some] == list(range(5_000))
    assert len(taken[0]) == 1
    assert len(taken) < 20
    assert max(map(len, taken)) <= 1_000


def test_steps_stay_at_half_a_second_of_work() -> None:
    sizes = []
    for some in steps(range(20)):
        time.sleep(0.05 * len(some))
        sizes.append(len(some))
    assert sizes[0] == 1
    assert 2 <= max(sizes) <= 10  # fewer on a busy machine


def test_only_the_first_who_asks_after_a_change_by_another_process_waits(tmp_path: Path) -> None:
    loads, go = threading.Event(), threading.Event()

    def load(name: str) -> Encoder:
        if name == "new":
            loads.set()
            assert go.wait(PATIENCE)
        return free(name)

    with opened(tmp_path, "old", load) as library, ThreadPoolExecutor() as pool:
        fill(library, 1, 2)
        before = library.snapshot()
        with opened(tmp_path, "new", free) as other:
            other.snapshot()
        first = pool.submit(library.snapshot)
        try:
            assert loads.wait(PATIENCE)
            assert pool.submit(library.snapshot).result(5) is before
        finally:
            go.set()
        after = first.result(PATIENCE)
        assert after.encoder_name == "new"
        assert_fits(after)
        assert library.snapshot() is after
