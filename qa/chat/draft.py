"""Drafts: a chat model's text as it arrives → the answer so far, each sentence checked.

The numbers that a model cites become citations of the sentences it was given, counted from 1 in
the order of the answer. Nothing is cited that the model did not cite, and a sentence that what
it cites does not bear out is marked in the text itself, so that the mark goes where the text goes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.answer import Answer, Citation, Statement, Support, answer_of, citation_of
from qa.answering.candidates import Candidate
from qa.answering.evidence import ENOUGH
from qa.answering.finding import Finding
from qa.answering.question import Language
from qa.grounding import reasons
from qa.grounding.claims import refuses
from qa.grounding.markers import MarkerParser, Piece
from qa.grounding.statements import Statement as Written
from qa.grounding.statements import StatementBuilder
from qa.grounding.support import Verdict, check
from qa.splitting.articles import Article

_UNVERIFIED: dict[Language, str] = {"zh": "（未核实）", "en": " (unverified)"}
# How surely the best sentence answers, at most, where a model that read it says that it does not:
# well below what an answer needs. How often such a model is right was never measured.
_DOUBTED = ENOUGH / 2
_WORTH: dict[Support, int] = {"quoted": 2, "supported": 1, "unverified": 0}
# A blank before a full stop, left where a marker stood.
_GAP = re.compile(r"[ \t]+(?=[。，！？；.,!?;])")
# What a terminal or browser would act on instead of showing it: controls, and marks that turn the
# direction of text, so that 15 reads as 51.
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A number in brackets that is no marker of ours, as in code: it must not look like one.
_LOOKALIKE = re.compile(r"\[(\d+)\]")
# Templates that begin a thought in the prompt leave only its end in the answer.
_THOUGHT, _LONGEST_TAG = re.compile(r"</think(?:ing)?>", re.IGNORECASE), len("</thinking>")
_STOPS, _CLOSERS = tuple("。！？!?.…"), "\"'”’」』）)*_"
_LONGEST = 4000  # characters; a model that goes on after them is not listened to


class Draft:
    """One answer in the making, from the `sentences` that were given with numbers from 1 on."""

    def __init__(self, finding: Finding, sentences: Sequence[Candidate], answerer: str) -> None:
        self._finding = finding
        self._sentences = sentences
        self._answerer = answerer
        self._heard = ""  # the last that was fed, where a tag may have begun
        self._begin()

    def _begin(self) -> None:
        self._parser = MarkerParser(range(1, len(self._sentences) + 1))
        self._builder = StatementBuilder()
        self._plain = ""  # all text, without markers
        self._shown = ""  # its complete statements, as they are shown
        self._done = 0  # how much of `_plain` that is
        self._written: list[str] = []  # what those statements say
        self._statements: list[Statement] = []
        self._markers: dict[int, int] = {}  # number of a given sentence → marker
        self._support: dict[int, Support] = {}  # by marker, the best of all that cites it
        self._answer: Answer | None = None

    @property
    def full(self) -> bool:
        """Whether the model should be stopped, as nothing more of it is taken in."""
        return len(self._plain) >= _LONGEST

    @property
    def empty(self) -> bool:
        """Whether nothing was written beside thoughts."""
        return not self._plain.strip()

    def feed(self, piece: str) -> None:
        """Take in what the model wrote next; "" changes nothing."""
        if not piece or self.full:
            return
        heard = self._heard + _UNSHOWN.sub("", piece)
        piece, self._heard = heard[len(self._heard) :], heard[-_LONGEST_TAG + 1 :]
        for ended in _THOUGHT.finditer(heard):  # all before it was no answer
            self._begin()
            piece = self._heard = heard[ended.end() :]
        self._take(self._parser.feed(piece))

    def answer(self) -> Answer:
        """Return the answer so far, the same object while nothing is new; without text at first."""
        if self._answer is None:
            text = self._shown + _plainly(self._plain[self._done :])
            self._answer = replace(self._made(text), text=text)
        return self._answer

    def finished(self, cut: bool = False) -> Answer:
        """Return the whole answer; the refusal when nothing in it is borne out by a citation, or
        when all it says is that there is no answer.

        Of an answer that was `cut` off a half sentence at its end is left out.
        """
        self._take(self._parser.close())
        rest = self._builder.close()
        self._complete([one for one in rest if not cut or _is_whole(one)])
        language = self._finding.asked.language
        if all(_WORTH[support] == 0 for support in self._support.values()):
            refusal = answer_of(self._finding, self._answerer, "", ())
            if not self._written or not all(map(refuses, self._written)):
                return replace(refusal, notice=reasons.WITHHELD.words(language))
            least = min(refusal.confidence, _DOUBTED)
            return replace(refusal, notice=reasons.REFUSED.words(language), confidence=least)
        if cut:
            return replace(self._made(self._shown.rstrip()), notice=reasons.CUT.words(language))
        return self._made(self._shown + _plainly(self._plain[self._done :]).rstrip())

    def _take(self, pieces: Sequence[Piece]) -> None:
        self._answer = None
        self._plain += "".join(piece for piece in pieces if isinstance(piece, str))
        self._complete(self._builder.feed(pieces))

    def _complete(self, written: Sequence[Written]) -> None:
        for one in written:
            self._shown += _plainly(self._plain[self._done : one.span.start])
            start = len(self._shown)
            numbers, support, reason = self._checked(one.text, one.numbers)
            markers = tuple(self._marker(number, support) for number in numbers)
            self._shown += _GAP.sub("", _plainly(one.text)) + "".join(
                f"[{marker}]" for marker in markers
            )
            if support == "unverified":
                self._shown += _UNVERIFIED[self._finding.asked.language]
            self._written += [one.text]
            self._statements.append(Statement(start, len(self._shown), markers, support, reason))
            self._done = one.span.end

    def _checked(
        self, text: str, numbers: tuple[int, ...]
    ) -> tuple[tuple[int, ...], Support | None, str]:
        """Return which of the sentences cited prove a statement, how far, and why not.

        Where some do so alone, the others that were cited beside them prove nothing and go.
        """
        alone = [(n, self._verdict(text, (n,))) for n in numbers] if len(numbers) > 1 else []
        proofs = [(n, v.support) for n, v in alone if v.support in ("quoted", "supported")]
        if proofs:
            best = max((support for _, support in proofs if support), key=_WORTH.__getitem__)
            return tuple(n for n, _ in proofs), best, ""
        verdict = self._verdict(text, numbers)
        reason = verdict.reason.words(self._finding.asked.language) if verdict.reason else ""
        return numbers, verdict.support, reason

    def _verdict(self, text: str, numbers: Sequence[int]) -> Verdict:
        cited = [self._sentences[number - 1] for number in numbers]
        context = [part for one in cited for part in _around(one.hit.article) if part]
        return check(text, [one.text for one in cited], context)

    def _marker(self, number: int, support: Support | None) -> int:
        """Return the marker of a given sentence, which is worth the best that is said of it."""
        marker = self._markers.setdefault(number, len(self._markers) + 1)
        known = self._support.get(marker, "unverified")
        self._support[marker] = max(known, support or "unverified", key=_WORTH.__getitem__)
        return marker

    def _made(self, text: str) -> Answer:
        given = {marker: self._sentences[number - 1] for number, marker in self._markers.items()}
        citations: list[Citation] = [
            citation_of(given[marker], marker, self._support[marker]) for marker in sorted(given)
        ]
        return answer_of(self._finding, self._answerer, text, citations, self._statements)


def _around(article: Article) -> tuple[str | None, ...]:
    """Return what an article says beside its sentences; its date in full where that is known."""
    return article.title, article.date_text, article.date


def _is_whole(written: Written) -> bool:
    """Tell whether a statement that was written last is no half one."""
    return bool(written.numbers) or written.text.rstrip(_CLOSERS).endswith(_STOPS)


def _plainly(text: str) -> str:
    return _LOOKALIKE.sub(r"［\1］", text)
