"""Selection: ranked sentences → the few that are quoted, and the words in them that answer."""

import re
from collections.abc import Sequence

from qa.answering.features import NEAR_TERMS, new_forms
from qa.answering.question import Question
from qa.answering.reader import Reading
from qa.answering.wanted import Wanted, nearness, places
from qa.spans import Span

# A further sentence is quoted when it is believed at least this much, and this much of the best.
_BELIEF, _RELATIVE = 0.12, 0.3
_MOST, _MOST_LISTED = 3, 5
# A sentence that goes on with a list is quoted on much weaker belief.
_LISTED = 0.01
_GOES_ON = re.compile(
    r"(?:[二三四五六七八九]是|第[二三四五六七八九]|其次|再次|最后|此外|另外|同时|还|并|也|以及|接着|随后"
    r"|[（(]?[二三四五六七八九2-9][）).、．]|second|third|finally|also|in addition|moreover)",
    re.I,
)
# Kinds whose forms are marked themselves; of others, whose forms are found too roughly for that,
# the clause, if it is no longer than this many characters.
_MARKED = ("number", "time", "person", "identity")
_SHORT = 40
_PLACES = 4  # of one term in a sentence
_CLAUSE = re.compile(r"[^，,；;：:。！？!?]+")


def selection(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings to quote, best first: one, or more where one is not enough."""
    if not readings:
        return []
    best = readings[0]
    least = max(_BELIEF, _RELATIVE * best.probability)
    chosen = [best, *(r for r in readings[1:_MOST] if r.probability >= least)]
    if question.listing:
        chosen += [r for r in _continuations(readings) if r not in chosen]
    return chosen[:_MOST_LISTED]


def _continuations(readings: Sequence[Reading]) -> list[Reading]:
    """Return the sentences that go on with the list begun in the best one, in text order."""
    best = readings[0].candidate
    following = sorted(
        (r for r in readings if r.candidate.hit is best.hit and r.candidate.nth > best.nth),
        key=lambda reading: reading.candidate.nth,
    )
    kept: list[Reading] = []
    for reading in following:
        if reading.probability < _LISTED or not _GOES_ON.match(reading.candidate.text):
            break
        kept.append(reading)
    return kept


def answering_words(want: Wanted, reading: Reading) -> tuple[Span, ...]:
    """Return the words of the sentence that answer, as spans of the page's text.

    The number, date, name or role that stands nearest to the question's words (all of them for a
    list); for other questions the short clause that does. May be empty.
    """
    sentence = reading.candidate.sentence
    at = places(want, want.pairs, sentence.line.text, _PLACES)
    forms = new_forms(sentence.line.text, want.question)
    if want.question.asked not in _MARKED:
        clauses = (Span(*clause.span()) for clause in _CLAUSE.finditer(sentence.line.text))
        forms = [clause for clause in clauses if clause.end - clause.start <= _SHORT]
    elif want.question.listing:
        return tuple(_in_page(reading, form) for form in forms)
    if not at or not forms:
        return ()
    return (_in_page(reading, max(forms, key=lambda form: sum(nearness(form, at, NEAR_TERMS)))),)


def _in_page(reading: Reading, form: Span) -> Span:
    sentence = reading.candidate.sentence
    start, end = sentence.line.back(form)
    return Span(sentence.span.start + start, sentence.span.start + end)
