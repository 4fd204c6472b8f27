"""Fitting: rows with known outcomes → a small network, by full-batch L-BFGS from a fixed start.

Two losses: ranking (softmax over the candidates of one question, the right ones together) and
yes or no (logistic). Knows numbers only.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.answering.reader import Network
from qa.answering.wanted import Floats

_Doubles = NDArray[np.float64]
_Loss = Callable[[_Doubles], tuple[float, _Doubles]]
# Weight decay and steps, chosen by cross-validation; less decay learns the training set by heart.
_DECAY = 0.3
_STEPS = 100


def fit_ranking(
    rows: Sequence[Floats],
    right: Sequence[Floats],
    weights: Sequence[float],
    names: tuple[str, ...],
    hidden: int,
) -> Network:
    """Return the network that puts the right rows of each question first.

    `rows[i]` (n_i, inputs) are the candidates of question i, `right[i]` (n_i,) is 1 for those
    that answer, at least one of them, and `weights[i]` is what the question counts. The loss is
    the weighted mean of -log of the belief in the right.
    """
    counts = np.array(weights) / np.sum(weights)
    starts = np.cumsum([0, *map(len, rows[:-1])])
    sizes = np.array([len(own) for own in rows])
    truth = np.concatenate(right) > 0

    def loss(scores: _Doubles) -> tuple[float, _Doubles]:
        top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores - top)
        total = np.add.reduceat(powers, starts)
        good = np.add.reduceat(powers * truth, starts)
        slope = powers / np.repeat(total, sizes) - powers * truth / np.repeat(good, sizes)
        losses = np.log(total) - np.log(good)
        return float(counts @ losses), slope * np.repeat(counts, sizes)

    return _fit(np.concatenate(rows), loss, names, hidden)


def fit_yes_no(
    rows: Floats, labels: Floats, weights: Floats, names: tuple[str, ...], hidden: int
) -> Network:
    """Return the network whose logistic score is the probability of label 1.

    `rows` (n, inputs), `labels` (n,) of 0 and 1, `weights` (n,) what each row counts; in all,
    both labels count the same.
    """
    counts = np.where(labels == 1, weights / weights[labels == 1].sum(), 0.0)
    counts += np.where(labels == 0, weights / weights[labels == 0].sum(), 0.0)
    counts /= 2

    def loss(scores: _Doubles) -> tuple[float, _Doubles]:
        losses = np.logaddexp(0, scores) - labels * scores
        return float(counts @ losses), counts * (1 / (1 + np.exp(-scores)) - labels)

    return _fit(rows, loss, names, hidden)


def fit_calibration(scores: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Return the slope and shift that turn scores (n,) into log odds of label 1 (Platt 1999)."""
    from scipy.optimize import minimize

    def loss(values: _Doubles) -> tuple[float, _Doubles]:
        odds = values[0] * scores + values[1]
        error = weights * (1 / (1 + np.exp(-odds)) - labels)
        value = float(weights @ (np.logaddexp(0, odds) - labels * odds))
        return value / weights.sum(), np.array([error @ scores, error.sum()]) / weights.sum()

    slope, shift = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B").x
    return round(float(slope), 5), round(float(shift), 5)


def _fit(rows: Floats, loss: _Loss, names: tuple[str, ...], hidden: int) -> Network:
    from scipy.optimize import minimize

    mean = rows.mean(axis=0)
    scale = np.maximum(rows.std(axis=0), 1e-3)
    inputs = ((rows - mean) / scale).astype(np.float64)
    width = inputs.shape[1]
    start = np.random.default_rng(0).normal(0, 0.3, (width + 2) * hidden + 1)

    def objective(values: _Doubles) -> tuple[float, _Doubles]:
        first, bias, out, out_bias = _parts(values, width, hidden)
        layer = np.tanh(inputs @ first + bias)
        value, slope = loss(layer @ out + out_bias)
        back = np.outer(slope, out) * (1 - layer**2)
        grads = [(inputs.T @ back).ravel(), back.sum(0), layer.T @ slope, [slope.sum()]]
        decay = _DECAY * values / hidden
        return value + 0.5 * float(decay @ values), np.concatenate(grads) + decay

    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    first, bias, out, out_bias = _parts(found.x, width, hidden)
    return Network(
        names=names,
        mean=mean,
        scale=scale,
        hidden=first.astype(np.float32),
        hidden_bias=bias.astype(np.float32),
        out=out.astype(np.float32),
        out_bias=round(out_bias, 5),
    )


def _parts(values: _Doubles, width: int, hidden: int) -> tuple[_Doubles, _Doubles, _Doubles, float]:
    first, bias, out, out_bias = np.split(values, np.cumsum([width * hidden, hidden, hidden]))
    return first.reshape(width, hidden), bias, out, float(out_bias[0])
