"""Names: a name in Latin letters → Chinese characters that sound like it and do occur.

Chinese names are read as pinyin, foreign ones by a table of which syllable spells which letters
(fitted on the names in CC-CEDICT, CC BY-SA 4.0). Knows nothing of languages or questions: the
pairs of characters that an index holds decide what is possible.
"""

import gzip
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from math import exp
from pathlib import Path

FOLDER = Path(__file__).parent / "cedict"

_LONGEST_CHUNK, _MOST_SYLLABLES = 5, 4
_BEAM, _KEPT = 60, 8
_LESS_LIKELY = 0.3  # that a name which reads well as pinyin is a foreign one
# Log probability per letter below which a spelling is chance, and how fast trust falls with it.
_WORST, _FALL = -1.3, 0.5
_GOOD, _DOUBT = -0.9, 3.0  # below the first, even the best spelling is trusted less

Steps = dict[str, list[tuple[str, float]]]


class NameReader:
    """Reads names in the characters of one index.

    `pairs` are the neighbouring characters that occur; `held` gives those of some space-separated
    pairs that occur in one and the same text, in order, and looks no further than it is asked.
    """

    def __init__(
        self, pairs: Iterable[str], held: Callable[[Sequence[str]], Iterable[str]]
    ) -> None:
        after: defaultdict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            after[pair[0]].add(pair[1])
        self._after = dict(after)
        self.held = held
        self.spelled = lru_cache(maxsize=4096)(self._spelled)

    def _spelled(self, name: str) -> list[tuple[str, float]]:
        """Return `(tokens, trust)` of the ways to write `name` (lower case), best first."""
        found = {tokens: 1.0 for tokens, _ in self.in_pinyin(name)}
        by_sound = _LESS_LIKELY if found else 1.0
        for tokens, trust in self._foreign(name) if len(name) >= 3 else ():
            found.setdefault(tokens, trust * by_sound)
        return sorted(found.items(), key=lambda item: -item[1])

    def in_pinyin(self, name: str) -> list[tuple[str, float]]:
        """Return `(tokens, 1.0)` of the ways to write a name of two to four pinyin syllables."""
        found: list[tuple[str, float]] = []
        for syllables in _segmented(name):
            heads = [""] if len(syllables) > 1 else []
            for syllable in syllables:
                same = _characters().get(syllable, "")
                heads = [head + c for head in heads for c in same if c in self._next(head)]
            found += [(tokens, 1.0) for tokens in self.held([_tokens(head) for head in heads])]
        return found

    def _foreign(self, name: str) -> list[tuple[str, float]]:
        """Return the best spellings by sound; the best is trusted most."""
        beams: dict[int, dict[str, float]] = {0: {"": 0.0}}
        for place in range(len(name)):
            heads = sorted(beams.get(place, {}).items(), key=lambda item: -item[1])[:_BEAM]
            for end in range(place + 1, min(len(name), place + _LONGEST_CHUNK) + 1):
                self._extend(heads, name[place:end], beams.setdefault(end, {}))
        ends = beams.get(len(name), {})
        ranked = sorted(((score / len(name), text) for text, score in ends.items()), reverse=True)
        likely: dict[str, float] = {}
        for score, text in ranked:
            if score > _WORST and len(text) > 1:
                likely.setdefault(_tokens(text), score)
        held = [(likely[t], t) for t in islice(self.held(list(likely)), _KEPT)]
        sure = exp(_DOUBT * min(0.0, held[0][0] - _GOOD)) if held else 0.0
        return [(t, sure * exp(_FALL * len(name) * (s - held[0][0]))) for s, t in held]

    def _extend(self, heads: list[tuple[str, float]], chunk: str, into: dict[str, float]) -> None:
        steps = _steps().get(chunk)
        if not steps:
            return
        for head, score in heads:
            possible = self._next(head)
            for character, cost in steps:
                if character in possible:
                    text, reached = head + character, score + cost
                    if reached > into.get(text, -1e9):
                        into[text] = reached

    def _next(self, head: str) -> Collection[str]:
        return self._after.get(head[-1], frozenset()) if head else self._after.keys()


def readings(word: str) -> list[str]:
    """Return the ways that Chinese characters are spelt in pinyin, without tones or spaces."""
    choices = [_readings().get(character, ()) for character in word]
    return ["".join(syllables) for syllables in product(*choices)][:8] if all(choices) else []


def _tokens(text: str) -> str:
    return " ".join(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


def _segmented(name: str) -> list[list[str]]:
    """Return all ways to cut a name into at most four pinyin syllables."""
    found: list[list[str]] = []

    def go_on(place: int, syllables: list[str]) -> None:
        if place == len(name):
            found.append(syllables)
        elif len(syllables) < _MOST_SYLLABLES:
            for end in range(place + 1, min(len(name), place + 6) + 1):
                if name[place:end] in _characters():
                    go_on(end, [*syllables, name[place:end]])

    go_on(0, [])
    return found


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    lines = gzip.decompress((FOLDER / "readings.txt.gz").read_bytes()).decode().split("\n")
    return {line[0]: tuple(line[2:].split(" ")) for line in lines}


@cache
def _characters() -> dict[str, str]:
    """Return the characters that can be read as each syllable, in one string."""
    same: defaultdict[str, str] = defaultdict(str)
    for character, syllables in _readings().items():
        for syllable in dict.fromkeys(syllables):
            same[syllable] += character
    return dict(same)


@cache
def _steps() -> Steps:
    """Return, for letters, the characters that spell them and their log probability."""
    lines = gzip.decompress((FOLDER / "spelling.txt.gz").read_bytes()).decode().split("\n")
    steps: Steps = {}
    for line in lines:
        letters, *items = line.split(" ")
        steps[letters] = [(item[0], -int(item[1:]) / 100) for item in items]
    return steps
