"""Prompt lookup: what may come next, from where the last two tokens stood before."""

import random

from qa.chat.prompt_lookup import Lookup


def test_the_guess_is_what_came_after_the_last_two_tokens_where_they_stood_before() -> None:
    assert Lookup([1, 2, 3, 4, 5, 6, 7, 1, 2]).guess() == [3, 4, 5, 6]
    assert Lookup([1, 2, 3, 1, 2]).guess() == [3, 1, 2]


def test_of_two_places_the_later_one_counts() -> None:
    assert Lookup([1, 2, 3, 1, 2, 4, 9, 1, 2]).guess() == [4, 9, 1, 2]


def test_nothing_is_guessed_after_a_pair_that_never_stood_before() -> None:
    for tokens in ([], [1], [1, 1], [1, 2], [2, 1, 3, 1, 2]):
        assert Lookup(tokens).guess() == []


def test_what_is_added_token_by_token_is_found_as_by_search() -> None:
    draw = random.Random(5)
    tokens: list[int] = []
    lookup = Lookup([])
    for _ in range(300):
        tokens.append(draw.randrange(6))
        lookup.add(tokens[-1:])
        places = [n for n in range(2, len(tokens)) if tokens[n - 2 : n] == tokens[-2:]]
        assert lookup.guess() == (tokens[places[-1] :][:4] if places else [])
