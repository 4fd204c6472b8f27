"""Statements: the pieces of a streaming answer → its sentences, each with the numbers it cites.

A marker just before or just after a full stop belongs to the sentence that ends there; one that
begins a line belongs to what follows on it, and one alone on a line to what stands before it.
A line break ends a statement, bullets are no part of one, quotations are kept whole.

Knows nothing of what is cited, nor whether it is true.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.grounding.markers import Piece
from qa.spans import Span

_LONGEST = 600  # a statement that never ends is cut there
_QUOTED = 200  # a longer quotation is cut at its full stops like plain text
_QUOTES = dict(zip('“「『"', '”」』"', strict=True))
_SIGN = re.compile(r"[“”「」『』\"\n]|[。！？!?｡…]+|[.．]+")
_STOPS = frozenset("。！？!?｡….．")
_CHINESE_STOPS = frozenset("。！？｡")  # which end a sentence before a small letter too: 。iPhone
_CLOSERS = re.compile(r"[”’」』）)】》\"'*_]*")
_SPACES = re.compile(r"[^\S\n]*")
_GOES_ON = frozenset("，、；：,;:的等与和及之")
_SPEAKER = re.compile(
    r"[^。！？!?“”「」\s，,]{0,30}(?:告诉记者|說|说|表示|介绍|介紹|指出|强调|強調|感慨|认为|認為|坦言)[。，,\n]"
)
_HALF_SPEAKER = re.compile(r"[^。！？!?“”「」\s，,]{0,36}")
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Z]|Mrs?|Ms|Dr|Prof|St|No|vs|Inc|Co|Ltd|Corp|Jr|Sr|Gen|Gov|Sen|Rep|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|e\.g|i\.e|etc|a\.m|p\.m|U\.S|U\.K|U\.N)$"
)
_LEAD_IN = re.compile(
    r"\s*(?:(?:[-*+•·●▪#>]+\s+|\d{1,2}(?:[.)）](?!\d)|、)|[(（]\d{1,2}[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、)\s*)*"
)

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer: its text without markers, and the numbers that it cites.

    `span` is where the text stands in all the text that was fed, markers not counted.
    """

    text: str
    numbers: Numbers
    span: Span


class _End(NamedTuple):
    """Where a statement ends, and where the next one may begin."""

    at: int
    after: int


class StatementBuilder:
    """Cuts an answer into statements as it arrives; how it is cut into pieces does not matter.

    A statement is given back once what follows can no longer change it: for most when the next
    one begins. Time is linear in the text.
    """

    def __init__(self) -> None:
        self._text = ""  # what is in no statement yet
        self._base = 0  # where that begins in all the text
        self._marks: list[tuple[int, Numbers]] = []  # where in it they stand
        self._fresh = True  # it begins a line
        self._leading = False  # on this line markers stand before what they belong to
        self._last: Statement | None = None  # complete, but a line of markers may follow

    def feed(self, pieces: Iterable[Piece]) -> list[Statement]:
        """Return the statements that `pieces` complete, in order."""
        done: list[Statement] = []
        for piece in pieces:
            if isinstance(piece, str):
                for at in range(0, len(piece), _LONGEST):  # so that what is held stays short
                    self._text += piece[at : at + _LONGEST]
                    done += self._completed(ended=False)
            else:
                self._marks.append((len(self._text), piece.numbers))
        return done

    def close(self) -> list[Statement]:
        """Return the statements that are left, now that no more comes."""
        done = self._completed(ended=True)
        size = len(self._text)
        return [*done, *self._cut(_End(size, size)), *self._released()]

    def _completed(self, ended: bool) -> list[Statement]:
        done: list[Statement] = []
        while isinstance(end := _end(self._text, [at for at, _ in self._marks], ended), _End):
            done += self._cut(end)
        return done + self._released() if self._text.strip() else done

    def _released(self) -> list[Statement]:
        last, self._last = self._last, None
        return [last] if last else []

    def _cut(self, end: _End) -> list[Statement]:
        """Take what ends there out of what is held; return what is complete by that."""
        lead_in = _LEAD_IN.match(self._text, 0, end.at)
        start = lead_in.end() if lead_in and self._fresh else 0
        body = self._text[start : end.at]
        start += len(body) - len(body.lstrip())
        line_ends = self._text[end.after - 1 : end.after] in ("", "\n")
        if self._fresh:
            self._leading = any(at <= start for at, _ in self._marks)
        reach = end.at - 1 if self._leading and not line_ends else end.after
        numbers = tuple(dict.fromkeys(n for at, ns in self._marks if at <= reach for n in ns))
        span = Span(self._base + start, self._base + start + len(body.strip()))
        self._marks = [(at - end.after, ns) for at, ns in self._marks if at > reach]
        alone = not self._text[: end.at].strip()
        self._text, self._base = self._text[end.after :], self._base + end.after
        self._fresh = line_ends
        if alone:
            self._add(numbers)
            return []
        done = self._released()
        if not any(map(str.isalnum, body)):
            return done
        self._last = Statement(body.strip(), numbers, span)
        return done if line_ends else [*done, *self._released()]

    def _add(self, numbers: Numbers) -> None:
        if self._last:
            every = tuple(dict.fromkeys(self._last.numbers + numbers))
            self._last = replace(self._last, numbers=every)


def _end(text: str, marks: Sequence[int], ended: bool) -> _End | None:
    """Return where the first statement of `text`, with markers at `marks`, ends.

    None as long as that is not certain.
    """
    quote: tuple[int, str] | None = None
    for sign in _SIGN.finditer(text):
        mark, at = sign[0], sign.start()
        if at > _LONGEST:
            break
        if mark == "\n":
            return _End(at, sign.end())
        if quote and at - quote[0] > _QUOTED:
            quote = None
        if mark[0] in _STOPS:
            stops = quote is None
        else:
            stops = text[at - 1 : at] in _STOPS and mark in (quote[1] if quote else "”」』")
            quote = None if quote and mark == quote[1] else quote or _opened(mark, at)
        if stops:
            found = _judged(text, sign, marks, ended)
            if found is None or found.after:
                return found
    return _End(_LONGEST, _LONGEST) if len(text) > _LONGEST else None


def _opened(mark: str, at: int) -> tuple[int, str] | None:
    return (at, _QUOTES[mark]) if mark in _QUOTES else None


_GOES_ON_THERE = _End(0, 0)


def _judged(text: str, sign: re.Match[str], marks: Sequence[int], ended: bool) -> _End | None:
    """Return the end that the stop or closing quotation mark `sign` makes, `_GOES_ON_THERE` if
    it makes none, and None when that depends on what follows the text."""
    closers = _CLOSERS.match(text, sign.end())
    end = closers.end() if closers else sign.end()
    spaces = _SPACES.match(text, end)
    after = spaces.end() if spaces else end
    if after == len(text):
        return _End(end, after) if ended else None
    if text[after] == "\n":
        return _End(end, after + 1)
    apart = after > sign.end() or after in marks  # a marker sets apart as a blank does
    if not _may_end(text, sign, text[after], apart):
        return _GOES_ON_THERE
    if text[end - 1] in '”」』"':
        if _SPEAKER.match(text, after):
            return _GOES_ON_THERE
        if not ended and (_HALF_SPEAKER.fullmatch(text, after)):
            return None
    return _End(end, after)


def _may_end(text: str, sign: re.Match[str], following: str, apart: bool) -> bool:
    """Tell whether the signs end a sentence, by what stands around them."""
    if following in _GOES_ON or (following.islower() and sign[0][-1] not in _CHINESE_STOPS):
        return False
    latin = following.isascii() and following.isalnum()
    if sign[0][0] not in ".．":
        return apart or not latin or sign[0][-1] not in "!?"
    before = text[: sign.start()]
    if (latin or (before[-1:].isdigit() and following.isdigit())) and not apart:
        return False
    return bool(before) and not (len(sign[0]) == 1 and _ABBREVIATION.search(before[-8:]))
