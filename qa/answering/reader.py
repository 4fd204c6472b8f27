"""The reader: a question and its candidate sentences → which sentence answers, how surely.

A small network over the features of `qa.answering.features` scores each sentence; its weights are
learned by `qa.evaluation.training` and ship as `reader.json`. Knows no thresholds: whether the best is
good enough is decided in `qa.answering.evidence`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from qa.answering.candidates import Candidate
from qa.answering.features import NAMES, features
from qa.answering.units import holds, titles
from qa.answering.wanted import Floats, Wanted

# For dates, of 0 to 3 the best on public question sets (86.9 → 89.7 % right); numbers with a unit
# are too few there to gain or lose.
_WITHOUT_UNIT = {"time": np.float32(2.0), "number": np.float32(1.0)}
# Of 0 to 8, all from 1 to 5 are as good where somebody is asked for by title on the sets that the
# weights were fitted on (22 such questions, 19 → 20 right).
_WITHOUT_TITLE = np.float32(5.0)
WEIGHTS = Path(__file__).with_name("reader.json")


@dataclass(frozen=True, slots=True)
class Network:
    """A network of one hidden layer of tanh units: rows (n, inputs) → scores (n,).

    Inputs are first shifted by `mean` and divided by `scale`, both (inputs,).
    """

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: float

    def __call__(self, rows: Floats) -> Floats:
        """Return the score of each row."""
        layer = np.tanh((rows - self.mean) / self.scale @ self.hidden + self.hidden_bias)
        return layer @ self.out + np.float32(self.out_bias)

    def to_json(self) -> dict[str, Any]:
        """Return the network as plain lists, rounded to what float32 needs."""
        arrays = ("mean", "scale", "hidden", "hidden_bias", "out")
        lists = {name: np.round(getattr(self, name), 5).tolist() for name in arrays}
        return {"names": list(self.names), "out_bias": self.out_bias, **lists}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Network":
        """Return the network that `to_json` wrote."""
        arrays = ("mean", "scale", "hidden", "hidden_bias", "out")
        lists = {name: np.array(data[name], np.float32) for name in arrays}
        return cls(names=tuple(data["names"]), out_bias=float(data["out_bias"]), **lists)


@dataclass(frozen=True, slots=True)
class Reading:
    """A candidate with its features (len(NAMES),), its score, and its share of belief.

    `probability` is the softmax of the scores over all candidates of the question.
    """

    candidate: Candidate
    features: Floats
    score: float
    probability: float


@cache
def _shipped() -> dict[str, Any]:
    shipped: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return shipped


def calibration() -> tuple[float, float]:
    """Return the slope and shift that turn the score of "evidence" into log odds."""
    slope, shift = _shipped()["calibration"]
    return float(slope), float(shift)


@cache
def network(part: str, names: tuple[str, ...]) -> Network:
    """Return the shipped network for `part`: "sentence" or "evidence".

    Raises ValueError when it was trained on other inputs than `names`.
    """
    found = Network.from_json(_shipped()[part])
    if found.names != names:
        raise ValueError("reader.json was trained on other features: run training again")
    return found


def read(want: Wanted, found: Sequence[Candidate]) -> list[Reading]:
    """Return all candidates, the likeliest answer first."""
    if not found:
        return []
    rows = features(want, found)
    return ranked(found, rows, network("sentence", NAMES), _losses(want, found, rows))


def _losses(want: Wanted, found: Sequence[Candidate], rows: Floats) -> Floats:
    """Return what is taken from the scores (n,) of sentences that lack what is asked for."""
    return _without_unit(want, rows) + _without_title(want, found)


def _without_unit(want: Wanted, rows: Floats) -> Floats:
    """Return what sentences lose (n,) that hold no number or date of the unit asked for."""
    loss = _WITHOUT_UNIT.get(want.question.asked)
    if loss is None or not want.question.unit or want.question.language != "zh":
        return np.zeros(len(rows), np.float32)
    return loss * (1 - rows[:, NAMES.index("has_new_form")])


def _without_title(want: Wanted, found: Sequence[Candidate]) -> Floats:
    """Return what sentences lose (n,) beside those with the title of the one who is asked for."""
    asked = titles(want.question.text)
    lack = np.array([not all(holds(c.text, title) for title in asked) for c in found])
    return np.where(lack & ~lack.all(), _WITHOUT_TITLE, np.float32(0))


def ranked(
    found: Sequence[Candidate], rows: Floats, scorer: Network, losses: Floats | float = 0.0
) -> list[Reading]:
    """Return the readings of candidates whose features are `rows` (len(found), len(NAMES)).

    `losses` (len(found),) are taken from their scores.
    """
    scores = scorer(rows) - losses
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-scores, kind="stable")
    return [Reading(found[i], rows[i], float(scores[i]), float(shares[i])) for i in order]
