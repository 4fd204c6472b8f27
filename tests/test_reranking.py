"""Reranking: the best passages in the order of a model, as many as a time budget allows."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from qa.answering.asking import Models, ask
from qa.answering.reranking import named_reranker, rerank
from qa.answering.retrieve import Hit, retrieve
from qa.errors import ModelError
from qa.library.library import Library
from qa.splitting.articles import whole_article
from qa.splitting.pages import page_from_text
from qa.splitting.passages import split_passages


class Scripted:
    """A reranker that takes each passage's score from its number, and `pace` seconds for it."""

    name = "scripted"

    def __init__(self, scores: Sequence[float], pace: float = 0.0) -> None:
        self.now = 0.0
        self.asked: list[int] = []
        self._scores, self._pace = scores, pace

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        assert question == "桥在哪里"
        self.asked.append(len(texts))
        self.now += self._pace * len(texts)
        numbers = [int(text.partition("\n")[0].removeprefix("标题")) for text in texts]
        return np.array([self._scores[number] for number in numbers], np.float32)

    def clock(self) -> float:
        return self.now


def hits(number: int) -> list[Hit]:
    found = []
    for n in range(number):
        page = page_from_text(f"p{n}", f"第{n}条消息\n今日公布。")
        article = whole_article(page, f"标题{n}")
        [passage] = split_passages(page.text, article)
        found.append(Hit(n + 1, 1 - n / 100, replace(passage, id=n), article))
    return found


def order(found: Sequence[Hit]) -> list[int]:
    return [hit.passage.id for hit in found]


def test_the_best_come_first_and_are_ranked_anew() -> None:
    model = Scripted([0.1, 0.9, 0.5])
    found = rerank(hits(3), "桥在哪里", model, clock=model.clock)
    assert order(found) == [1, 2, 0]
    assert [hit.rank for hit in found] == [1, 2, 3]


def test_a_hit_keeps_the_score_that_the_confidence_was_learned_from() -> None:
    before = hits(3)
    model = Scripted([0.1, 0.9, 0.5])
    found = rerank(before, "桥在哪里", model, clock=model.clock)
    assert {hit.passage.id: hit.score for hit in found} == {h.passage.id: h.score for h in before}
    assert [hit.rank for hit in before] == [1, 2, 3]


def test_the_model_reads_headline_and_text_as_one_line() -> None:
    class Reads(Scripted):
        def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
            assert texts == ["标题0\n第0条消息今日公布。"]
            return super().scores(question, texts)

    assert len(rerank(hits(1), "桥在哪里", Reads([0.5]))) == 1


def test_as_many_are_read_as_fit_the_budget_and_the_rest_follow() -> None:
    model = Scripted([*range(20)], pace=0.3)
    found = rerank(hits(20), "桥在哪里", model, budget_s=2.0, clock=model.clock)
    assert model.asked == [2, 4]  # 0.6 s, then what fits into 1.4 s
    assert model.now <= 2.0
    assert order(found) == [5, 4, 3, 2, 1, 0, *range(6, 20)]
    assert [hit.rank for hit in found] == [*range(1, 21)]


def test_two_are_read_even_where_none_fits() -> None:
    model = Scripted([0.0, 1.0, 2.0], pace=5.0)
    found = rerank(hits(3), "桥在哪里", model, budget_s=2.0, clock=model.clock)
    assert model.asked == [2]
    assert order(found) == [1, 0, 2]


def test_a_model_that_grows_slower_is_noticed() -> None:
    class Slowing(Scripted):
        def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
            self._pace += 0.05
            return super().scores(question, texts)

    model = Slowing([0.0] * 100)
    rerank(hits(100), "桥在哪里", model, budget_s=3.0, clock=model.clock)
    assert max(model.asked) <= 8
    assert model.now < 4.5


def test_all_are_read_where_there_is_time() -> None:
    model = Scripted([*range(20)], pace=0.001)
    assert order(rerank(hits(20), "桥在哪里", model, clock=model.clock)) == [*range(19, -1, -1)]


def test_nothing_found_needs_no_model() -> None:
    model = Scripted([])
    assert rerank([], "桥在哪里", model) == []
    assert model.asked == []


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, -2.0]), max_size=30), st.floats(0.01, 1.0))
def test_no_hit_is_lost_and_equals_keep_their_order(scores: list[float], pace: float) -> None:
    model = Scripted(scores, pace)
    found = rerank(hits(len(scores)), "桥在哪里", model, clock=model.clock)
    read = sum(model.asked)
    best = sorted(range(read), key=lambda n: (-scores[n], n))
    assert order(found) == [*best, *range(read, len(scores))]
    assert [hit.rank for hit in found] == [*range(1, len(scores) + 1)]


def test_a_model_that_fails_is_an_error_of_one_line() -> None:
    class Broken(Scripted):
        def scores(self, *_: object) -> NDArray[np.float32]:
            raise EncoderError("reranker scripted failed: too hot")

    with pytest.raises(ModelError, match=r"^reranker scripted failed: too hot$"):
        rerank(hits(2), "桥在哪里", Broken([]))


def test_scores_that_are_no_numbers_are_an_error_too() -> None:
    with pytest.raises(ModelError, match="scripted gave scores that are no numbers"):
        rerank(hits(2), "桥在哪里", Scripted([1.0, math.nan]))


def test_a_question_goes_on_without_a_model_that_fails_and_says_so(library: Library) -> None:
    class Full(Scripted):
        def scores(self, *_: object) -> NDArray[np.float32]:
            raise MemoryError

    plain = ask(library, "桥在哪里")
    answer = ask(library, "桥在哪里", models=Models(reranker=Full([])))
    assert (answer.text, answer.passages) == (plain.text, plain.passages)
    assert answer.models["reranker"] == "built-in sentence ranker (scripted ran out of memory)"


def test_a_model_that_is_not_here_is_told_at_once() -> None:
    with pytest.raises(ModelError, match=r"reranker no-such/model is not on this machine"):
        named_reranker("no-such/model")


# A real CrossEncoder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    texts = ["桥在学校。", "谁建了医院？", "学校在哪里？", "医院在桥。", "桥在哪里，谁问了。"]
    made = [page_from_text(f"p{n}", text) for n, text in enumerate(texts)]
    with Library.open(tmp_path / "library") as opened:
        opened.add_pages([(page, [whole_article(page, "")], page.source) for page in made])
        yield opened


@pytest.mark.slow
def test_a_cross_encoder_orders_what_a_library_finds(library: Library, tmp_path: Path) -> None:
    tiny: Any = __import__("tiny_encoders")
    model = named_reranker(str(tiny.make_reranker(tmp_path / "model")))
    found = retrieve(library.snapshot(), "桥在哪里", 5)
    ordered = rerank(found, "桥在哪里", model, budget_s=math.inf)
    scores = model.scores("桥在哪里", [f"\n{hit.passage.text}" for hit in ordered])
    assert scores.dtype == np.float32
    assert len(scores) == len(found) > 2
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert len(set(scores.tolist())) == len(scores)
    assert sorted(order(ordered)) == sorted(order(found)) != order(ordered)
    assert rerank(found, "桥在哪里", model, budget_s=math.inf) == ordered
    assert model.scores("桥在哪里", []).shape == (0,)
