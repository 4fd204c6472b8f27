"""Markers: a model's text as it streams → plain text, and the numbers of the sentences it cites.

A marker is numbers in square brackets of any kind and width: `[3]`, `[3-4]`, `[3、4]`, `【3】`,
`［３］`, `[[3]]`, `[句3]`, `[^3]`, `[citation:3]`. Parentheses are none: newspapers count with them, as in
五年级（3）班. Neither are 〔〕, which enclose the year of an official document; so `[2022]5号`
stays as it is too, unless 2022 is a number that was given. In code nothing is a marker.

Knows nothing of what the numbers stand for, and nothing of statements.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass

_RANGE = r"\s*[-‐–—−~～〜至到]\s*"
_PREFIX = (
    r"(?:[\^#第]|句子?|来源|引用|出处|参考|资料|s|(?:ref|source|sentence|cite|citation)s?)[\s:：.]*"
)
_NUMBER = rf"(?:{_PREFIX})?\d+"
_CONTENT = re.compile(
    rf"\s*{_NUMBER}(?:(?:{_RANGE}|[\s,，、;；&和]+){_NUMBER})*\s*(?:句|†.*)?\s*", re.I
)
_ITEM = re.compile(rf"(\d+)(?:{_RANGE}(?:{_PREFIX})?(\d+))?", re.I)
# What is held back until it is decided is never longer than these few characters.
_INSIDE = re.compile(r"[^\[\]【】［］\n]{0,64}")
_INLINE = 200
_CODE = re.compile(rf"(`{{1,2}})(?!`)[^\n]{{1,{_INLINE}}}?(?<!`)\1(?!`)")
_FENCE = "```"
_YEAR = re.compile(r"(?:19|20)\d\d")
_DOCUMENT, _HALF_DOCUMENT = re.compile(r" ?第?\d{1,4} ?号"), re.compile(r" ?第?\d{0,4} ?")
_SIGN, _TICKS = re.compile(r"[\[【［`]"), re.compile(r"`{1,3}")
_THINK, _THOUGHT = re.compile(r"<think(?:ing)?>", re.I), re.compile(r"</think(?:ing)?>", re.I)
_LONGEST_TAG = "</thinking>"


@dataclass(frozen=True, slots=True)
class Cited:
    """The sentence numbers of one marker, as written, each once and each one that was given."""

    numbers: tuple[int, ...]


Piece = str | Cited


class MarkerParser:
    """Takes a model's answer apart while it arrives; how it is cut into chunks does not matter.

    Only numbers in `given` are cited; a marker with none of them vanishes. White space and
    `<think>…</think>` before the answer are passed over, and so is thinking that never ends.
    Time is linear in the text, and no more than some 200 characters are held back.
    """

    def __init__(self, given: Collection[int]) -> None:
        self._given = sorted(set(given))
        self._held = ""
        self._at = 0  # how much of `_held` is done with
        self._step = self._opening

    def feed(self, chunk: str) -> list[Piece]:
        """Return what `chunk` decides, in order; text of one stretch may come in several pieces."""
        return self._run(chunk, ended=False)

    def close(self) -> list[Piece]:
        """Return what was still held back, now that no more comes."""
        return self._run("", ended=True)

    def _run(self, chunk: str, ended: bool) -> list[Piece]:
        self._held = self._held[self._at :] + chunk
        self._at = 0
        pieces: list[Piece] = []
        while self._at < len(self._held):
            found = self._step(ended)
            if found is None:
                break
            pieces += found
        return pieces

    # Each step returns the pieces it has decided, or None when it must see more first.

    def _opening(self, ended: bool) -> list[Piece] | None:
        rest = self._held[self._at :].lstrip()
        self._at = len(self._held) - len(rest)
        if tag := _THINK.match(rest):
            self._at += tag.end()
            self._step = self._thinking
        elif ended or not "<thinking>".startswith(rest.lower()):
            self._step = self._text
        else:
            return None
        return []

    def _thinking(self, ended: bool) -> list[Piece] | None:
        if tag := _THOUGHT.search(self._held, self._at):
            self._at = tag.end()
            self._step = self._opening
            return []
        self._at = max(self._at, len(self._held) - (0 if ended else len(_LONGEST_TAG) - 1))
        return None

    def _text(self, ended: bool) -> list[Piece] | None:
        sign = _SIGN.search(self._held, self._at)
        if sign is None:
            return self._taken(len(self._held))
        if sign.start() > self._at:
            return self._taken(sign.start())
        return self._code(ended) if sign[0] == "`" else self._bracket(ended)

    def _taken(self, end: int) -> list[Piece]:
        text = self._held[self._at : end]
        self._at = end
        return [text]

    def _code(self, ended: bool) -> list[Piece] | None:
        """Take code between backticks, or backticks that enclose nothing on their line."""
        start, size = self._at, len(self._held)
        ticks = len(_TICKS.match(self._held, start)[0])  # type: ignore[index]
        if ticks == len(_FENCE):
            self._step = self._fence
            return self._taken(start + ticks)
        code = _CODE.match(self._held, start)
        if not ended and (code.end() == size if code else size - start < _INLINE + 5):
            line = self._held[start : start + _INLINE + 5]
            if code or "\n" not in line:
                return None
        return self._taken(code.end() if code else start + ticks)

    def _fence(self, ended: bool) -> list[Piece] | None:
        end = self._held.find(_FENCE, self._at)
        if end >= 0:
            self._step = self._text
            return self._taken(end + len(_FENCE))
        end = len(self._held) - (0 if ended else len(_FENCE) - 1)
        return self._taken(end) if end > self._at else None

    def _bracket(self, ended: bool) -> list[Piece] | None:
        start, size = self._at, len(self._held)
        double = 2 if self._held.startswith("[[", start) else 1
        inside = _INSIDE.match(self._held, start + double)
        end = inside.end() if inside else start + double
        if end + double > size and not ended:
            return None
        content = self._held[start + double : end]
        closed = self._held[end : end + 1] in tuple("]】］")
        if not closed or not _CONTENT.fullmatch(content):
            return self._taken(start + 1)
        if _YEAR.fullmatch(content) and int(content) not in self._given:
            if _DOCUMENT.match(self._held, end + 1):
                return self._taken(end + 1)
            if not ended and _HALF_DOCUMENT.fullmatch(self._held, end + 1):
                return None
        self._at = end + (double if self._held.startswith("]]", end) else 1)
        numbers = self._numbers(content)
        return [Cited(numbers)] if numbers else []

    def _numbers(self, content: str) -> tuple[int, ...]:
        found: list[int] = []
        for item in _ITEM.finditer(content):
            first = int(item[1])
            low, high = sorted((first, int(item[2] or first)))
            # A range may be huge: only what was given is ever walked through.
            found += self._given[bisect_left(self._given, low) : bisect_right(self._given, high)]
        return tuple(dict.fromkeys(found))
