"""A scope is respected by all that finds: words, vectors, follow-ups, the nearest passages."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from embeddings.narrowed import NarrowedWords
from embeddings.vectors import VectorIndex
from embeddings.words import WordIndex, plain_terms
from qa import ask, retrieve
from qa.answering.finding import Inquiry, find, understood
from qa.batch import answer_batch
from qa.cli import main
from qa.errors import NotFoundError, QuestionError
from qa.library.library import Library
from qa.library.scope import Scope

DECOYS = 60
TARGET = (
    "北岭水库除险加固\n\n本报讯 2021年4月2日，北岭水库除险加固工程开工，总投资三亿元，"
    "项目经理韩松介绍，工期十八个月。\n记者 陶然\n"
)
UNDATED = "南坡茶园开采\n\n本报讯 南坡茶园近日开采，茶农孙小满说，工程投资两千万元。\n记者 陶然\n"


def decoy(nth: int) -> str:
    return (
        f"第{nth}水库除险加固工程投资\n\n本报讯 2020年3月{nth % 28 + 1}日，第{nth}水库除险加固工程"
        f"开工，总投资{nth}亿元，除险加固工程总投资由项目经理介绍，水库工期{nth}个月。\n记者 何田\n"
    )


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library in which sixty pages tell nearly what one of them is asked about."""
    folder = tmp_path_factory.mktemp("crowded")
    texts = {f"decoy{nth:02}.txt": decoy(nth) for nth in range(1, DECOYS + 1)}
    pages = folder / "pages"
    pages.mkdir()
    for name, text in (texts | {"target.txt": TARGET, "undated.txt": UNDATED}).items():
        (pages / name).write_text(text, "utf-8")
    with Library.open(folder / "library") as library:
        library.add([pages])
        yield library


def sources(hits) -> set[str]:
    return {hit.article.source for hit in hits}


QUESTION = "水库除险加固工程总投资多少？"


def test_the_empty_scope_is_false_and_changes_nothing(crowded):
    snapshot = crowded.snapshot()
    assert not Scope()
    assert snapshot.within(Scope()) is snapshot


@pytest.mark.parametrize(
    "day", ["2020-02-30", "2020-2-3", "20200203", "yesterday", "２０２０-01-01"]
)
def test_a_date_that_is_none_is_refused_in_one_line(day):
    with pytest.raises(QuestionError, match="is no date") as refused:
        Scope(since=day)
    assert "\n" not in str(refused.value)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(QuestionError, match="swap the two dates"):
        Scope(since="2021-01-02", until="2021-01-01")


def test_both_days_are_in_the_range_and_no_unknown_year_is():
    scope = Scope(since="2020-05-01", until="2020-05-02")
    days = ["2020-04-30", "2020-05-01", "2020-05-02", "2020-05-03", None]
    assert [scope.covers(day) for day in days] == [False, True, True, False, False]
    assert Scope(sources=("a.txt",)).covers(None)


def random_index() -> tuple[list[list[str]], WordIndex, np.ndarray]:
    rng = np.random.default_rng(7)
    words = [*"甲乙丙丁戊己", "甲乙", "乙丙", "丙丁", "river", "bridge"]
    lists = [list(rng.choice(words, rng.integers(1, 9))) for _ in range(300)]
    chosen = rng.choice(300, 40, replace=False)
    outside = next(n for n in range(300) if n not in chosen)
    lists[outside] += ["庚", "庚辛"]
    return lists, WordIndex.build(range(1000, 1300), lists), chosen


def test_narrowed_words_find_what_an_index_of_those_alone_finds():
    lists, whole, chosen = random_index()
    narrowed = NarrowedWords(whole, np.sort(chosen) + 1000)
    alone = WordIndex.build([1000 + int(n) for n in chosen], [lists[n] for n in chosen])
    assert len(narrowed) == len(alone) == 40
    assert narrowed.amounts == alone.amounts
    assert sorted(narrowed.pairs()) == sorted(alone.pairs())
    for token in ("甲", "甲乙", "甲 乙丙", "river", "庚", "absent"):
        assert narrowed.holds(token) == alone.holds(token)
        found = narrowed.search(plain_terms([token]), 1000)[0]
        assert set(found) == set(alone.search(plain_terms([token]), 1000)[0])


def test_the_best_few_of_narrowed_words_are_the_best_inside_by_the_weights_of_the_whole():
    _, whole, chosen = random_index()
    inside = chosen + 1000
    terms = plain_terms(["甲", "乙丙", "river"])
    every, scores = whole.search(terms, len(whole))
    wanted = [(int(i), s) for i, s in zip(every, scores, strict=True) if i in inside]
    ids, best = NarrowedWords(whole, inside).search(terms, 5)
    assert [*zip(ids.tolist(), best, strict=True)] == wanted[:5]
    assert NarrowedWords(whole, inside).scores_of(terms, ids) == pytest.approx(best)


def test_narrowed_vectors_are_the_nearest_inside():
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(200, 8)).astype(np.float32)
    whole = VectorIndex.build(range(500, 700), vectors)
    chosen = np.sort(rng.choice(200, 30, replace=False))
    narrowed = whole.narrowed(np.append(chosen + 500, 9999))
    scores, ids = narrowed.search(vectors[:3], 5)
    brute = vectors[:3] @ vectors[chosen].T
    order = np.argsort(-brute, axis=1)[:, :5]
    assert ids.tolist() == (chosen[order] + 500).tolist()
    assert scores == pytest.approx(np.take_along_axis(brute, order, 1), rel=1e-5)
    assert narrowed.search(vectors[:1], 99)[1].shape == (1, 30)
    assert len(narrowed) == 30
    assert whole.search(vectors[:1], 99)[1].shape == (1, 99)


def test_nothing_inside_leaves_no_vector_to_find():
    whole = VectorIndex.build([1], np.ones((1, 4), np.float32))
    assert (
        whole.narrowed(np.array([], np.int64)).search(np.ones((1, 4), np.float32), 5)[1].size == 0
    )


def test_what_sixty_others_hide_is_found_in_its_scope(crowded):
    snapshot = crowded.snapshot()
    assert "target.txt" not in sources(retrieve(snapshot, QUESTION, 30))
    assert sources(retrieve(snapshot, QUESTION, 5, scope=Scope(sources=("target.txt",)))) == {
        "target.txt"
    }
    answer = ask(crowded, QUESTION, scope=Scope(sources=("target.txt",)))
    assert answer.answered
    assert "三亿元" in answer.text


def test_a_scope_finds_as_a_library_of_only_those_articles(crowded, tmp_path):
    names = [f"decoy{nth:02}.txt" for nth in range(3, 9)]
    with Library.open(tmp_path / "small") as small:
        (tmp_path / "pages").mkdir()
        for nth, name in enumerate(names, start=3):
            (tmp_path / "pages" / name).write_text(decoy(nth), "utf-8")
        small.add([tmp_path / "pages"])
        alone = {hit.passage.text for hit in retrieve(small.snapshot(), QUESTION, 50)}
    scope = Scope(sources=tuple(names))
    found = [hit.passage.text for hit in retrieve(crowded.snapshot(), QUESTION, 50, scope=scope)]
    assert set(found) == alone
    assert len(found) == len(alone) == 6


class Watched:
    """A library, and its snapshot, that remembers which articles were looked at."""

    def __init__(self, real, looked_at):
        self.real, self.looked_at = real, looked_at

    def __getattr__(self, name):
        return getattr(self.real, name)

    def snapshot(self):
        return Watched(self.real.snapshot(), self.looked_at)

    def within(self, scope):
        return Watched(self.real.within(scope), self.looked_at)

    def article(self, article_id):
        self.looked_at.append(self.real.article(article_id))
        return self.looked_at[-1]


def test_a_follow_up_looks_only_into_the_articles_of_its_scope(crowded):
    history = [["北岭水库除险加固工程哪天开工？", "4月2日开工。[1]"]]
    question = "第7水库的项目经理介绍了什么？"
    watched = Watched(crowded, [])
    ask(watched, question, history)
    assert len({article.source for article in watched.looked_at}) > 1
    watched.looked_at.clear()
    answer = ask(watched, question, history, scope=Scope(sources=("undated.txt",)))
    assert {article.source for article in watched.looked_at} == {"undated.txt"}
    assert sources(answer.passages) <= {"undated.txt"}


def test_a_refusal_shows_only_passages_of_the_scope(crowded):
    answer = ask(crowded, "北岭水库的坝高多少米？", scope=Scope(until="2020-03-05"))
    dates = {hit.article.date for hit in answer.passages}
    assert dates
    assert max(dates) <= "2020-03-05"


def test_finding_takes_a_scope_by_itself(crowded):
    snapshot = crowded.snapshot()
    inquiry = Inquiry(QUESTION, understood(snapshot, QUESTION), 0.0)
    found = find(snapshot, inquiry, 5, scope=Scope(sources=("target.txt",)))
    assert sources(found.hits) == {"target.txt"}


def test_files_and_articles_add_up_and_dates_narrow_both(crowded):
    snapshot = crowded.snapshot()
    first = next(entry.id for entry in snapshot.entries() if entry.source == "decoy01.txt")
    both = Scope((first,), ("target.txt",))
    assert sources(retrieve(snapshot, QUESTION, 9, scope=both)) == {"decoy01.txt", "target.txt"}
    late = Scope((first,), ("target.txt",), since="2021-01-01")
    assert sources(retrieve(snapshot, QUESTION, 9, scope=late)) == {"target.txt"}


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(sources=("targe.txt",)), "did you mean target.txt"),
        (Scope(articles=("gone-1",)), "no article gone-1: it may have been removed"),
        (Scope(since="2030-01-01"), "2020-03-01 to 2021-04-02, and of 1 the year is not known"),
        (Scope(sources=("undated.txt",), until="2030-01-01"), "the year of none is known"),
    ],
)
def test_a_scope_that_leads_nowhere_is_told_in_one_line(crowded, scope, told):
    with pytest.raises(NotFoundError) as refused:
        ask(crowded, QUESTION, scope=scope)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_question_to_a_scope_leaves_the_whole_library_as_it_was(crowded):
    before = retrieve(crowded.snapshot(), QUESTION, 20)
    retrieve(crowded.snapshot(), QUESTION, 20, scope=Scope(sources=("target.txt",)))
    assert retrieve(crowded.snapshot(), QUESTION, 20) == before


def test_a_removed_page_leaves_its_scope(filled):
    scope = Scope(sources=("harbour.txt", "orchard.txt"))
    assert ask(filled, "局长是谁？", scope=scope).passages
    filled.remove("harbour.txt")
    with pytest.raises(NotFoundError, match=r"harbour\.txt"):
        ask(filled, "局长是谁？", scope=scope)


def test_a_batch_is_asked_of_one_scope(crowded, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"id": 1, "question": QUESTION}), "utf-8")
    [line] = answer_batch(crowded, file, scope=Scope(sources=("target.txt",)))
    assert {passage["source"] for passage in line.answer["passages"]} == {"target.txt"}


def test_the_command_line_asks_and_searches_in_a_scope(crowded, capsys):
    library = ["--library", str(crowded.folder), "--json"]
    chosen = ["--source", "target.txt", "--source", "decoy05.txt", "--since", "2020-12-01"]
    assert main(["search", QUESTION, *chosen, *library]) == 0
    assert {hit["source"] for hit in json.loads(capsys.readouterr().out)} == {"target.txt"}
    assert main(["ask", QUESTION, *chosen, *library]) == 0
    assert json.loads(capsys.readouterr().out)["citations"][0]["source"] == "target.txt"


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--source", "nowhere.txt"], "nowhere.txt"),
        (["--since", "2020-13-01"], "2020-13-01"),
        (["--since", "2021-01-01", "--until", "2020-01-01"], "swap"),
    ],
)
def test_the_command_line_refuses_a_scope_in_one_line(crowded, capsys, command, given, told):
    assert main([command, QUESTION, *given, "--library", str(crowded.folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert said.err.count("\n") == 1
