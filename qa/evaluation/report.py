"""Report: an evaluation → JSON for scripts, and a table and a plot in text for people."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluation.calibration import Bin
from qa.evaluation.evaluate import Evaluation

_WIDTH = 50  # characters that stand for 0 to 100 %

_MEANINGS = {
    "questions": "asked",
    "unanswerable": "of them that no passage answers",
    "recall@1": "the gold passage is found first",
    "recall@5": "... among the first five",
    "recall@10": "... among the first ten",
    "mrr@10": "mean of 1 / its rank, 0 beyond ten",
    "sentence": "the best sentence holds a gold answer",
    "evidence": "answers, where one is given, that hold a gold answer",
    "citation_precision": "passages cited that are the gold one",
    "false_refusals": "answerable questions that were refused",
    "false_answers": "unanswerable questions that were answered",
    "auroc": "pairs of both kinds in which the answerable is surer",
    "refused_at_95_kept": "unanswerable refused, were 95 % of the others answered",
    "without_gold_false_answers": "answered although the gold passage was taken away",
    "without_gold_auroc": "pairs in which the question with its passage is surer",
    "without_gold_refused_at_95_kept": "refused without it, were 95 % answered with it",
    "calibration_error": "mean distance of confidence from the share right",
    "brier": "mean square of confidence less truth; 0 is best",
    "passages_per_second": "indexed, loading included",
    "query_p50_ms": "from question to answer, the median",
    "query_p95_ms": "... which 19 of 20 questions stay below",
}
_NUMBERS = {"mrr@10", "brier", "auroc", "without_gold_auroc"}
_COUNTS = {"questions", "unanswerable", "passages_per_second"}


def evaluation_json(found: Evaluation) -> dict[str, Any]:
    """Return the figures and, where questions were answered, the bins as "reliability"."""
    return {**found.figures, "reliability": [asdict(one) for one in found.reliability]}


def evaluation_lines(found: Evaluation) -> Iterator[str]:
    """Yield the table of figures, then the reliability; what was not measured is left out."""
    shown = {name: value for name, value in found.figures.items() if value is not None}
    width = max(map(len, shown))
    for name, value in shown.items():
        yield f"{name:<{width}}{_figure(name, value):>10}   {_MEANINGS[name]}"
    if found.reliability:
        yield ""
        yield from reliability_lines(found.reliability)
        yield ""
        yield from _reading(found)


def _figure(name: str, value: float) -> str:
    if name in _COUNTS:
        return f"{value:,.0f}"
    if name.endswith("_ms"):
        return f"{value:.1f} ms"
    return f"{value:.3f}" if name in _NUMBERS else f"{100 * value:.1f} %"


def reliability_lines(bins: Sequence[Bin]) -> Iterator[str]:
    """Yield a plot of the bins in plain characters: a bar for the share right, the diagonal as |.

    The bars of a confidence that can be taken at its word end on the diagonal.
    """
    yield f"confidence  {'share of best sentences that are right':<{_WIDTH}}  right  questions"
    for one in bins:
        middle = (one.start + one.end) / 2
        cells = ("#" * round((one.right or 0) * _WIDTH)).ljust(_WIDTH + 1)
        at = round((middle if one.confidence is None else one.confidence) * _WIDTH)
        right = "-" if one.right is None else f"{100 * one.right:.0f} %"
        plot = f"{cells[:at]}|{cells[at + 1 :]}"
        yield f"{one.start:>5.1f}-{one.end:.1f}  {plot}{right:>6}{one.questions:>11,}"
    yield " " * 12 + "0 %".ljust(_WIDTH // 2 - 1) + "50 %".ljust(_WIDTH // 2 - 3) + "100 %"


def _reading(found: Evaluation) -> Iterator[str]:
    yield "| is the mean confidence. Bars short of it: too sure. Bars beyond it: not sure enough."
    if "without_gold_auroc" in found.figures:
        yield "Questions are in it with and without their gold passage, weighted as 4 to 1."
    elif not found.figures["unanswerable"]:
        yield "Every question here has an answer, and the confidence allows for some that have none:"
        yield "bars beyond the diagonal are to be expected. --without-gold adds such questions."
