"""Figures: how each question went → the figures and the reliability of a whole set.

Knows neither files nor libraries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation.calibration import (
    Bin,
    auroc,
    brier,
    calibration_error,
    refused_at_95_kept,
    reliability,
)

Figures = dict[str, float | None]

# Of the questions that people put to an archive, the share that is taken to have an answer in
# it: what the confidence is calibrated for as well (`qa.evaluation.training`).
ANSWERABLE = 0.8


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went.

    `answerable` is whether a passage of the set answers it, `rank` that passage's place among
    those found, from 1, or 0. `sentence` is whether the best sentence holds a gold answer,
    `right` whether it also stands in the gold passage; None where that cannot be known, as no
    gold answer is given. `evidence` is whether the answer holds one. `cited` tells of each
    cited passage whether it is the gold one.
    """

    answerable: bool
    rank: int = 0
    answered: bool = False
    confidence: float = 0.0
    sentence: bool = False
    right: bool | None = False
    evidence: bool = False
    cited: tuple[bool, ...] = ()


def retrieval_figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return how many questions there are, and how often the gold passage was found."""
    ranks = [o.rank for o in outcomes if o.answerable]
    return {
        "questions": len(outcomes),
        "unanswerable": len(outcomes) - len(ranks),
        "recall@1": _mean([rank == 1 for rank in ranks]),
        "recall@5": _mean([0 < rank <= 5 for rank in ranks]),
        "recall@10": _mean([0 < rank <= 10 for rank in ranks]),
        "mrr@10": _mean([1 / rank if rank else 0.0 for rank in ranks]),
    }


def answer_figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return how good the answers are, and whether the right questions were refused."""
    good = [o for o in outcomes if o.answerable]
    bad = [o for o in outcomes if not o.answerable]
    judged = [o for o in good if o.right is not None]
    return {
        "sentence": _mean([o.sentence for o in judged]),
        "evidence": _mean([o.evidence for o in judged if o.answered]),
        "citation_precision": _mean([hit for o in good if o.answered for hit in o.cited]),
        "false_refusals": _mean([not o.answered for o in good]),
        "false_answers": _mean([o.answered for o in bad]),
        **_separation(good, bad),
    }


def without_gold_figures(outcomes: Sequence[Outcome], without: Sequence[Outcome]) -> Figures:
    """Return how well questions are told from themselves `without` their gold passage."""
    good = [o for o in outcomes if o.answerable]
    figures = {"false_answers": _mean([o.answered for o in without]), **_separation(good, without)}
    return {f"without_gold_{name}": value for name, value in figures.items()}


def calibration_figures(
    outcomes: Sequence[Outcome], without: Sequence[Outcome] = ()
) -> tuple[Figures, list[Bin]]:
    """Return the calibration's figures and bins: does the best sentence answer as often as said?

    For an unanswerable question nothing is right. A set's own questions count alike. Those
    `without` their gold passage are as many as were asked for, which is nobody's habit; so
    with them the answerable ones count `ANSWERABLE` in all, and the others the rest.
    """
    known = [o for o in (*outcomes, *without) if o.right is not None]
    confidences, right = [o.confidence for o in known], [bool(o.right) for o in known]
    answerable = sum(o.answerable for o in known)
    weights = [1.0] * len(known)
    if without and answerable:
        each = ANSWERABLE / answerable, (1 - ANSWERABLE) / (len(known) - answerable)
        weights = [each[0] if o.answerable else each[1] for o in known]
    bins = reliability(confidences, right, weights)
    figures = {
        "calibration_error": calibration_error(bins),
        "brier": brier(confidences, right, weights),
    }
    return figures, bins


def _separation(good: Sequence[Outcome], bad: Sequence[Outcome]) -> Figures:
    sure, unsure = [o.confidence for o in good], [o.confidence for o in bad]
    return {
        "auroc": auroc(sure, unsure),
        "refused_at_95_kept": refused_at_95_kept(sure, unsure),
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
