"""Evidence: the reader's best sentences → how likely it is that the library holds the answer.

A calibrated confidence from 0 to 1, learned by `qa.evaluation.training` on questions whose answer is
there, whose article was taken away, or whose answering sentence was taken out of its article.
"""

from collections.abc import Sequence

import numpy as np

from embeddings.segmentation import frequency, words
from embeddings.tokens import tokens
from qa.answering.features import NAMES, new_forms
from qa.answering.question import Question
from qa.answering.reader import Reading, network
from qa.answering.units import required
from qa.answering.wanted import Floats, Wanted, met
from qa.spans import reflow

# An answer is given from this confidence on.
ENOUGH = 0.5
# The network is fitted as if every other question had an answer. Of those that people put to an
# archive more do: some 8 in 10 are assumed, which adds log(0.78 / 0.22) to the log odds.
_PRIOR = 1.27
# A sentence without any number of the unit asked for does not answer, however well it fits
# otherwise, nor does a passage without the title or designation asked for; public question sets
# hold too few such questions to learn it from.
_UNIT_UNMET, _REQUIRED_UNMET = 2.5, 4.0
# Words of a smaller count among 60 million name something particular.
_RARE = 1000
EVIDENCE_NAMES = (
    "score", "margin", "probability", "unmet_in_sentence", "unmet_in_passage", "unmet_anywhere",
    "unit_unmet", "unit_unmet_near", "unit_met", "rare_unmet", "terms", *NAMES,
)  # fmt: skip


def confidence(want: Wanted, readings: Sequence[Reading]) -> float:
    """Return the probability that the best of `readings` answers the question; 0 without any."""
    if not readings or not want.terms:
        return 0.0
    row = evidence(want, readings)
    odds = float(network("evidence", EVIDENCE_NAMES)(row[None])[0]) + _PRIOR
    odds -= _UNIT_UNMET * float(row[EVIDENCE_NAMES.index("unit_unmet")])
    odds -= _REQUIRED_UNMET * _required_unmet(want.question, readings[0])
    return float(1 / (1 + np.exp(-odds)))


def evidence(want: Wanted, readings: Sequence[Reading]) -> Floats:
    """Return the numbers (len(EVIDENCE_NAMES),) that the confidence rests on."""
    best = readings[0]
    second = readings[1].score if len(readings) > 1 else best.score - 5.0
    heaviest = max(float(want.pairs.max()), 1e-6)
    own = best.candidate.sentence.held
    passage = own.union(
        *(r.candidate.sentence.held for r in readings if r.candidate.hit is best.candidate.hit)
    )
    anywhere = frozenset().union(*(r.candidate.sentence.held for r in readings))
    unmet = [
        float((want.pairs * (1 - met(want.terms, held))).max()) / heaviest
        for held in (own, passage, anywhere)
    ]
    unit = [_unit_unmet(want.question, group) for group in (readings[:1], readings[:5])]
    head = [best.score, min(best.score - second, 5.0), best.probability, *unmet, *unit]
    head.append(float(bool(want.question.unit)) - unit[0])
    head.append(0.0 if want.translated else _rare_unmet(want.question, passage | anywhere))
    return np.array([*head, np.log1p(len(want.terms)) / 4, *best.features], np.float32)


def _unit_unmet(question: Question, readings: Sequence[Reading]) -> float:
    """Return 1 where a number or date of some unit is asked for and no sentence has one."""
    if not question.unit:
        return 0.0
    return float(not any(new_forms(r.candidate.text, question) for r in readings))


def _rare_unmet(question: Question, held: frozenset[str]) -> float:
    """Return the share of the question's names and rare words that are nowhere near."""
    rare = [w for w in words(question.content) if len(w) > 1 and frequency(w) < _RARE]
    missing = [word for word in rare if not held.issuperset(tokens(word))]
    return len(missing) / len(rare) if rare else 0.0


def _required_unmet(question: Question, best: Reading) -> bool:
    """Return whether something that must stand beside the answer is not in its passage."""
    hit = best.candidate.hit
    text = reflow(f"{hit.article.title} {hit.passage.text}")
    # A deputy (副市长) does not have the title itself.
    return any(asked not in text.replace(f"副{asked}", "") for asked in required(question.text))
