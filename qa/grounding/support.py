"""Support: is a statement of an answer proved by the sentences that it cites?

All that can be checked must hold: its numbers, dates, names and titles are cited, and of the same
things; nothing is denied, turned round or grave that is not so there; and most of its words are
said in some way. What passes may still be wrong; what fails is never called supported.

Knows two texts and a headline: no pages, no markers, no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.answer import Support
from qa.grounding import reasons
from qa.grounding.agreement import unheld_quantity
from qa.grounding.binding import misplaced
from qa.grounding.claims import claims
from qa.grounding.comparison import Comparison
from qa.grounding.dating import unheld_moment
from qa.grounding.exchange import exchanged
from qa.grounding.facts import Facts, facts
from qa.grounding.gravity import untold
from qa.grounding.likeness import alike, unsaid
from qa.grounding.naming import unheld_name
from qa.grounding.opposition import denied, opposite
from qa.grounding.plain import plain
from qa.grounding.polarity import done_too_soon
from qa.grounding.reasons import Reason
from qa.grounding.replacement import replaced
from qa.grounding.roles import unheld_role

# Characters that a verbatim piece must have to be a claim of its own.
_SHORTEST = {True: 8, False: 24}
_JOINT = "；"  # ends a clause
# A model may name a sentence by its number beside citing it: 根据句子3, "sentence 3 says that".
_REFERENCE = re.compile(
    r"(?:[根依]?据|见|如|由)?(?:第\s?\d{1,3}\s?(?:句话?|条资料)|(?:句子|资料)\s?\d{1,3})(?:中?(?:提到|指出|显示|所述|可知))?[，,：:]?"
    r"|\b(?:according to |as stated in |from )?sentences? \d{1,3}(?:(?: and|,|-) ?\d{1,3})*(?: (?:states?|says?|mentions?)(?: that)?)?[,:]?",
    re.I,
)
# What no honest sentence has more of. Among many sentences nearly everything is said somewhere.
_LONGEST, _MOST_FIGURES, _MOST_CITED, _LONGEST_CITED = 1000, 40, 4, 4000
# What sets words apart, save between two digits, where it says what number they are.
_APART = re.compile(r"(?<=\d)([^\w%]+)(?=\d)|(-)(?=\d)|[^\w%$¥]+|_")
_ENDS = frozenset('，。；：！？、,.;:!?“”"（）()《》「」\n ')
_FRAME = re.compile(
    r"(?:据|根据|按照|报道|记载|文章|新闻|本报讯|该报|称|指出|accordingto|asreportedin|in|on|the|article|report|newspaper|reports?|says?)*"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a statement is proved, and if it is "unverified" why.

    `support` is None where nothing is claimed that could be true or false.
    """

    support: Support | None
    reason: Reason | None = None


def check(statement: str, cited: Sequence[str], context: Sequence[str] = ()) -> Verdict:
    """Return whether `statement` is proved by the sentences `cited`, each as one line.

    `context` are the headlines and dates of their articles: they may supply names and dates, but
    not what is claimed. Never raises, whatever the texts.
    """
    statement = _REFERENCE.sub("", statement)
    if not claims(plain(statement)):
        return Verdict(None)
    if not cited:
        return Verdict("unverified", reasons.UNCITED)
    if _quotes(statement, cited, context):
        return Verdict("quoted")
    if len(statement) > _LONGEST:
        return Verdict("unverified", reasons.TOO_MUCH)
    if len(cited) > _MOST_CITED or sum(map(len, cited)) > _LONGEST_CITED:
        return Verdict("unverified", reasons.TOO_MANY)
    texts = statement, _JOINT.join(cited), _JOINT.join(context)
    doubt = next(_doubts(*map(facts, texts)), None)
    return Verdict("unverified", doubt) if doubt else Verdict("supported")


def _bare(text: str) -> str:
    return _APART.sub(_kept, plain(text)).lower()


def _kept(found: re.Match[str]) -> str:
    return found[2] or ("".join(found[1].split()) or " " if found[1] else "")


def _quotes(statement: str, cited: Sequence[str], context: Sequence[str]) -> bool:
    """Tell whether a statement is no more than cited sentences, or a piece of one."""
    rest = _bare(statement)
    for sentence in filter(None, map(_bare, cited)):
        rest = rest.replace(sentence, "\n")
    if "\n" in rest:
        for part in sorted(map(_bare, context), key=len, reverse=True):
            rest = rest.replace(part, "") if part else rest
        return all(_FRAME.fullmatch(part) for part in rest.split("\n"))
    return any(_is_piece(plain(statement), plain(sentence)) for sentence in cited)


def _is_piece(statement: str, sentence: str) -> bool:
    """Tell whether a statement is one or more whole clauses of a sentence, word for word."""
    piece = statement.strip("".join(_ENDS))
    at = sentence.find(piece)
    if at < 0 or len(piece) < _SHORTEST[not piece.isascii()]:
        return False
    before, after = sentence[:at][-1:], sentence[at + len(piece) :][:1]
    return (not before or before in _ENDS - {" "}) and (not after or after in _ENDS - {" "})


def _doubts(stated: Facts, held: Facts, around: Facts) -> Iterator[Reason]:
    """Yield what the cited sentences do not bear out; the cheapest to find out first."""
    if len(stated.figures) > _MOST_FIGURES:
        yield reasons.TOO_MUCH
    if quantity := unheld_quantity(stated, held, around):
        yield reasons.unheld(quantity.text)
    if moment := unheld_moment(stated, held, around):
        yield reasons.unheld(moment.text)
    if name := unheld_name(stated, held, around) or unheld_role(stated, held, around):
        yield reasons.unheld(name)
    if part := untold(stated.text, held.text) or replaced(stated, held, around):
        yield reasons.unsaid(part)
    compared = Comparison(stated, held, alike(stated, held))
    if part := unsaid(stated, held, around, compared.likeness):
        yield reasons.unsaid(part)
    if denied(compared):
        yield reasons.NEGATION
    if done_too_soon(stated.text, held.text):
        yield reasons.PLANNED
    if word := opposite(compared):
        yield reasons.opposite(word)
    if fact := exchanged(stated, held) or misplaced(compared):
        yield reasons.misplaced(fact)
