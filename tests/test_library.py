"""The library: pages come, change and go, and what can be asked always fits together."""

import gc
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import PAGES

from embeddings.fitting import fit_encoder
from embeddings.words import plain_terms
from qa.errors import LibraryError, ModelError, NotFoundError
from qa.library.doctor import diagnose
from qa.library.encoders import BUILT_IN
from qa.library.indexes import load_indexes
from qa.library.library import Library
from qa.library.sources import printable
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text

HARBOUR = PAGES["harbour.txt"]


def states(library: Library, *paths: Path) -> list[str]:
    return [outcome.state for outcome in library.add(paths)]


def sources(library: Library) -> list[str]:
    return [page.source for page in library.pages()]


def found_by(library: Library, token: str) -> list[str]:
    """Return the passages that hold a token, by the word index."""
    snapshot = library.snapshot()
    ids = snapshot.words.ids[snapshot.words.scores(plain_terms([token])) > 0]
    return [passage.text for passage in snapshot.passages(ids.tolist())]


def assert_whole(library: Library) -> None:
    assert [check for check in diagnose(library).checks if not check.ok] == []


# Adding


def test_a_new_library_is_empty_and_can_be_asked(library: Library) -> None:
    assert library.is_empty()
    snapshot = library.snapshot()
    assert (len(snapshot.words), len(snapshot.vectors), snapshot.encoder) == (0, 0, None)
    assert_whole(library)


def test_pages_of_a_folder_go_in_by_name(library: Library, pages: Path) -> None:
    outcomes = library.add([pages])
    assert [(o.source, o.state, o.articles) for o in outcomes] == [
        ("harbour.txt", "added", 1),
        ("library.txt", "added", 1),
        ("orchard.txt", "added", 1),
    ]
    assert [article.source for article in library.articles()] == sorted(PAGES)
    assert library.article(library.articles()[0].id).title == "滨海市新建三座跨江大桥"
    assert_whole(library)


def test_adding_the_same_page_twice_changes_nothing(filled: Library, pages: Path) -> None:
    before = filled.snapshot()
    outcomes = filled.add([pages])
    assert {(o.state, o.message) for o in outcomes} == {("unchanged", "already in the library")}
    assert filled.snapshot() is before


def test_the_same_text_under_another_name_is_known(filled: Library, pages: Path) -> None:
    (pages / "copy.txt").write_bytes((pages / "harbour.txt").read_bytes())
    [outcome] = filled.add([pages / "copy.txt"])
    assert (outcome.state, outcome.source) == ("unchanged", "harbour.txt")
    assert outcome.message == "copy.txt is already in the library as harbour.txt"


def test_the_same_text_twice_at_once_is_stored_once(library: Library, pages: Path) -> None:
    (pages / "a_copy.txt").write_text(HARBOUR, "utf-8")
    assert states(library, pages) == ["added", "unchanged", "added", "added"]


def test_a_changed_page_replaces_its_old_self(filled: Library, pages: Path) -> None:
    (pages / "harbour.txt").write_text(HARBOUR.replace("林晓帆", "赵海清"), "utf-8")
    assert states(filled, pages) == ["replaced", "unchanged", "unchanged"]
    assert sources(filled) == sorted(PAGES)
    assert len(found_by(filled, "海清")) == 1
    assert found_by(filled, "晓帆") == []
    assert_whole(filled)


def test_another_file_of_the_same_name_never_replaces(filled: Library, tmp_path: Path) -> None:
    other = tmp_path / "weekly" / "harbour.txt"
    other.parent.mkdir()
    other.write_text("码头改造完工\n\n码头改造今日完工。", "utf-8")
    [outcome] = filled.add([other])
    assert (outcome.state, outcome.source) == ("added", "weekly/harbour.txt")
    assert "another page is called harbour.txt" in outcome.message
    assert len(filled.pages()) == 4


def test_a_page_that_became_a_copy_of_another_gives_way(filled: Library, pages: Path) -> None:
    (pages / "orchard.txt").write_text(HARBOUR, "utf-8")
    [outcome] = filled.add([pages / "orchard.txt"])
    assert (outcome.state, outcome.source) == ("replaced", "harbour.txt")
    assert sources(filled) == ["harbour.txt", "library.txt"]
    assert_whole(filled)


def test_a_moved_file_is_still_its_own_old_self(filled: Library, pages: Path) -> None:
    moved = (pages / "harbour.txt").rename(pages / "moved.txt")
    assert states(filled, moved) == ["unchanged"]
    moved.write_text(HARBOUR + "\n大桥明年通车。\n", "utf-8")
    assert states(filled, moved) == ["replaced"]
    assert len(filled.pages()) == 3


def test_a_bad_file_is_told_and_the_rest_goes_in(library: Library, pages: Path) -> None:
    (pages / "broken.txt").write_bytes(b"\x00\x01\x02" * 100)
    outcomes = library.add([pages / "gone.txt", pages])
    failed = {o.source: o.message for o in outcomes if o.state == "failed"}
    assert list(failed) == [printable(str(pages / "gone.txt")), "broken.txt"]
    assert "binary" in failed["broken.txt"]
    assert sources(library) == sorted(PAGES)


def test_a_name_that_cannot_be_stored_is_made_printable(library: Library, pages: Path) -> None:
    odd = pages.parent / "odd"
    odd.mkdir()
    (pages / "harbour.txt").rename(odd / "a\udcff\n.txt")
    assert [outcome.source for outcome in library.add([odd])] == ["a\ufffd\ufffd.txt"]
    assert states(library, odd) == ["unchanged"]


def test_progress_is_told_stage_by_stage(library: Library, pages: Path) -> None:
    told: list[tuple[int, int, str]] = []
    library.add([pages], lambda done, total, what: told.append((done, total, what)))
    stages = list(dict.fromkeys(what.split()[0] for _, _, what in told))
    assert stages == ["reading", "splitting", "fitting", "embedding", "indexing"]
    assert (0, 3, "reading harbour.txt") in told
    assert (1, 3, "splitting library.txt") in told
    assert all(0 <= done <= total for done, total, _ in told)


def test_ready_made_articles_can_be_added_in_bulk(library: Library) -> None:
    made = [page_from_text(f"q{n}", f"第{n}条消息。今天的天气很好。") for n in range(30)]
    outcomes = library.add_pages([(p, [whole_article(p, p.source)], p.source) for p in made])
    assert {outcome.state for outcome in outcomes} == {"added"}
    assert library.snapshot().generation == 1
    assert {article.title for article in library.articles()} == {page.source for page in made}
    assert_whole(library)


def test_text_that_is_no_text_can_be_added_and_asked(library: Library) -> None:
    page = page_from_text("odd", "半个\ud83d字符。\x00末尾\U0001f600。")
    library.add_page(page, [whole_article(page, "\udcff")], "odd")
    assert library.page_text(page.id) == page.text
    assert library.articles()[0].title == "\udcff"
    assert_whole(library)


# Removing


@pytest.mark.parametrize("by", ["source", "id", "prefix"])
def test_removing_leaves_nothing(filled: Library, by: str) -> None:
    page = filled.pages()[0]
    name = {"source": page.source, "id": page.id, "prefix": page.id[:6]}[by]
    assert filled.remove(name) == ["harbour.txt"]
    assert sources(filled) == ["library.txt", "orchard.txt"]
    assert found_by(filled, "大桥") == []
    assert_whole(filled)
    gc.collect()  # no reader of an earlier state is left
    kept = [path for path in filled.folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if "林晓帆".encode() in path.read_bytes()]


def test_removing_what_is_not_there_changes_nothing(filled: Library) -> None:
    before = filled.snapshot()
    with pytest.raises(NotFoundError, match=r"did you mean harbour\.txt"):
        filled.remove("harbor.txt")
    assert filled.snapshot() is before


def test_an_emptied_library_keeps_nothing_that_was_learnt(filled: Library, pages: Path) -> None:
    for name in PAGES:
        filled.remove(name)
    assert filled.is_empty()
    assert filled.snapshot().encoder is None
    assert list((filled.folder / "encoders").iterdir()) == []
    assert_whole(filled)
    assert states(filled, pages) == ["added"] * 3
    assert_whole(filled)


# Snapshots


def test_a_snapshot_is_the_same_until_the_library_changes(filled: Library) -> None:
    before = filled.snapshot()
    assert filled.snapshot() is before
    filled.remove("orchard.txt")
    assert filled.snapshot().generation > before.generation


def test_a_snapshot_does_not_see_what_comes_later(filled: Library) -> None:
    before = filled.snapshot()
    ids = before.words.ids.tolist()
    texts = [passage.text for passage in before.passages(ids)]
    gone = filled.articles()[0]
    filled.remove(gone.source)
    assert [passage.text for passage in before.passages(ids)] == texts
    assert before.article(gone.id) == gone
    assert gone.text in before.page_text(gone.page_id)
    with pytest.raises(NotFoundError):
        filled.snapshot().article(gone.id)


def test_a_change_by_another_process_is_seen(filled: Library, pages: Path) -> None:
    with Library.open(filled.folder) as other:
        assert len(other.snapshot().words) == len(filled.snapshot().words)
        filled.remove("orchard.txt")
        assert found_by(other, "苹果") == []
        (pages / "orchard.txt").write_text("苹果价格上涨\n\n苹果价格上涨一成。", "utf-8")
        filled.add([pages])
        assert found_by(other, "苹果") == ["苹果价格上涨一成。"]
        assert_whole(other)


def test_indexes_that_follow_changes_are_those_made_at_once(
    filled: Library, pages: Path, tmp_path: Path
) -> None:
    filled.remove("harbour.txt")
    (pages / "library.txt").write_text("图书馆闭馆三天\n\n图书馆因检修闭馆三天。", "utf-8")
    filled.add([pages])
    assert_whole(filled)  # compares the indexes with ones that are made from the store at once
    shutil.copytree(filled.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("index"))
    with Library.open(tmp_path / "copy") as copy:
        assert copy.snapshot().words.ids.tolist() == filled.snapshot().words.ids.tolist()


# Derived files


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-5] ^= 0x40
    path.write_bytes(content)


def delete(path: Path) -> None:
    path.unlink()


def replace_by_another(path: Path) -> None:
    path.write_bytes(b"another program's file")


@pytest.mark.parametrize("harm", [truncate, flip, delete, replace_by_another])
@pytest.mark.parametrize("name", ["vectors.faiss", "rows.npy", "manifest.json"])
def test_a_damaged_index_is_made_anew(filled: Library, name: str, harm: object) -> None:
    [path] = (filled.folder / "index").rglob(name)
    assert callable(harm)
    harm(path)
    state = filled.snapshot().state
    assert load_indexes(filled.folder, state) is None
    with Library.open(filled.folder) as again:
        assert len(again.snapshot().vectors) == 3
        assert_whole(again)
        assert load_indexes(filled.folder, state) is not None


def test_an_index_of_another_state_is_never_used(filled: Library) -> None:
    [index] = (filled.folder / "index").iterdir()
    old = shutil.copytree(index, filled.folder / "old")
    filled.remove("harbour.txt")
    [index] = (filled.folder / "index").iterdir()
    shutil.rmtree(index)
    old.rename(index)
    with Library.open(filled.folder) as again:
        assert len(again.snapshot().words) == 2
        assert_whole(again)


def test_what_a_killed_process_left_is_swept_away(filled: Library) -> None:
    folder = filled.folder
    token = "0123456789abcdef"
    for name in (
        f"index/new-{token}",
        f"index/0-{token}",
        f"encoders/old-{token}",
        f"encoders/{token * 2}",
    ):
        (folder / name).mkdir()
        os.utime(folder / name, (0, 0))
    (folder / "index" / "notes").mkdir()
    with Library.open(folder) as again:
        assert_whole(again)
    assert len(list((folder / "index").iterdir())) == 2  # the present one, and the user's own
    assert len(list((folder / "encoders").iterdir())) == 1


# Encoders


def numbered(first: int, last: int) -> Sequence[tuple[str, str]]:
    kinds = ("桥梁", "学校", "医院", "公园", "道路")
    return [
        (f"n{n}", f"第{n}号{kinds[n % 5]}项目开工，投资{n * 7}万元。") for n in range(first, last)
    ]


def fill(library: Library, first: int, last: int) -> None:
    made = [page_from_text(name, text) for name, text in numbered(first, last)]
    library.add_pages([(page, [whole_article(page, "项目")], page.source) for page in made])


@pytest.fixture
def named(tmp_path: Path) -> str:
    """The folder of an encoder that was made elsewhere."""
    fit_encoder([text for _, text in numbered(0, 40)], tmp_path / "named", width=16)
    return str(tmp_path / "named")


def fingerprint(library: Library) -> str:
    encoder = library.snapshot().encoder
    assert encoder is not None
    assert encoder.fingerprint == library.snapshot().state.fingerprint
    return encoder.fingerprint


def test_the_built_in_encoder_is_fitted_anew_when_the_library_has_doubled(
    library: Library,
) -> None:
    fill(library, 0, 10)
    first = fingerprint(library)
    fill(library, 10, 19)
    assert fingerprint(library) == first
    fill(library, 19, 20)
    assert fingerprint(library) != first
    assert_whole(library)
    assert len(list((library.folder / "encoders").iterdir())) == 1


def test_the_built_in_encoder_forgets_what_was_replaced(library: Library) -> None:
    fill(library, 0, 10)
    first = fingerprint(library)
    for n in range(5):
        library.remove(f"n{n}")
    fill(library, 10, 15)
    assert fingerprint(library) != first


def test_a_first_fill_that_cannot_keep_its_encoder_changes_nothing(
    library: Library, pages: Path
) -> None:
    (library.folder / "encoders").touch()  # where a folder should be made
    with pytest.raises(LibraryError, match="cannot be written, nothing was changed"):
        library.add([pages])
    assert library.is_empty()
    (library.folder / "encoders").unlink()
    assert states(library, pages) == ["added"] * 3


def test_an_encoder_that_cannot_be_fitted_anew_still_serves(library: Library) -> None:
    fill(library, 0, 5)
    first = fingerprint(library)
    (library.folder / "encoders").rename(library.folder / "kept")
    (library.folder / "encoders").touch()
    fill(library, 5, 10)
    assert fingerprint(library) == first
    assert len(library.pages()) == 10
    assert_whole(library)


def test_a_named_encoder_makes_the_vectors(tmp_path: Path, pages: Path, named: str) -> None:
    with Library.open(tmp_path / "library", named) as library:
        library.add([pages])
        assert library.snapshot().encoder_name == named
        assert library.snapshot().vectors.width == 16
        assert_whole(library)


def test_another_encoder_embeds_the_whole_library_anew(filled: Library, named: str) -> None:
    told: list[str] = []
    built_in = fingerprint(filled)
    with Library.open(filled.folder, named, lambda *what: told.append(what[2])) as other:
        assert fingerprint(other) != built_in
        assert "embedding" in told
        assert_whole(other)
    with Library.open(filled.folder) as again:  # which keeps what it has
        assert again.snapshot().encoder_name == named
    assert fingerprint(filled) != built_in  # as does one that was open all the time
    with Library.open(filled.folder, BUILT_IN) as back:
        assert fingerprint(back) == built_in
        assert_whole(back)


def test_two_encoders_are_never_mixed(filled: Library, pages: Path, named: str) -> None:
    (pages / "new.txt").write_text("渡口恢复通航\n\n渡口今日恢复通航。", "utf-8")
    with Library.open(filled.folder, named) as other:
        other.add([pages])
        assert_whole(other)
    (pages / "newer.txt").write_text("灯塔重新点亮\n\n灯塔昨晚重新点亮。", "utf-8")
    filled.add([pages])
    assert_whole(filled)
    assert filled.snapshot().encoder_name == named


def test_a_relative_folder_is_recorded_as_a_whole_path(
    tmp_path: Path, pages: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Library.open(tmp_path / "library", "named") as library:
        library.add([pages])
        assert library.snapshot().encoder_name == named


def test_an_encoder_that_is_not_there_is_told_and_the_library_kept(filled: Library) -> None:
    with (
        Library.open(filled.folder, "/no/such/encoder") as other,
        pytest.raises(ModelError, match="/no/such/encoder"),
    ):
        other.snapshot()
    assert_whole(filled)


@pytest.mark.parametrize("harm", [truncate, flip, delete, replace_by_another])
@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_fitted_encoder_is_fitted_anew(filled: Library, name: str, harm: object) -> None:
    [path] = (filled.folder / "encoders").rglob(name)
    assert callable(harm)
    harm(path)
    with Library.open(filled.folder) as again:
        assert_whole(again)


def test_questions_are_embedded_like_passages(filled: Library) -> None:
    snapshot = filled.snapshot()
    assert snapshot.encoder is not None
    asked = snapshot.encoder.encode_questions(["谁出席了大桥的开工仪式"])
    scores, ids = snapshot.vectors.search(asked, 1)
    assert snapshot.passages(ids[0].tolist())[0].text.startswith("本报讯 5月12日")
    assert 0 < float(scores[0, 0]) <= 1 + 1e-6
    assert np.allclose(np.linalg.norm(asked, axis=1), 1)


def test_a_library_s_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="is a file, not a library"):
        Library.open(tmp_path / "file")


def test_what_another_process_removes_during_a_change_is_soon_cited_no_more(
    library: Library, pages: Path
) -> None:
    library.add([pages / "harbour.txt"])
    library.snapshot()
    cited: list[bool] = []

    def told(_done: int, _total: int, what: str) -> None:
        if what == "reading library.txt" and not cited:
            with Library.open(library.folder) as other:
                other.remove("harbour.txt")
            for seconds in (0, 3600):
                library._since -= seconds  # as if so much time had passed
                cited.append(bool(library.snapshot().words.ids.size))

    library.add([pages / "library.txt"], told)
    assert cited == [True, False]
