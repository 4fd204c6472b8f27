"""Training: questions with known answers → the weights of the reader and of its confidence.

    python -m qa.evaluation.training FOLDER… [--out reader.json]

A folder holds pairs `NAME.passages.jsonl` and `NAME.questions.jsonl` in the format of `qa eval`;
the questions about newspaper articles in `qa/evaluation/newspaper` are always among them. Prints
cross-validated figures. The same sets give the same weights: nothing is sampled at random.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.answering.evidence import EVIDENCE_NAMES, evidence
from qa.answering.features import NAMES
from qa.answering.reader import WEIGHTS, Network, ranked
from qa.answering.wanted import Floats
from qa.evaluation.examples import Example, examples
from qa.evaluation.figures import ANSWERABLE
from qa.evaluation.fitting import fit_calibration, fit_ranking, fit_yes_no

NEWSPAPER = Path(__file__).with_name("newspaper")
_FOLDS = 3
_HIDDEN = {"sentence": 24, "evidence": 12}
# The questions about newspaper articles are few, and what the program is for.
_NEWSPAPER_WEIGHT = 3.0


def _fold(example: Example) -> int:
    return zlib.crc32(example.group.encode()) % _FOLDS


def _weight(example: Example) -> float:
    return _NEWSPAPER_WEIGHT if example.set_name == NEWSPAPER.name else 1.0


def _sentence_network(some: Sequence[Example]) -> Network:
    usable = [e for e in some if e.kind == "there" and e.right.any() and not e.right.all()]
    rows, right = [e.rows for e in usable], [e.right for e in usable]
    return fit_ranking(rows, right, [_weight(e) for e in usable], NAMES, _HIDDEN["sentence"])


@dataclass(frozen=True, slots=True)
class Judged:
    """An example, its evidence row, whether an answer is there (None: unsure), the best's truth."""

    example: Example
    row: Floats
    label: float | None
    best: bool


def _judged(example: Example, network: Network) -> Judged:
    readings = ranked(example.found, example.rows, network)
    truth = {id(c): bool(r) for c, r in zip(example.found, example.right, strict=True)}
    top = [truth[id(reading.candidate)] for reading in readings[:3]]
    label = 0.0 if example.kind != "there" else (1.0 if any(top) else None)
    return Judged(example, evidence(example.want, readings), label, top[0])


@dataclass(frozen=True, slots=True)
class Trained:
    """The two networks, the slope and shift of the confidence, and lines of figures."""

    networks: dict[str, Network]
    calibration: tuple[float, float]
    figures: list[str]


def train(every: Sequence[Example]) -> Trained:
    """Return what was fitted on `every`.

    The figures are cross-validated: no network judges an article that it was fitted on; and so
    are the scores that the confidence is calibrated with.
    """
    folds = [_sentence_network([e for e in every if _fold(e) != n]) for n in range(_FOLDS)]
    judged = [_judged(e, folds[_fold(e)]) for e in every]
    fold = np.array([_fold(j.example) for j in judged])
    scores = np.zeros(len(judged), np.float32)
    for n in range(_FOLDS):
        network = _evidence_network([j for j in judged if _fold(j.example) != n])
        scores[fold == n] = network(np.stack([j.row for j in judged])[fold == n])
    networks = {"sentence": _sentence_network(every), "evidence": _evidence_network(judged)}
    return Trained(networks, _calibration(judged, scores), list(_report(judged, scores)))


def _evidence_network(judged: Sequence[Judged]) -> Network:
    sure = [j for j in judged if j.label is not None]
    rows, labels = np.stack([j.row for j in sure]), np.array([j.label for j in sure], np.float32)
    weights = np.array([_weight(j.example) for j in sure], np.float32)
    return fit_yes_no(rows, labels, weights, EVIDENCE_NAMES, _HIDDEN["evidence"])


def _calibration(judged: Sequence[Judged], scores: Floats) -> tuple[float, float]:
    """Return the slope and shift to log odds that the best sentence is right.

    As if `ANSWERABLE` of the questions had an answer in the library.
    """
    there = np.array([j.example.kind == "there" for j in judged])
    weights = np.array([_weight(j.example) for j in judged])
    weights *= np.where(there, ANSWERABLE / weights[there].sum(), 0.0) + np.where(
        there, 0.0, (1 - ANSWERABLE) / weights[~there].sum()
    )
    return fit_calibration(scores, np.array([j.best for j in judged], np.float32), weights)


def _report(judged: Sequence[Judged], scores: Floats) -> Iterator[str]:
    kinds = np.array([j.example.kind for j in judged])
    for name in sorted({j.example.set_name for j in judged}):
        here = np.array([j.example.set_name == name for j in judged])
        best = np.mean(
            [j.best for j in judged if j.example.set_name == name and j.example.kind == "there"]
        )
        floor = np.quantile(scores[here & (kinds == "there")], 0.05)
        line = f"{name:<16} best sentence right {100 * best:.1f} %; refused at 95 % kept:"
        for kind in sorted(set(kinds[here]) - {"there"}):
            line += f" {kind} {100 * np.mean(scores[here & (kinds == kind)] < floor):.1f} %"
        yield line


def main() -> None:
    """Fit on the sets in the folders that are named and write the weights."""
    cli = argparse.ArgumentParser(description="Fit the reader's weights on question sets.")
    cli.add_argument("folders", type=Path, nargs="+")
    cli.add_argument("--out", type=Path, default=WEIGHTS)
    given = cli.parse_args()
    found = train(examples([*given.folders, NEWSPAPER]))
    weights = {name: network.to_json() for name, network in found.networks.items()}
    given.out.write_text(
        json.dumps({**weights, "calibration": found.calibration}) + "\n", encoding="utf-8"
    )
    sys.stdout.write("\n".join(found.figures) + "\n")


if __name__ == "__main__":
    main()
