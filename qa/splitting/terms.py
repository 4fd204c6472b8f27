"""Terms: texts of one page → the words they share, weighted by how rare they are on the page.

Chinese is taken as pairs of characters, which need no dictionary; Latin script and numbers as
words. Knows nothing of headlines or of reading order.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import pairwise

from qa.spans import Span

_RUNS = re.compile(r"[0-9A-Za-z０-９]+|[㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_LONGEST = 200_000  # characters of one text that are looked at


def terms(texts: Iterable[str]) -> frozenset[str]:
    """Return the distinct terms of some texts, line breaks and spaces inside words ignored."""
    found: set[str] = set()
    for text in texts:
        flat = "".join(text[:_LONGEST].split()) if not text.isascii() else text[:_LONGEST]
        for run in _RUNS.findall(flat):
            if run[0] < "㐀" or run[0] >= "\uff00":
                found.add(run.lower())
            else:
                found.update(map("".join, pairwise(run)))
    return frozenset(found)


class Vocabulary:
    """The terms of places in one page's text; each place is read once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._read: dict[Span, frozenset[str]] = {}

    def of(self, spans: Iterable[Span]) -> frozenset[str]:
        """Return the distinct terms of some spans."""
        found: set[str] = set()
        for span in spans:
            if span not in self._read:
                self._read[span] = terms([span.of(self.text)])
            found |= self._read[span]
        return frozenset(found)


class Rarity:
    """Weights of terms on one page: the fewer of its texts hold a term, the more it tells."""

    def __init__(self, texts: Collection[frozenset[str]]) -> None:
        count = max(1, len(texts))
        held = Counter(term for text in texts for term in text)
        by_count = [math.log(count / max(1, n)) + 0.2 for n in range(count + 1)]
        self._weights = {term: by_count[n] for term, n in held.items()}
        self._unheld = by_count[0]

    def total(self, some: Iterable[str]) -> float:
        """Return the sum of the weights: log(texts / texts that hold the term), plus a little."""
        weights, unheld = self._weights, self._unheld
        return sum([weights.get(term, unheld) for term in some])

    def coverage(self, some: frozenset[str], text: frozenset[str]) -> float:
        """Return the weighted share (0–1) of `some` terms that stand in `text`."""
        whole = self.total(some)
        return self.total(some & text) / whole if whole else 0.0
