"""Calibration: confidences and what came true → how far the confidences can be trusted.

Two questions: is a confidence of 0.8 right eight times in ten (reliability), and does it tell
questions that have an answer from those that have none (separation)? Knows numbers only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
# The share of the answerable questions that may be lost to refusals.
_LOST = 0.05


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence is in `[start, end)`; the last bin includes 1.

    `share` is their part of all questions by weight, `confidence` their mean confidence, and
    `right` the share of them that came true, both by weight and None for an empty bin.
    """

    start: float
    end: float
    questions: int
    share: float
    confidence: float | None
    right: float | None


def reliability(
    confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float]
) -> list[Bin]:
    """Return `BINS` bins of equal width over confidences from 0 to 1; [] without questions.

    `weights` says how much each question counts.
    """
    if not confidences:
        return []
    sure, weight = np.asarray(confidences), np.asarray(weights)
    at = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(at, minlength=BINS)
    mass = np.bincount(at, weight, BINS)
    believed = np.bincount(at, weight * sure, BINS)
    true = np.bincount(at, weight * np.asarray(right), BINS)
    return [
        Bin(
            start=n / BINS,
            end=(n + 1) / BINS,
            questions=int(counts[n]),
            share=float(mass[n] / mass.sum()),
            confidence=float(believed[n] / mass[n]) if counts[n] else None,
            right=float(true[n] / mass[n]) if counts[n] else None,
        )
        for n in range(BINS)
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error (Naeini and others 2015), 0 at best.

    The mean distance between confidence and share right over the bins, by their shares.
    """
    gaps = [
        b.share * abs(b.confidence - b.right)
        for b in bins
        if b.confidence is not None and b.right is not None
    ]
    return sum(gaps) if gaps else None


def brier(
    confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float]
) -> float | None:
    """Return the mean square of confidence less truth (Brier 1950), 0 at best."""
    if not confidences:
        return None
    misses = (np.asarray(confidences) - np.asarray(right, np.float64)) ** 2
    return float(np.average(misses, weights=weights))


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Return how often an answerable question is surer than an unanswerable one; ties are half.

    None where either kind is missing.
    """
    if not answerable or not unanswerable:
        return None
    below: NDArray[np.float64] = np.sort(np.asarray(unanswerable, np.float64))
    sides = [np.searchsorted(below, answerable, side) for side in ("left", "right")]
    return float((sides[0] + sides[1]).mean() / 2 / len(below))


def refused_at_95_kept(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Return the share of the unanswerable below the 5 % quantile of the answerable.

    That is what would be refused, were the threshold set so that 95 % of the answerable are
    answered. None where either kind is missing.
    """
    if not answerable or not unanswerable:
        return None
    floor = np.quantile(np.asarray(answerable), _LOST)
    return float(np.mean(np.asarray(unanswerable) < floor))
