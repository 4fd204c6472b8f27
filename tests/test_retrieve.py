"""Retrieval over a small library in memory."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Encoder, StaticEncoder
from embeddings.fitting import fit_encoder
from embeddings.tokens import tokens
from embeddings.vectors import VectorIndex
from embeddings.words import Term, WordIndex
from qa.answering.query import Road
from qa.answering.ranking import TRANSLATED_WEIGHTS, WEIGHTS
from qa.answering.retrieve import Hit, retrieve
from qa.errors import QuestionError
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.passages import Passage, split_passages

ARTICLES = {
    "新医院开诊": "市中心医院新院区昨日开诊。\n院区共设床位一千二\n百张，由王建国任院长。可停车。",
    "小学开学": "实验小学昨日开学。新生三百人，校长李红致辞。学校食堂提供午餐。",
    "地铁通车": "地铁六号线昨日通车。线路全长四十公里，设二十座车站。票价二元起。",
    "Bridge opens": "The river bridge opened on Monday. It was built by Harbour Works in May.",
    "": "图书馆延长开放时间。读者可以借阅到晚上九点。",
}


class Shelf:
    """A library in memory: every article is a page of its own."""

    def __init__(self, texts: dict[str, str], folder: Path | None) -> None:
        self.articles = {title or "untitled": _article(title, t) for title, t in texts.items()}
        cut = [p for a in self.articles.values() for p in split_passages(a.text, a)]
        self.cut = {n: replace(passage, id=n) for n, passage in enumerate(cut, start=100)}
        titled = [f"{self.article(p.article_id).title}\n{p.text}" for p in self.cut.values()]
        self.words = WordIndex.build(list(self.cut), map(tokens, titled))
        self.encoder: Encoder | None = None
        self.vectors = VectorIndex.build([], np.zeros((0, 8), np.float32))
        if folder is not None:
            fit_encoder(titled, folder, width=8)
            self.encoder = StaticEncoder.load(folder)
            self.vectors = VectorIndex.build(list(self.cut), self.encoder.encode_documents(titled))

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        return [self.cut[id_] for id_ in ids]

    def article(self, article_id: str) -> Article:
        return self.articles[article_id]


def _article(title: str, text: str) -> Article:
    body = (Span(0, len(text)),)
    return Article(title or "untitled", "p", "s", title, None, None, None, text, (), body, body)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(ARTICLES, tmp_path_factory.mktemp("encoder"))


def titles(hits: Sequence[Hit]) -> list[str]:
    return [hit.article.title for hit in hits]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("新院区有多少床位？", "新医院开诊"),
        ("谁是实验小学的校长？", "小学开学"),
        ("地铁六号线有几座车站？", "地铁通车"),
        ("Who built the bridge?", "Bridge opens"),
        ("图书馆开到几点？", ""),
    ],
)
def test_the_article_that_answers_comes_first(shelf: Shelf, question: str, title: str) -> None:
    assert titles(retrieve(shelf, question))[0] == title


def test_a_word_cut_by_a_line_break_is_found(shelf: Shelf) -> None:
    assert titles(retrieve(shelf, "一千二百张"))[0] == "新医院开诊"


def test_hits_are_ranked_from_one_and_fall_in_score(shelf: Shelf) -> None:
    hits = retrieve(shelf, "昨日学校和医院有什么事？", 3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_passage_comes_once_and_never_more_than_asked(shelf: Shelf) -> None:
    for k in (1, 2, 50):
        ids = [hit.passage.id for hit in retrieve(shelf, "昨日", k)]
        assert len(ids) == len(set(ids)) <= k


def test_scores_of_different_questions_can_be_compared(shelf: Shelf) -> None:
    told = retrieve(shelf, "地铁六号线全长四十公里")[0]
    untold = retrieve(shelf, "地铁八号线司机罢工几天")[0]
    assert 1 >= told.score > 1.5 * untold.score > 0


def test_words_that_only_ask_do_not_count(shelf: Shelf) -> None:
    plain, asking = retrieve(shelf, "院区床位"), retrieve(shelf, "请问院区床位多少？")
    assert titles(plain)[0] == titles(asking)[0]
    assert asking[0].score == pytest.approx(plain[0].score)


def test_nothing_in_common_finds_nothing(shelf: Shelf) -> None:
    assert retrieve(shelf, "zebra quokka") == []


def test_given_roads_replace_the_words_of_the_question(shelf: Shelf) -> None:
    translated = [Term((("医院", 1.0), ("诊 所", 0.5))), Term((("床位", 1.0),))]
    hits = retrieve(shelf, "How many beds has the clinic?", roads=[Road(translated, True)])
    assert titles(hits)[0] == "新医院开诊"


def test_what_was_said_before_decides_between_equals(shelf: Shelf) -> None:
    assert titles(retrieve(shelf, "昨日", context="实验小学的新生"))[0] == "小学开学"
    assert titles(retrieve(shelf, "昨日", context="地铁线路和车站"))[0] == "地铁通车"


def test_a_library_without_vectors_is_searched_by_words() -> None:
    assert titles(retrieve(Shelf(ARTICLES, None), "地铁车站"))[0] == "地铁通车"


def test_an_empty_library_has_no_hits() -> None:
    assert retrieve(Shelf({}, None), "地铁车站") == []


@pytest.mark.parametrize("question", ["", "？！", " \n"])
def test_an_empty_question_is_refused(shelf: Shelf, question: str) -> None:
    with pytest.raises(QuestionError):
        retrieve(shelf, question)


@pytest.mark.parametrize("weights", [WEIGHTS, TRANSLATED_WEIGHTS])
def test_only_context_was_not_measured_and_so_weighs_least(weights: dict[str, float]) -> None:
    assert min(weights.values()) == weights["context"]


BOTH = {
    "体育": "足球比赛昨日举行。球迷在体育场观看。",
    "医院": "医院提供一百张床位。医生每天看病。",
    "学校": "实验小学昨日开学。校长致辞。",
    "Bridge": "The river bridge opened on Monday. Harbour Works built it in May for the city.",
    "Library": "The library lends books to children. It closes at nine in the evening.",
    "Market": "The market sells apples and pears. Farmers come from the hills every Sunday.",
}


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How many beds does the hospital have?", "医院"),
        ("医院有多少张床位？", "医院"),
        ("谁修建了河上的桥梁？", "Bridge"),
        ("When does the library close?", "Library"),
    ],
)
def test_a_library_in_two_languages_is_searched_in_both(question: str, title: str) -> None:
    assert titles(retrieve(Shelf(BOTH, None), question))[0] == title
