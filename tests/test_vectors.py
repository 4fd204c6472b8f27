"""The vector index against brute force, and what it refuses."""

from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.errors import IndexFileError
from embeddings.vectors import VectorIndex


def unit_vectors(n: int, width: int = 16, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(n, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


VECTORS = unit_vectors(200)
IDS = list(range(1000, 1400, 2))
QUESTIONS = unit_vectors(7, seed=1)


def check_against_brute_force(
    index: VectorIndex, ids: list[int], vectors: NDArray[np.float32], k: int = 10
) -> None:
    scores, found = index.search(QUESTIONS, k)
    every = QUESTIONS @ vectors.T
    order = np.argsort(-every, axis=1)[:, :k]
    assert found.tolist() == np.array(ids)[order].tolist()
    assert np.allclose(scores, np.take_along_axis(every, order, axis=1), atol=1e-6)


def test_search_finds_what_brute_force_finds() -> None:
    check_against_brute_force(VectorIndex.build(IDS, VECTORS), IDS, VECTORS)


def test_removed_vectors_are_never_found_again() -> None:
    index = VectorIndex.build(IDS, VECTORS)
    assert index.remove([*IDS[:50], 5]) == 50
    assert len(index) == 150
    check_against_brute_force(index, IDS[50:], VECTORS[50:])


def test_added_vectors_are_found() -> None:
    index = VectorIndex.build(IDS[:100], VECTORS[:100])
    index.add(IDS[100:], VECTORS[100:])
    check_against_brute_force(index, IDS, VECTORS)


def test_a_removed_id_may_come_back_with_another_vector() -> None:
    index = VectorIndex.build([1, 2], VECTORS[:2])
    index.remove([1])
    index.add([1], VECTORS[2:3])
    assert np.allclose(index.scores_of(VECTORS[2], np.array([1])), 1)


def test_all_scores_are_aligned_with_the_ids() -> None:
    index = VectorIndex.build(IDS, VECTORS)
    index.remove(IDS[:3])
    assert index.ids.tolist() == IDS[3:]
    assert np.allclose(index.scores_for(QUESTIONS[0]), VECTORS[3:] @ QUESTIONS[0], atol=1e-6)


def test_scores_of_some_ids_come_in_their_order() -> None:
    index = VectorIndex.build(IDS, VECTORS)
    some = np.array([IDS[9], IDS[2]])
    assert np.allclose(index.scores_of(QUESTIONS[0], some), VECTORS[[9, 2]] @ QUESTIONS[0])
    assert index.scores_of(QUESTIONS[0], some[:0]).shape == (0,)
    with pytest.raises(KeyError):
        index.scores_of(QUESTIONS[0], np.array([5]))


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex.build([], VECTORS[:0])
    index.save(tmp_path)
    for empty in (index, VectorIndex.load(tmp_path)):
        scores, ids = empty.search(QUESTIONS, 5)
        assert scores.shape == ids.shape == (7, 0)
        assert len(empty) == len(empty.scores_for(QUESTIONS[0])) == empty.remove([1]) == 0


def test_no_more_is_found_than_is_there() -> None:
    assert VectorIndex.build([4, 9], VECTORS[:2]).search(QUESTIONS, 5)[1].shape == (7, 2)


def test_an_id_is_never_there_twice() -> None:
    index = VectorIndex.build(IDS, VECTORS)
    with pytest.raises(ValueError, match="twice"):
        index.add([IDS[0]], VECTORS[:1])
    with pytest.raises(ValueError, match="twice"):
        VectorIndex.build([1, 1], VECTORS[:2])


def test_vectors_of_another_width_or_number_are_refused() -> None:
    index = VectorIndex.build(IDS, VECTORS)
    with pytest.raises(ValueError, match="width 16"):
        index.add([1], unit_vectors(1, width=8))
    with pytest.raises(ValueError, match="2 ids"):
        index.add([1, 2], VECTORS[:1])


def test_a_saved_index_loads_as_it_was_and_can_be_changed(tmp_path: Path) -> None:
    VectorIndex.build(IDS, VECTORS).save(tmp_path / "new")
    index = VectorIndex.load(tmp_path / "new")
    check_against_brute_force(index, IDS, VECTORS)
    index.remove(IDS[:10])
    index.add(IDS[:10], VECTORS[:10])
    assert sorted(index.ids.tolist()) == IDS


@pytest.mark.parametrize("kept", [0, 3, 40, 5000, -1])
def test_an_index_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    VectorIndex.build(IDS, VECTORS).save(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexFileError, match="build it again"):
        VectorIndex.load(tmp_path)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    VectorIndex.build(IDS, VECTORS).save(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not an index at all" * 100)
    with pytest.raises(IndexFileError):
        VectorIndex.load(tmp_path)
    faiss.write_index(faiss.IndexFlatL2(4), str(path))
    with pytest.raises(IndexFileError, match="another kind"):
        VectorIndex.load(tmp_path)


def test_an_index_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError):
        VectorIndex.load(tmp_path)
