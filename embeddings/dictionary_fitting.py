"""Dictionary fitting: CC-CEDICT → the small files that `dictionary`, `names`, `scripts` read.

Run as `python -m embeddings.dictionary_fitting`; it takes a minute or two and is reproducible.
What is written is derived from CC-CEDICT and under the same licence, CC BY-SA 4.0.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from embeddings.entries import ASIDE, CHINESE, Entry, entries
from embeddings.spelling_fitting import Name, fitted_spelling
from embeddings.translation_fitting import Table, translations

FOLDER = Path(__file__).parent / "cedict"


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
        if not CHINESE.match(entry.simplified) or not entry.pinyin[:1].isupper():
            continue
        spelt = [part.split() for part in re.sub(r"[\d:]", "", entry.pinyin).lower().split("·")]
        parts = entry.simplified.split("·")
        latin = re.findall(r"\b[A-Z][a-z]{2,}", ASIDE.sub("", " ".join(entry.senses)))
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
