"""Prompt lookup: guesses at what a model writes next, from where it wrote or read the same before.

An answer repeats names and numbers of its prompt. To read some tokens more takes a network little
longer than to read one, so guesses that turn out right are written nearly for nothing, and wrong
ones are dropped: what is written stays the same (prompt lookup decoding, Saxena 2023). Knows
nothing of networks.
"""

from collections.abc import Iterable, Sequence

# Weighed on paraphrases of newspaper sentences: longer guesses are wrong more often than they
# pay, and after a single equal token so are nearly all where the answer's language is another.
_LONGEST = 4


class Lookup:
    """All tokens so far, and where each pair of them stood last."""

    def __init__(self, tokens: Iterable[int]) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, int], int] = {}
        self.add(tokens)

    def add(self, tokens: Iterable[int]) -> None:
        """Go on with what was read or written."""
        for token in tokens:
            # The pair that ends the tokens is noted only now: it is the one that is looked for.
            if len(self._tokens) > 1:
                before, last = self._tokens[-2:]
                self._after[before, last] = len(self._tokens)
            self._tokens.append(token)

    def guess(self) -> Sequence[int]:
        """Return the tokens, at most four, that came after the last two where they stood before."""
        if len(self._tokens) < 2:
            return []
        before, last = self._tokens[-2:]
        place = self._after.get((before, last))
        return [] if place is None else self._tokens[place : place + _LONGEST]
