"""Opposition: does a statement deny what its citation affirms, or say the opposite of it?

A negation counts where it stands: with the next words of its clause, two of which cancel out.
Words that have an opposite (增加, "north") are compared by side; where both are cited, by what
stands next to them.
"""

from bisect import bisect_left

import numpy as np

from qa.grounding.comparison import Comparison
from qa.grounding.facts import Facts, word_at
from qa.grounding.polarity import Signed, undenied
from qa.spans import Span

_SAME = 0.75  # likeness from which two words speak of the same thing
_NEAR = 0.5  # and from which of something like it
_TARGETS = 2  # words that a negation reaches
# How much better the other of two places must fit.
_RATIO, _MARGIN = 1.15, 0.1


def denied(compared: Comparison) -> bool:
    """Tell whether the statement or its citation negates what the other does not."""
    return _unbacked(compared) or _dropped(compared)


def _clause(facts: Facts, at: int) -> int:
    return bisect_left(facts.breaks, at)


def _words_in(facts: Facts, clauses: set[int]) -> list[int]:
    return [n for n, span in enumerate(facts.spans) if _clause(facts, span.start) in clauses]


def _targets(facts: Facts, negation: Span) -> list[int]:
    """Return the words that a negation is about: the next of its clause, else those before."""
    own = _words_in(facts, {_clause(facts, negation.start)})
    after = [n for n in own if facts.spans[n].end > negation.start]
    return after[:_TARGETS] or own[-_TARGETS:]


def _odd(facts: Facts) -> set[int]:
    """Return the clauses that negate an odd number of times."""
    clauses = [_clause(facts, negation.start) for negation in facts.negations]
    return {clause for clause in clauses if clauses.count(clause) % 2}


def _unbacked(compared: Comparison) -> bool:
    """Tell whether a clause of the statement negates, and nothing like it is negated in `held`."""
    stated, held, likeness = compared.stated, compared.held, compared.likeness
    denials = _odd(held)
    backed = _words_in(held, denials)
    least = _NEAR if stated.chinese == held.chinese else 0.0
    turned = {_clause(stated, w.span.start) for w in stated.signed if is_turned(compared, w)}
    turned |= {_clause(stated, span.start) for span in undenied(stated.text, held.text)}
    for clause in _odd(stated) - turned:
        own = _words_in(stated, {clause})
        if not denials or (own and likeness[np.ix_(own, backed)].max(initial=0) < least):
            return True
    return False


def _dropped(compared: Comparison) -> bool:
    """Tell whether the statement affirms what is negated in what it cites."""
    stated, held, likeness = compared.stated, compared.held, compared.likeness
    here, there = _odd(stated), _odd(held)
    odd = [_clause(held, span.start) in there for span in held.spans]
    own = [_clause(stated, span.start) in here for span in stated.spans]
    for target in {word for negation in held.negations for word in _targets(held, negation)}:
        rows = [int(n) for n in np.flatnonzero(likeness[:, target] >= _SAME)]
        for row in (row for row in rows if own[row] != odd[target]):
            # The same may be affirmed elsewhere in what is cited; is it there that this is from?
            rest = [n for n, o in enumerate(odd) if o == own[row] and likeness[row, n] >= _SAME]
            span, places = stated.spans[row], [held.spans[n] for n in rest]
            often = sum(own[other] == own[row] for other in rows) > len(rest)
            fit = compared.fit(span, places) + _MARGIN
            if often or compared.fit(span, [held.spans[target]]) > fit:
                return True
    return False


def opposite(compared: Comparison) -> str:
    """Return the first word of the statement of which its citation says the opposite, or ""."""
    stated, held = compared.stated, compared.held
    for word in stated.signed:
        own, rivals = sides_of(held, word)
        both = any(o.pair == word.pair and o.side != word.side for o in stated.signed)
        if not rivals or (both and not own) or is_turned(compared, word):
            continue
        span = around(stated, word.span)
        if not own or compared.fit(span, rivals) > compared.fit(span, own) * _RATIO + _MARGIN:
            return word.text
    return ""


def is_turned(compared: Comparison, word: Signed) -> bool:
    """Tell whether a word is denied where its opposite is cited: 不收费 is 免费."""
    own, rivals = sides_of(compared.held, word)
    rivals = [place for place in rivals if not _is_denied(compared.held, place)]
    span = around(compared.stated, word.span)
    denied = _is_denied(compared.stated, span)
    return denied and bool(rivals) and compared.fit(span, rivals) > compared.fit(span, own)


def _is_denied(facts: Facts, word: Span) -> bool:
    return any(negation.end == word.start for negation in facts.negations)


def sides_of(facts: Facts, word: Signed) -> tuple[list[Span], list[Span]]:
    """Return where `facts` has words of the same side of a pair of opposites, and of the other."""
    pair = [other for other in facts.signed if other.pair == word.pair]
    own = [around(facts, other.span) for other in pair if other.side == word.side]
    return own, [around(facts, other.span) for other in pair if other.side != word.side]


def around(facts: Facts, place: Span) -> Span:
    """Return where the whole word around `place` stands."""
    nth = word_at(facts, place)
    return place if nth is None else facts.spans[nth]
