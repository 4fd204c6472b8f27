"""Calibration: bins, errors and separation that can be worked out by hand."""

import numpy as np
import pytest

from qa.evaluation.calibration import (
    auroc,
    brier,
    calibration_error,
    refused_at_95_kept,
    reliability,
)
from qa.evaluation.figures import Outcome, answer_figures, calibration_figures


def test_bins_hold_the_questions_of_their_confidence() -> None:
    bins = reliability([0.0, 0.12, 0.18, 1.0], [False, True, False, True], [1.0] * 4)
    assert len(bins) == 10
    assert [one.questions for one in bins] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    assert bins[1].confidence == pytest.approx(0.15)
    assert bins[1].right == pytest.approx(0.5)
    assert bins[1].share == pytest.approx(0.5)
    assert (bins[2].confidence, bins[2].right, bins[2].share) == (None, None, 0.0)
    assert bins[9].right == 1.0


def test_without_questions_there_are_no_bins_and_no_figures() -> None:
    assert reliability([], [], []) == []
    assert calibration_error([]) is None
    assert brier([], [], []) is None


def test_a_confidence_that_comes_true_has_no_calibration_error() -> None:
    sure = [0.75] * 4
    assert calibration_error(reliability(sure, [True, True, True, False], [1.0] * 4)) == 0.0
    assert calibration_error(reliability(sure, [False] * 4, [1.0] * 4)) == pytest.approx(0.75)


def test_the_brier_score_is_the_mean_square_of_the_misses() -> None:
    assert brier([1.0, 0.5], [True, False], [1.0, 1.0]) == pytest.approx(0.125)
    assert brier([1.0, 0.5], [True, False], [1.0, 3.0]) == pytest.approx(0.1875)


def test_weights_count_as_repeated_questions_do() -> None:
    once = reliability([0.71, 0.79], [True, False], [3.0, 1.0])[7]
    often = reliability([0.71] * 3 + [0.79], [True] * 3 + [False], [1.0] * 4)[7]
    assert (once.right, once.confidence) == (often.right, pytest.approx(often.confidence))


def test_auroc_counts_pairs_with_ties_as_half() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([0.9, 0.4], [0.5, 0.4]) == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert auroc([0.9], []) is None


def test_auroc_equals_counting_every_pair() -> None:
    random = np.random.default_rng(3)
    good, bad = random.integers(0, 20, 80) / 20, random.integers(0, 15, 50) / 20
    pairs = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    assert auroc(good.tolist(), bad.tolist()) == pytest.approx(pairs)


def test_refused_at_95_kept_is_the_share_below_the_5_percent_quantile() -> None:
    answerable = [n / 100 for n in range(101)]  # the quantile is 0.05
    assert refused_at_95_kept(answerable, [0.01, 0.04, 0.06, 0.5]) == 0.5
    assert refused_at_95_kept([], [0.1]) is None


def test_questions_without_a_gold_answer_tell_nothing_of_rightness() -> None:
    known = Outcome(True, rank=1, confidence=0.9, sentence=True, right=True)
    unknown = Outcome(True, rank=1, confidence=0.2, right=None)
    figures, bins = calibration_figures([known, unknown])
    assert sum(one.questions for one in bins) == 1
    assert figures["calibration_error"] == pytest.approx(0.1)
    assert answer_figures([known, unknown])["sentence"] == 1.0


def test_questions_asked_without_their_passage_weigh_one_in_five() -> None:
    right = Outcome(True, rank=1, confidence=0.95, sentence=True, right=True)
    gone = Outcome(False, confidence=0.95)
    _, bins = calibration_figures([right, right], [gone, gone])
    assert bins[9].right == pytest.approx(0.8)
    _, bins = calibration_figures([right, right, gone, gone])
    assert bins[9].right == pytest.approx(0.5)  # a set's own questions count as they are
