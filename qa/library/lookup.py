"""Lookup: words as typed → where they stand in a page's text, exactly.

Line breaks and column spaces inside a word do not hide it, nor does the case of Latin letters,
nor whether its Chinese is traditional or simplified. Knows nothing of tokens, indexes or articles.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.scripts import variants
from qa.spans import Span

_MOST, _LONGEST = 8, 100  # words that are looked for, characters of all that was typed


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be looked for, each as a pattern; false where there are none."""

    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def typed(cls, text: str) -> "Words":
        """Return the words that stand in `text` with white space between; at most eight of them."""
        words = dict.fromkeys(text[:_LONGEST].split())
        return cls(tuple(map(_pattern, list(words)[:_MOST])))

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def are_in(self, texts: Sequence[str]) -> bool:
        """Return whether each of the words is in some of `texts`."""
        return all(any(pattern.search(text) for text in texts) for pattern in self.patterns)

    def places(self, text: str, span: Span) -> Iterator[Span]:
        """Yield where the words stand inside `span` of `text`, from the beginning on, no overlaps.

        Of words that overlap the one that begins first is given.
        """
        found = (m.span() for p in self.patterns for m in p.finditer(text, *span))
        end = 0
        for start, stop in sorted(found):
            if start >= end:
                yield Span(start, stop)
                end = stop


def _pattern(word: str) -> re.Pattern[str]:
    pieces = [_letter(word[0])]
    for before, letter in pairwise(word):
        gap = "" if before.isascii() and letter.isascii() else r"\s*"
        pieces.append(f"{gap}{_letter(letter)}")
    # Without letters that have two cases, the first character is looked for far faster.
    cased = word.lower() != word.upper()
    return re.compile("".join(pieces), re.IGNORECASE if cased else 0)


def _letter(letter: str) -> str:
    forms = letter if letter.isascii() else variants(letter)
    return re.escape(letter) if len(forms) == 1 else f"[{re.escape(forms)}]"
