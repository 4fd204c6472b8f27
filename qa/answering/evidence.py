"""Evidence: the reader's best sentences → how likely it is that the best of them answers.

A calibrated confidence from 0 to 1, learned by `qa.evaluation.training` on questions whose answer
is there, was taken away with its article or cut out of it, or was never printed.
"""

import re
from collections.abc import Sequence

import numpy as np

from embeddings.segmentation import frequency, words
from embeddings.tokens import normalised, tokens
from qa.answering.features import NAMES, new_forms
from qa.answering.paraphrase import asked_words, said, told
from qa.answering.phrases import words_of
from qa.answering.question import Question
from qa.answering.reader import Reading, calibration, network
from qa.answering.units import holds, opposites, required
from qa.answering.wanted import Floats, Wanted
from qa.grounding.plain import is_chinese, plain
from qa.grounding.polarity import negations
from qa.spans import reflow

# An answer is given from this confidence on. It quotes more than the best sentence where one is
# not enough, so it is right more often than the best sentence alone.
ENOUGH = 0.4
# A sentence without any number of the unit asked for does not answer, however well it fits
# otherwise, nor does a passage without the title or designation asked for; public question sets
# hold too few such questions to learn it from. Of 2,194 right best sentences 3 stand in such a
# passage, of 2,475 of questions without an answer 24.
_UNIT_UNMET, _REQUIRED_UNMET = 2.5, 2.0
# A passage that prints other years than the one asked for does not answer. Fitted with the
# network's score on public question sets: 0 to 3 % of the questions that have an answer meet such
# a passage, and 50 to 75 % of those without, but the latter are too few there to weigh in it.
_YEAR_UNMET = 1.8
# Nor does a passage that has the opposite of a name (女足) instead of it (男足): of 4,700 right best
# sentences for questions in Chinese none stands in such a passage, of the best ones for questions
# about newspaper articles that only resemble an answerable one 1 in 20.
_OPPOSITE = 2.5
# Nor does a passage without the names that are asked about; both lower the log loss on all sets.
# A translated name is often spelled in an unknown way, so only a passage with none of them counts.
_NAMES_UNMET, _NAMELESS = 1.0, 1.5
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_PROPER = ("ns", "nt", "nz")  # jieba's tags for names of places, bodies and other things
_IN_TITLE = 0.9  # a word of the headline is as good as said in each sentence
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万亿]+(?=[^一二三四五六七八九十百千万亿])"
)
# Nor does a sentence that denies nothing, where the question says that something is not so, least of
# all one that affirms just that. Fitted like the others: of 2,194 right best sentences 14 deny
# nothing where the question does, of 2,475 of questions without an answer 63.
_UNDENIED, _AFFIRMED = 1.0, 2.5
_WHETHER = re.compile(r"(\w)[不没]\1|没有?(?=\W*$)")  # 有没有 denies nothing
# Words of a smaller count among 60 million name something particular.
_RARE = 1000
EVIDENCE_NAMES = (
    "score", "margin", "probability", "unmet_in_sentence", "unmet_in_passage", "unmet_anywhere",
    "unit_unmet", "unit_unmet_near", "unit_met", "rare_unmet", "untold_in_sentence",
    "untold_in_passage", "untold_anywhere", "numbers_unmet", "required_unmet", "article_gap",
    "terms", *NAMES,
)  # fmt: skip


def confidence(want: Wanted, readings: Sequence[Reading]) -> float:
    """Return the probability that the best of `readings` answers the question.

    0 without any, and for a question that names nothing (为什么？).
    """
    if not readings or not want.terms or not asked_words(want.question).words:
        return 0.0
    row = evidence(want, readings)
    slope, shift = calibration()
    odds = slope * float(network("evidence", EVIDENCE_NAMES)(row[None])[0]) + shift
    unmet = dict(zip(EVIDENCE_NAMES, row.tolist(), strict=True))
    odds -= _UNIT_UNMET * unmet["unit_unmet"]
    # Titles are looked for in Chinese only.
    if unmet["required_unmet"] and is_chinese(_around(readings[0])):
        odds -= _REQUIRED_UNMET
    odds -= _YEAR_UNMET * _year_unmet(want.question, readings[0])
    odds -= _OPPOSITE * _opposite_met(want.question, readings[0])
    odds -= _undenied(want.question, readings[0])
    odds -= _NAMES_UNMET * _names_unmet(want, readings[0])
    odds -= _NAMELESS * _nameless(want, readings)
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
    missing = want.pairs * (1 - want.sought.met([own, passage, anywhere]))
    unmet = (missing.max(axis=1) / heaviest).tolist()
    unit = [_unit_unmet(want.question, group) for group in (readings[:1], readings[:5])]
    head = [best.score, min(best.score - second, 5.0), best.probability, *unmet, *unit]
    head.append(float(bool(want.question.unit)) - unit[0])
    head.append(0.0 if want.translated else _rare_unmet(want.question, passage | anywhere))
    head += [*_untold(want, readings), _numbers_unmet(want.question, best)]
    head += [float(_required_unmet(want.question, best)), _article_gap(readings)]
    return np.array([*head, np.log1p(len(want.terms)) / 4, *best.features], np.float32)


def _unit_unmet(question: Question, readings: Sequence[Reading]) -> float:
    """Return 1 where a number or date of some unit is asked for and no sentence has one."""
    if not question.unit:
        return 0.0
    return float(not any(new_forms(r.candidate.text, question) for r in readings))


def _rare_unmet(question: Question, held: frozenset[str]) -> float:
    """Return the share of the question's names and rare words that are nowhere near."""
    rare = _rare(question)
    missing = [word for word in rare if not held.issuperset(tokens(word))]
    return len(missing) / len(rare) if rare else 0.0


def _rare(question: Question) -> list[str]:
    return [w for w in words(question.content) if len(w) > 1 and frequency(w) < _RARE]


def _untold(want: Wanted, readings: Sequence[Reading]) -> list[float]:
    """Return how far the question's heaviest word is from being said: in the best sentence, in
    its passage, in any candidate."""
    asked, best = asked_words(want.question, want.translated), readings[0].candidate
    if not asked.words:
        return [0.0, 0.0, 0.0]
    likeness = told(asked, [said(r.candidate.text) for r in readings])
    likeness = np.maximum(likeness, told(asked, [said(best.hit.article.title)]) * _IN_TITLE)
    beside = [r.candidate.hit is best.hit for r in readings]
    rows = (likeness[0], likeness[beside].max(axis=0), likeness.max(axis=0))
    heaviest = float(asked.weights.max())
    return [float((asked.weights * (1 - row)).max()) / heaviest for row in rows]


def _article_gap(readings: Sequence[Reading]) -> float:
    """Return by how much the best sentence's passage is nearer than any of another article."""
    best = readings[0].candidate.hit
    others = [r.candidate.hit for r in readings]
    return best.score - max((h.score for h in others if h.article.id != best.article.id), default=0)


def _numbers_unmet(question: Question, best: Reading) -> float:
    """Return the share of the question's numbers that its passage and headline do not hold."""
    numbers = _NUMBER.findall(normalised(question.content))
    article = best.candidate.hit.article
    text = f"{article.title} {article.date_text or ''} {best.candidate.hit.passage.text}"
    held = set(_NUMBER.findall(normalised(text)))
    return sum(number not in held for number in numbers) / len(numbers) if numbers else 0.0


def _year_unmet(question: Question, best: Reading) -> bool:
    """Return whether the best sentence's passage has years, but not the one asked for."""
    asked = set(_YEAR.findall(normalised(question.text)))
    hit = best.candidate.hit
    held = set(_YEAR.findall(normalised(f"{hit.article.title} {hit.passage.text}")))
    return bool(asked and held and asked.isdisjoint(held))


def _required_unmet(question: Question, best: Reading) -> bool:
    """Return whether something that must stand beside the answer is not in its passage."""
    text = _around(best)
    return not all(holds(text, asked) for asked in required(question.text))


def _opposite_met(question: Question, best: Reading) -> bool:
    """Return whether the best sentence's passage has not a name of the question but its opposite."""
    text = _around(best)
    missing = (word for word in _rare(question) if word not in text)
    return any(other in text for word in missing for other in opposites(word))


def _undenied(question: Question, best: Reading) -> float:
    """Return what it counts against the best sentence that it does not deny what is asked so."""
    asked = plain(_WHETHER.sub("", question.text))
    denials = negations(asked)
    if len(denials) % 2 == 0 or negations(held := plain(best.candidate.text)):
        return 0.0
    denied = (next(iter(words(asked[denial.end :])), "") for denial in denials)
    return _AFFIRMED if any(len(w) > 1 and w in held for w in denied) else _UNDENIED


def _names_unmet(want: Wanted, best: Reading) -> float:
    """Return the share of a Chinese question's names that its passage in Chinese does not have."""
    if want.translated or want.question.language != "zh":
        return 0.0
    tagged = words_of(want.question.text)
    names = [w.text for w in tagged if w.tag.startswith(_PROPER) and len(w.text) > 1]
    text = _around(best)
    return sum(name not in text for name in names) / len(names) if names else 0.0


def _nameless(want: Wanted, readings: Sequence[Reading]) -> bool:
    """Return whether translated names were asked for, and the best sentence's passage has none.

    One character (法 for France) is no name.
    """
    ways = [way.split(" ") for term in want.terms if term.name for way, _ in term.alternatives]
    best = readings[0].candidate.hit
    held = frozenset(tokens(best.article.title)).union(
        *(r.candidate.sentence.held for r in readings if r.candidate.hit is best)
    )
    return bool(ways) and not any(held.issuperset(way) for way in ways if len(way[0]) > 1)


def _around(best: Reading) -> str:
    hit = best.candidate.hit
    return reflow(f"{hit.article.title} {hit.passage.text}")
