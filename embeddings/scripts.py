"""Scripts: traditional and simplified Chinese, character by character.

A question in one script also finds text in the other, at less trust: text in the question's own
script stays ahead. The table is derived from CC-CEDICT (CC BY-SA 4.0, see `cedict/NOTICE`).
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from embeddings.words import Term

_TABLE = Path(__file__).parent / "cedict" / "scripts.txt.gz"
# At 0.1 a simplified question finds traditional text nearly as well as a traditional one does
# (recall@1 78 → 93 %), and mixed collections lose nothing; from 0.2 on they do.
OTHER_SCRIPT = 0.1


def simplified(text: str) -> str:
    """Return `text` in simplified characters, one for one: offsets stay as they are."""
    return text.translate(_tables()[0])


def variants(character: str) -> str:
    """Return how a character may be written in either script, itself first, each once."""
    plain = simplified(character)
    return "".join(dict.fromkeys(character + plain + _tables()[1].get(plain, "")))


def in_both_scripts(terms: Iterable[Term], trust: float = OTHER_SCRIPT) -> list[Term]:
    """Return `terms` whose alternatives also stand for their forms in the other script.

    An alternative in the other script has `trust` times the trust of the given one.
    """
    return [Term(_both(term.alternatives, trust), term.weight, term.name) for term in terms]


def _both(given: tuple[tuple[str, float], ...], trust: float) -> tuple[tuple[str, float], ...]:
    found = dict(given)
    for tokens, share in given:
        for form in _forms(tokens):
            found[form] = max(found.get(form, 0.0), share * trust)
    return tuple(found.items())


@lru_cache(maxsize=1 << 16)
def _forms(tokens: str) -> tuple[str, ...]:
    """Return how space-separated tokens may be written in either script, without `tokens`."""
    if tokens.isascii():
        return ()
    others = [_tables()[1].get(character, character) for character in simplified(tokens)]
    if max(map(len, others)) == 1:
        return ()
    if len(tokens) <= 2:
        forms = {"".join(form) for form in product(*others)}
    else:  # all at once, or the number of forms explodes
        forms = {simplified(tokens), "".join(other[0] for other in others)}
    return tuple(sorted(forms - {tokens}))


@cache
def _tables() -> tuple[dict[int, str], dict[str, str]]:
    """Return traditional → simplified, and simplified → its forms, the commonest first."""
    pairs = gzip.decompress(_TABLE.read_bytes()).decode().split("\n")
    forms: defaultdict[str, str] = defaultdict(str)
    for pair in pairs:
        forms[pair[1]] += pair[0]
    to_simplified = {ord(pair[0]): pair[1] for pair in pairs if pair[0] != pair[1]}
    for both in "么宁":  # rare traditional characters, but in simplified text those of 麼 and 寧
        del to_simplified[ord(both)]
    return to_simplified, dict(forms)
