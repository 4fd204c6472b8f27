"""Sought: how far sets of tokens meet terms, and where the terms stand in a text."""

import numpy as np
import pytest

from embeddings.tokens import tokens
from embeddings.words import Term, plain_terms
from qa.answering.sought import Sought, share
from qa.spans import Span


def sought(text: str) -> Sought:
    return Sought(plain_terms(tokens(text)))


def test_a_plain_term_is_met_by_a_text_that_holds_it() -> None:
    held = frozenset(tokens("新馆藏书"))
    assert sought("藏书").met([held, frozenset()]).tolist() == [[1, 1, 1], [0, 0, 0]]
    assert sought("开放").met([held]).sum() == 0


def test_a_term_is_met_as_far_as_its_best_alternative_is_trusted() -> None:
    term = Term((("图书", 0.5), ("藏书", 0.9), ("图书 书馆", 1.0)))
    held = [{"图书"}, {"图书", "藏书"}, {"图书", "书馆"}, {"书馆"}]
    met = Sought([term]).met([frozenset(one) for one in held])
    assert met[:, 0] == pytest.approx([0.5, 0.9, 1.0, 0.0])


def test_two_terms_may_begin_alike() -> None:
    terms = [Term((("图书 书馆", 1.0),)), Term((("图书", 0.3), ("书店", 0.6)))]
    assert Sought(terms).met([frozenset({"图书", "书馆"})])[0] == pytest.approx([1.0, 0.3])


def test_no_terms_and_no_texts_are_met_by_nothing() -> None:
    assert Sought([]).met([frozenset("a")]).shape == (1, 0)
    assert sought("藏书").met([]).shape == (0, 3)


def test_nothing_is_met_where_nothing_has_a_weight() -> None:
    assert share(np.ones((3, 2), np.float32), np.zeros(2, np.float32)).tolist() == [0, 0, 0]


def test_share_is_the_weight_that_is_met() -> None:
    how_far = np.array([[1, 0], [1, 1], [0, 0]], np.float32)
    assert share(how_far, np.array([1, 3], np.float32)) == pytest.approx([0.25, 1, 0])


def test_share_of_no_weight_is_zero() -> None:
    assert share(np.ones((2, 1), np.float32), np.zeros(1, np.float32)).tolist() == [0, 0]


def test_places_are_the_first_occurrences() -> None:
    terms = Sought([Term((("藏书", 1.0),)), Term((("座位", 0.5),))])
    assert terms.places("藏书和座位,藏书") == [(0, Span(0, 2), 1.0), (1, Span(3, 5), 0.5)]
    assert terms.places("藏书和藏书", 2) == [(0, Span(0, 2), 1.0), (0, Span(3, 5), 1.0)]


def test_places_are_those_of_the_first_alternative_that_begins_in_the_text() -> None:
    term = Sought([Term((("学校", 0.2), ("图书 书馆", 1.0), ("school", 0.9)))])
    assert term.places("School的图书馆") == [(0, Span(7, 11), 1.0)]
    assert term.places("The School") == [(0, Span(4, 10), 0.9)]
