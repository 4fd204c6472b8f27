"""Spelling fitting: foreign names and their Chinese → which characters spell which letters.

A segment model in the manner of Knight and Graehl (1998): each syllable writes one to five
letters, and the chances are found by expectation maximisation from a rough idea of which
consonants sound alike. Knows nothing of files or dictionaries.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import log
from typing import NamedTuple

Chances = dict[tuple[str, str], float]
Edges = dict[tuple[int, int], float]

_LONGEST = 5
_ROUNDS = 6
# Log likelihood per letter below which the word is not what the characters spell.
_WORST = -1.7
_ALIKE = ("bpvfw", "dt", "kgcqhxj", "szcxjqgt", "lr", "mn", "h", "wvuo", "yij")
_SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)$")
_VOWELS = "aeiou"


class Name(NamedTuple):
    """Chinese characters, their syllables, and a Latin word that they may spell."""

    characters: str
    syllables: tuple[str, ...]
    latin: str


def fitted_spelling(names: Iterable[Name], readings: dict[str, list[str]]) -> Iterator[str]:
    """Yield lines `letters 克123 …`: characters that spell them, with -100 log chance, best first.

    Names whose Latin word is plain pinyin or stands beside many names are left out.
    """
    counts, kept = _fitted(_foreign(names))
    used = Counter("".join(name.characters for name in kept))
    by_syllable: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for character, n in used.items():
        for syllable in readings.get(character, []) if n >= 2 else []:
            by_syllable[syllable].append((character, n))
    totals = _totals(counts)
    steps: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (syllable, letters), count in counts.items():
        spelled = by_syllable[syllable] if count > 0.3 else []
        for character, n in spelled:
            share = n / sum(m for _, m in by_syllable[syllable])
            cost = log(count / (totals[syllable] + 1)) + 0.3 * log(share)
            steps[letters][character] = max(cost, steps[letters].get(character, cost))
    for letters, found in sorted(steps.items()):
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:60]
        yield f"{letters} {' '.join(f'{c}{-cost * 100:.0f}' for c, cost in best)}"


def _foreign(names: Iterable[Name]) -> list[Name]:
    listed = [n for n in names if n.latin != "".join(n.syllables)]
    listed = [n for n in listed if n.characters[-1] not in "县区市镇乡省"]
    beside = Counter(name.latin for name in listed)
    return [
        name
        for name in listed
        if beside[name.latin] <= 8 and 1.2 <= len(name.latin) / len(name.syllables) <= 4.5
    ]


def _fitted(names: list[Name]) -> tuple[Chances, list[Name]]:
    counts, scored = _counted(names, lambda syllable, letters: 0.05 * _likeness(syllable, letters))
    for _ in range(_ROUNDS):
        totals = _totals(counts)
        chances = {key: count / (totals[key[0]] + 1) for key, count in counts.items()}

        def chance(syllable: str, letters: str, chances: Chances = chances) -> float:
            fitted = chances.get((syllable, letters), 0.0)
            return 0.95 * fitted + 0.0005 * _likeness(syllable, letters)

        counts, scored = _counted(_best(scored), chance)
    return counts, [name for name, _ in scored]


def _best(scored: list[tuple[Name, float]]) -> list[Name]:
    """Return for each Chinese name only the words that it spells about best."""
    best: defaultdict[str, float] = defaultdict(lambda: -1e9)
    for name, score in scored:
        best[name.characters] = max(best[name.characters], score)
    return [name for name, score in scored if score >= best[name.characters] - 0.15]


def _counted(
    names: list[Name], chance: Callable[[str, str], float]
) -> tuple[Chances, list[tuple[Name, float]]]:
    """Return the expected counts of `(syllable, letters)`, and the names that are likely."""
    counts: defaultdict[tuple[str, str], float] = defaultdict(float)
    kept = []
    for name in names:
        edges, forward = _forward(name, chance)
        whole = forward[-1].get(len(name.latin), 0.0)
        score = log(whole) / len(name.latin) if whole > 0 else -1e9
        if score < _WORST:
            continue
        kept.append((name, score))
        backward = {len(name.latin): 1.0}
        for at in range(len(name.syllables) - 1, -1, -1):
            before: defaultdict[int, float] = defaultdict(float)
            for (start, end), p in edges[at].items():
                rest = p * backward.get(end, 0.0)
                before[start] += rest
                share = forward[at][start] * rest / whole
                if share > 1e-3:
                    counts[name.syllables[at], name.latin[start:end]] += share
            backward = before
    return dict(counts), kept


def _forward(
    name: Name, chance: Callable[[str, str], float]
) -> tuple[list[Edges], list[dict[int, float]]]:
    """Return, for each syllable, the letters it may write, and the chance to get so far."""
    forward: list[dict[int, float]] = [{0: 1.0}]
    edges: list[Edges] = []
    for syllable in name.syllables:
        here: Edges = {}
        after: defaultdict[int, float] = defaultdict(float)
        for start, p in forward[-1].items():
            for end in range(start + 1, min(len(name.latin), start + _LONGEST) + 1):
                here[start, end] = chance(syllable, name.latin[start:end])
                after[end] += p * here[start, end]
        edges.append(here)
        forward.append(dict(after))
    return edges, forward


def _totals(counts: Chances) -> dict[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for (syllable, _), count in counts.items():
        totals[syllable] += count
    return dict(totals)


def _likeness(syllable: str, letters: str) -> float:
    """Return a rough chance that a syllable writes these letters: where fitting begins."""
    found = _SYLLABLE.match(syllable)
    initial, final = (found[1] or "", found[2]) if found else ("", syllable)
    alike = any(letters[0] in group and initial[:1] in group for group in _ALIKE)
    open_sound = 0.5 if letters[0] in "aeiouyhw" else 0.05
    chance = (1.0 if alike else 0.03) if initial else open_sound
    consonants = [letter for letter in letters if letter not in _VOWELS]
    rest = consonants[1:] if initial else consonants
    nasal = final.endswith(("n", "g"))
    if nasal:
        chance *= 0.6 if rest and rest[0] in "nm" else 0.2
    chance *= 0.3 ** max(0, len(rest) - nasal)
    if set(final) & set(letters) & set(_VOWELS):
        chance *= 2
    return chance * 0.5 ** abs(len(letters) - 2)
