"""The word index: BM25 against a plain implementation, saving, and incremental change."""

from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import IndexFileError
from embeddings.words import Term, WordIndex, plain_terms

LISTS = [["a", "b", "a"], ["b", "c"], [], ["a", "中", "中文", "文"], ["b"] * 5]
IDS = [3, 5, 7, 11, 13]

token_lists = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "中", "中文", "longer"])), max_size=8
)


def by_hand(lists: Sequence[Sequence[str]], query: Sequence[str]) -> list[float]:
    """BM25 as the formula is printed, k1 0.9 and b 0.5."""
    mean = max(sum(map(len, lists)) / max(len(lists), 1), 1.0)
    scores = []
    for row in lists:
        score = 0.0
        for token in query:
            df, tf = sum(token in other for other in lists), row.count(token)
            idf = log(1 + (len(lists) - df + 0.5) / (df + 0.5))
            score += idf * tf / (tf + 0.9 * (0.5 + 0.5 * len(row) / mean))
        scores.append(score)
    return scores


@given(token_lists, st.lists(st.sampled_from(["a", "b", "中文", "longer", "absent"]), max_size=5))
def test_scores_are_those_of_the_printed_formula(lists: list[list[str]], query: list[str]) -> None:
    index = WordIndex.build(range(len(lists)), lists)
    assert np.allclose(index.scores(plain_terms(query)), by_hand(lists, query))


@given(token_lists, st.integers(1, 10))
def test_the_best_k_are_the_head_of_all_scores(lists: list[list[str]], k: int) -> None:
    index = WordIndex.build(range(10, 10 + len(lists)), lists)
    terms = plain_terms(["a", "中", "longer", "b"])
    scores = index.scores(terms)
    order = [at for at in np.argsort(-scores, kind="stable")[:k] if scores[at] > 0]
    ids, best = index.search(terms, k)
    assert ids.tolist() == index.ids[order].tolist()
    assert np.allclose(best, scores[order])


def test_common_terms_lift_only_rows_that_can_still_be_among_the_best() -> None:
    rng = np.random.default_rng(7)
    lists = [
        ["common"] * int(rng.integers(0, 4)) + [f"rare{int(rng.integers(0, 40))}"]
        for _ in range(400)
    ]
    index = WordIndex.build(range(400), lists)
    terms = plain_terms(["common", "rare3", "rare5"])
    scores = index.scores(terms)
    ids, best = index.search(terms, 5)
    assert np.allclose(best, np.sort(scores)[::-1][:5])
    assert np.allclose(scores[ids], best)


def test_scores_of_some_ids_are_those_among_all() -> None:
    index = WordIndex.build([13, 3, 7, 11, 5], LISTS)
    terms = plain_terms(["a", "b", "中文"])
    every = dict(zip(index.ids.tolist(), index.scores(terms).tolist(), strict=True))
    wanted = np.array([7, 13, 5], np.int64)
    assert np.allclose(index.scores_of(terms, wanted), [every[id_] for id_ in wanted.tolist()])


def test_alternatives_share_one_frequency() -> None:
    index = WordIndex.build([1, 2, 3], [["school"], ["academy"], ["house"]])
    either = Term((("school", 1.0), ("academy", 1.0)))
    first, second, third = index.scores([either])
    assert first == second > third == 0
    assert first < index.scores(plain_terms(["school"]))[0]


def test_a_less_trusted_alternative_counts_less() -> None:
    index = WordIndex.build([1, 2], [["school"], ["academy"]])
    first, second = index.scores([Term((("school", 1.0), ("academy", 0.3)))])
    assert first > second > 0


def test_an_alternative_of_several_tokens_needs_them_all() -> None:
    index = WordIndex.build([1, 2], [["super", "bowl"], ["super"]])
    first, second = index.scores([Term((("super bowl", 1.0),))])
    assert first > 0 == second


def test_a_repeated_question_token_weighs_as_often_as_it_is_said() -> None:
    index = WordIndex.build(IDS, LISTS)
    assert np.allclose(index.scores(plain_terms(["a", "a"])), 2 * index.scores(plain_terms(["a"])))


def test_weights_bound_the_scores() -> None:
    index = WordIndex.build(IDS, LISTS)
    terms = plain_terms(["a", "b", "absent"])
    assert index.scores(terms).max() < index.weights(terms).sum()
    assert index.weights(terms)[0] == pytest.approx(index.idf("a"))
    assert index.idf("absent") > index.idf("c") > index.idf("b") > 0


@given(token_lists, st.lists(st.lists(st.sampled_from(["a", "b", "中", "中文", "x"]), min_size=1)))
def test_phrases_that_are_held_are_those_whose_tokens_one_row_holds(
    lists: list[list[str]], phrases: list[list[str]]
) -> None:
    index = WordIndex.build(range(len(lists)), lists)
    asked = [" ".join(phrase) for phrase in phrases]
    held = [any(set(row) >= set(phrase) for row in lists) for phrase in phrases]
    assert [phrase in list(index.held([phrase])) for phrase in asked] == held
    assert list(index.held(asked)) == [p for p, met in zip(asked, held, strict=True) if met]
    assert [index.holds(phrase) for phrase in asked] == held


@pytest.mark.parametrize(
    ("row", "amounts"),
    [
        (["中", "文", "中文", "new"], (4, 0)),
        (["new", "york", "time", "中"], (0, 4)),
        (["new", "york", "中", "文"], (0, 0)),
        (["2019", "120", "7"], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_a_row_counts_for_the_script_that_it_is_mostly_in(
    row: list[str], amounts: tuple[int, int]
) -> None:
    assert WordIndex.build([1], [row]).amounts == amounts


@settings(max_examples=50)
@given(token_lists, token_lists, st.sets(st.integers(0, 9)))
def test_a_changed_index_equals_one_built_anew(
    old: list[list[str]], new: list[list[str]], gone: set[int]
) -> None:
    before = WordIndex.build(range(len(old)), old)
    after = before.changed(gone, range(100, 100 + len(new)), new)
    kept = [i for i in range(len(old)) if i not in gone]
    fresh = WordIndex.build([*kept, *range(100, 100 + len(new))], [*(old[i] for i in kept), *new])
    terms = plain_terms(["a", "b", "c", "中", "中文", "longer"])
    assert after.ids.tolist() == fresh.ids.tolist()
    assert np.allclose(after.scores(terms), fresh.scores(terms))
    assert after.amounts == fresh.amounts
    assert before.ids.tolist() == list(range(len(old)))


@pytest.mark.parametrize("lists", [LISTS, []], ids=["some", "none"])
def test_a_saved_index_loads_as_it_was(tmp_path: Path, lists: list[list[str]]) -> None:
    index = WordIndex.build(IDS[: len(lists)], lists)
    index.save(tmp_path / "words")
    loaded = WordIndex.load(tmp_path / "words")
    terms = plain_terms(["a", "b", "中文"])
    assert loaded.ids.tolist() == index.ids.tolist()
    assert np.array_equal(loaded.scores(terms), index.scores(terms))
    assert loaded.amounts == index.amounts
    more = loaded.changed([3], [99], [["a", "new"]])
    assert more.search(plain_terms(["new"]), 1)[0].tolist() == [99]


def test_a_loaded_index_holds_on_to_its_files_and_not_its_memory(tmp_path: Path) -> None:
    WordIndex.build(IDS, LISTS).save(tmp_path)
    assert not WordIndex.load(tmp_path).ids.flags.writeable


@pytest.mark.parametrize("name", ["rows", "keys", "format", "ids", "scripts"])
def test_a_damaged_index_is_refused(tmp_path: Path, name: str) -> None:
    WordIndex.build(IDS, LISTS).save(tmp_path)
    path = tmp_path / f"{name}.npy"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexFileError, match="build it again"):
        WordIndex.load(tmp_path)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    WordIndex.build(IDS, LISTS).save(tmp_path)
    WordIndex.build([1], [["x"]]).save(tmp_path / "other")
    (tmp_path / "other" / "rows.npy").replace(tmp_path / "rows.npy")
    with pytest.raises(IndexFileError, match="another format"):
        WordIndex.load(tmp_path)


def test_an_index_of_an_earlier_format_is_refused(tmp_path: Path) -> None:
    WordIndex.build(IDS, LISTS).save(tmp_path)
    form = np.load(tmp_path / "format.npy")
    np.save(tmp_path / "format.npy", np.array([form[0] - 1, *form[1:]]))
    with pytest.raises(IndexFileError, match="another format"):
        WordIndex.load(tmp_path)


def test_an_index_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError):
        WordIndex.load(tmp_path / "nowhere")


def test_as_many_lists_as_ids_are_needed() -> None:
    with pytest.raises(ValueError, match="2 ids"):
        WordIndex.build([1, 2], [["a"]])
