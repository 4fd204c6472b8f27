"""Exchange: two pieces of a statement that stand in each other's places.

甲起诉乙 for 乙起诉甲: every word is cited, and if the two changed places the statement would run as
its citation does. Knows the order of characters and English words: neither numbers, which
binding.py looks at, nor grammar.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from embeddings.segmentation import tagged_words
from qa.grounding.facts import Facts
from qa.spans import Span

_TOKEN = re.compile(r"[A-Za-z]+|\d+|[^\W\d]")
_REGAINED = 0.67  # share of the tokens of both that must fall into place
_FEWEST = 2  # tokens that must
_MOST_PIECES = 24  # of a statement; no honest one has more
_LONGEST = 4_000  # tokens of a citation
_DOER = re.compile(r"[由被]\S{0,3}$|\bby $")  # before who does it, where what is done comes first


def exchanged(stated: Facts, held: Facts) -> str:
    """Return the first piece of `stated` that changed places with another, or ""."""
    text, cited = stated.text, held.text
    if stated.chinese != held.chinese:
        return ""
    places = _places(_TOKEN.findall(cited)[:_LONGEST])
    common = _common(_TOKEN.findall(text), places)
    for (nth, one), (mth, other) in combinations(enumerate(_pieces(stated, cited)), 2):
        first, second = one.of(text), other.of(text)
        # With nothing cited between them they are told in another order, no more.
        if mth == nth + 1 or not _comparable(first, second, text, cited):
            continue
        # Blanks keep English words apart; Chinese has none to lose by them.
        turned = " ".join(
            (text[: one.start], second, text[one.end : other.start], first, text[other.end :])
        )
        least = max(_FEWEST, _REGAINED * _unlike(first, second))
        if _common(_TOKEN.findall(turned), places) - common >= least:
            return first.strip()
    return ""


def _pieces(stated: Facts, cited: str) -> list[Span]:
    """Return the longest runs of whole words that are cited just so, first to last."""
    text = stated.text
    units = [*stated.spans, *(figure.span for figure in stated.figures)]
    edges = sorted({place for span in units for place in span} | {0, len(text)})
    found: list[Span] = []
    nth = 0
    while nth < len(edges) - 1 and len(found) < _MOST_PIECES:
        end = nth + 1
        while end + 1 < len(edges) and text[edges[nth] : edges[end + 1]] in cited:
            end += 1
        piece = Span(edges[nth], edges[end])
        nth = end
        if sum(map(str.isalnum, piece.of(text))) > 1 and piece.of(text) in cited:
            found.append(piece)
    return found


def _comparable(first: str, second: str, text: str, cited: str) -> bool:
    """Tell whether two pieces could stand for each other: both name or both tell something."""
    if re.search(r"\d", first + second) or _tells(first) != _tells(second):
        return False
    return all(_does(piece, text) == _does(piece, cited) for piece in (first, second))


def _tells(piece: str) -> bool:
    return any(tag == "v" for _, tag in tagged_words(piece))


def _does(piece: str, text: str) -> bool:
    return _DOER.search(text[: text.find(piece)]) is not None


def _unlike(first: str, second: str) -> int:
    """Return how many tokens two pieces have, less what they begin and end with alike."""
    one, other = _TOKEN.findall(first), _TOKEN.findall(second)
    for _ in range(2):
        while one and other and one[-1] == other[-1]:
            one, other = one[:-1], other[:-1]
        one, other = one[::-1], other[::-1]
    return len(one) + len(other)


def _places(tokens: Sequence[str]) -> dict[str, int]:
    """Return where each token stands, as bits."""
    found: defaultdict[str, int] = defaultdict(int)
    for at, token in enumerate(tokens):
        found[token] |= 1 << at
    return found


def _common(tokens: Sequence[str], places: dict[str, int]) -> int:
    """Return the length of the longest common subsequence with the text of `places`.

    One bit for each token there (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
    """
    row = every = (1 << _LONGEST) - 1
    for token in tokens:
        matched = row & places.get(token, 0)
        row = ((row + matched) | (row - matched)) & every
    return (row ^ every).bit_count()
