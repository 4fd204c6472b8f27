"""Wanted: how far a text meets the terms of a question, and where."""

import numpy as np
import pytest

from embeddings.tokens import tokens
from embeddings.words import Term, plain_terms
from qa.answering.question import understand
from qa.answering.wanted import met, nearness, places, share, wanted
from qa.spans import Span


def plain(text: str) -> list[Term]:
    return plain_terms(tokens(text))


def test_a_plain_term_is_met_by_a_text_that_holds_it() -> None:
    held = frozenset(tokens("新馆藏书"))
    assert met(plain("藏书"), held).tolist() == [1, 1, 1]
    assert met(plain("开放"), held).sum() == 0


def test_a_translated_term_is_met_as_far_as_its_best_alternative_is_trusted() -> None:
    term = Term((("图书", 0.5), ("藏书", 0.9), ("图书 书馆", 1.0)))
    assert met([term], frozenset({"图书"})) == pytest.approx([0.5])
    assert met([term], frozenset({"图书", "藏书"})) == pytest.approx([0.9])
    assert met([term], frozenset({"图书", "书馆"})) == pytest.approx([1.0])


def test_share_is_the_weight_that_is_met() -> None:
    how_far = np.array([[1, 0], [1, 1], [0, 0]], np.float32)
    assert share(how_far, np.array([1, 3], np.float32)) == pytest.approx([0.25, 1, 0])


def test_share_of_no_weight_is_zero() -> None:
    assert share(np.ones((2, 1), np.float32), np.zeros(1, np.float32)).tolist() == [0, 0]


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


def test_places_are_the_first_occurrences() -> None:
    terms = [Term((("藏书", 1.0),)), Term((("座位", 1.0),))]
    weights = np.array([2, 1], np.float32)
    assert places(terms, weights, "藏书和座位,藏书") == [(Span(0, 2), 2.0), (Span(3, 5), 1.0)]


def test_nearness_fades_with_the_distance() -> None:
    at = [(Span(0, 2), 1.0), (Span(30, 32), 1.0)]
    near, far = nearness(Span(2, 4), at, scale=10.0)
    assert near == pytest.approx(1.0)
    assert far == pytest.approx(np.exp(-2.6))
