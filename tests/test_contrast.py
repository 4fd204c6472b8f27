"""Contrast: which candidates stand out by what they meet."""

import numpy as np
import pytest

from qa.answering.contrast import contrast, weighed_apart

ONE_PASSAGE = np.zeros(3)


def test_a_term_that_one_candidate_meets_outweighs_one_that_all_meet() -> None:
    own = np.array([[1, 0], [1, 1], [1, 0]], np.float32)
    among_all, within, reachable = contrast(own, np.ones(2, np.float32), ONE_PASSAGE)
    for share in (among_all, within, reachable):
        assert share[1] == pytest.approx(1)
        assert share[0] == share[2] < 0.5


def test_what_no_candidate_meets_lowers_the_first_share_alone() -> None:
    own = np.array([[1, 0], [0, 0]], np.float32)
    among_all, _, reachable = contrast(own, np.ones(2, np.float32), np.zeros(2))
    assert among_all[0] < 0.5
    assert reachable[0] == pytest.approx(1)


def test_a_passage_is_weighed_by_its_own_sentences() -> None:
    own = np.array([[1, 0], [1, 1], [0, 1], [0, 1]], np.float32)
    _, within, _ = contrast(own, np.ones(2, np.float32), np.array([1, 1, 2, 2]))
    assert within[1] > within[0]
    assert within[2] == within[3] == pytest.approx(1)


def test_candidates_that_meet_nothing_have_shares_of_zero() -> None:
    own = np.zeros((2, 2), np.float32)
    assert not np.stack(contrast(own, np.ones(2, np.float32), np.zeros(2))).any()
    assert not weighed_apart(own, np.ones(2, np.float32)).any()


def test_words_met_by_degrees_are_weighed_apart_too() -> None:
    told = np.array([[0.9, 0.0], [0.9, 0.8]], np.float32)
    first, second = weighed_apart(told, np.ones(2, np.float32))
    assert second > 0.8 > first
