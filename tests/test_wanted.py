"""Wanted: what the terms of a question weigh, and where weighty ones stand."""

import numpy as np
import pytest

from embeddings.tokens import tokens
from embeddings.words import Term, plain_terms
from qa.answering.question import understand
from qa.answering.wanted import nearness, places, wanted
from qa.spans import Span


def plain(text: str) -> list[Term]:
    return plain_terms(tokens(text))


def test_single_characters_weigh_nothing_as_pairs() -> None:
    terms = plain("藏书 ISBN")
    want = wanted(understand("藏书ISBN？"), terms, np.ones(len(terms)))
    weighed = {term.alternatives[0][0] for term, w in zip(terms, want.pairs, strict=True) if w > 0}
    assert weighed == {"藏书", "isbn"}


def test_what_stands_beside_the_asking_word_is_told_apart() -> None:
    question = understand("云河市图书馆新馆今年新增多少座位？")
    terms = plain(question.content)
    want = wanted(question, terms, np.ones(len(terms)))
    beside = {term.alternatives[0][0] for term, w in zip(terms, want.beside, strict=True) if w > 0}
    assert "座位" in beside
    assert "云河" not in beside


def test_only_terms_of_some_weight_have_places() -> None:
    terms = plain("藏书")
    want = wanted(understand("藏书？"), terms, np.full(len(terms), 2.0))
    assert places(want, want.pairs, "藏书和藏书") == [(Span(0, 2), float(want.pairs.max()))]


def test_nearness_fades_with_the_distance() -> None:
    at = [(Span(0, 2), 1.0), (Span(30, 32), 1.0)]
    near, far = nearness(Span(2, 4), at, scale=10.0)
    assert near == pytest.approx(1.0)
    assert far == pytest.approx(np.exp(-2.6))
