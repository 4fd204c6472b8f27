"""Conversations: what is kept comes back exactly, to its owner alone, until it is deleted."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.answer import Answer, Citation, Statement
from qa.answering.asking import ask
from qa.answering.retrieve import Hit
from qa.conversations.database import FILE_NAME
from qa.conversations.export import as_json, as_markdown, references
from qa.conversations.records import as_kept, record_to_turn, turn_to_record
from qa.conversations.store import Conversations
from qa.conversations.turn import Kept, Turn
from qa.errors import LibraryError, NotFoundError
from qa.library.library import Library
from qa.library.scope import Scope
from qa.spans import Span
from qa.splitting.articles import Article
from qa.splitting.passages import Passage

# Any character, lone surrogates too: a page may hold them.
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
COUNT = st.integers(0, 10**6)
SPAN = st.builds(Span, COUNT, COUNT)
SPANS = st.lists(SPAN, max_size=3).map(tuple)
SUPPORT = st.sampled_from(["quoted", "supported", "unverified"])
SHARE = st.floats(0, 1)
CITATIONS = st.builds(
    Citation, COUNT, TEXT, TEXT, TEXT, st.none() | TEXT, COUNT, COUNT, TEXT, SUPPORT, SPANS
)
STATEMENTS = st.builds(
    Statement, COUNT, COUNT, st.lists(COUNT, max_size=3).map(tuple), st.none() | SUPPORT, TEXT
)
PASSAGES = st.builds(Passage, COUNT, TEXT, COUNT, COUNT, TEXT, SPANS)
OPTIONAL = st.none() | TEXT
ARTICLES = st.builds(
    Article, TEXT, TEXT, TEXT, TEXT, OPTIONAL, OPTIONAL, OPTIONAL, TEXT, SPANS, SPANS, SPANS
)
HITS = st.builds(Hit, COUNT, SHARE, PASSAGES, ARTICLES)
ANSWERS = st.builds(
    Answer,
    question=TEXT,
    standalone_question=TEXT,
    text=TEXT,
    answered=st.booleans(),
    confidence=SHARE,
    citations=st.lists(CITATIONS, max_size=2).map(tuple),
    passages=st.lists(HITS, max_size=2).map(tuple),
    models=st.dictionaries(TEXT, TEXT, max_size=2),
    timings_ms=st.dictionaries(TEXT, SHARE, max_size=2),
    statements=st.lists(STATEMENTS, max_size=2).map(tuple),
    notice=TEXT,
)
STATES = st.sampled_from(["asking", "done", "stopped", "broken"])
NAMES = st.lists(TEXT, max_size=2).map(tuple)
DAYS = st.none() | st.dates().map(str)
SCOPES = st.builds(Scope, NAMES, NAMES, DAYS)
TURNS = st.builds(Turn, COUNT, TEXT, st.none() | ANSWERS, STATES, scope=SCOPES)


def answer(text: str, *quotes: str, support: str = "quoted") -> Answer:
    """Return an answer that cites `quotes` as [1], [2], …"""
    citations = tuple(
        Citation(n, "a.txt", "p-1", "标题", "3月4日", n, n + len(quote), quote, support)  # type: ignore[arg-type]
        for n, quote in enumerate(quotes, start=1)
    )
    return Answer("问", "问", text, True, 0.5, citations, (), {}, {"total": 20.5})


def turn(number: int, question: str = "多少张床位？", text: str = "有1500张。") -> Turn:
    return Turn(number, question, answer(text), "done")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    with Conversations.open(tmp_path) as opened:
        yield opened


@given(TURNS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_turn_comes_back_as_it_was_but_for_the_text_of_articles(saved: Turn) -> None:
    loaded = record_to_turn(saved.number, turn_to_record(saved))
    assert loaded == replace(saved, answer=as_kept(saved.answer) if saved.answer else None)


def test_of_an_answer_only_the_whole_text_of_its_articles_is_left_out(filled: Library) -> None:
    given_answer = ask(filled, "县图书馆新增多少个座位？")
    assert given_answer.citations
    assert given_answer.passages
    back = record_to_turn(1, turn_to_record(Turn(1, "问", given_answer, "done"))).answer
    assert back is not None
    assert back.citations == given_answer.citations
    whole = [replace(hit, article=filled.article(hit.article.id)) for hit in back.passages]
    assert replace(back, passages=tuple(whole)) == given_answer


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), TEXT)
@settings(deadline=None, max_examples=30)
def test_a_conversation_comes_back_with_all_its_turns(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]], owner: str
) -> None:
    turns = [turn(number, *each) for number, each in enumerate(said, start=1)]
    with Conversations.open(tmp_path_factory.mktemp("kept")) as first:
        first.begin(owner, "a", turns[0])
        for each in turns[1:]:
            first.add(owner, "a", each)
        folder = first.folder
    with Conversations.open(folder) as again:
        assert again.load(owner, "a").turns == tuple(turns)


def test_a_conversation_is_named_by_its_first_question_shortened(kept: Conversations) -> None:
    kept.begin("", "a", turn(1, "床位\n多少？"))
    kept.begin("", "b", turn(1, "长" * 500))
    long, short = kept.listed("")
    assert short.title == "床位 多少？"
    assert long.title == "长" * 40 + "…"


def test_the_one_that_was_asked_last_comes_first_even_when_the_clock_goes_back(
    tmp_path: Path,
) -> None:
    times = iter(f"20{year}-01-01T00:00:00+00:00" for year in range(99, 10, -1))
    with Conversations.open(tmp_path, now=lambda: next(times)) as kept:
        for name in "abc":
            kept.begin("", name, turn(1))
        kept.add("", "a", turn(2))
        kept.rename("", "b", "renamed")
        assert [(each.id, each.turns) for each in kept.listed("")] == [
            ("a", 2),
            ("c", 1),
            ("b", 1),
        ]


def test_words_are_found_in_names_questions_and_answers(kept: Conversations) -> None:
    kept.begin("", "beds", turn(1, "郑州市中心医院有多少张床位？", "提供1500张床位。"))
    kept.begin("", "bridge", turn(1, "Who opened the Bridge?", "林晓帆。"))
    kept.rename("", "bridge", "跨江大桥 100%_")

    def found(words: str) -> list[str]:
        return [each.id for each in kept.listed("", words)]

    assert found("心医院") == found("1500") == found("１５００张") == ["beds"]
    assert found("bridge") == found("BRIDGE 晓帆") == found("江大") == ["bridge"]
    assert found("医院 大桥") == found("没有") == []
    assert found("%_") == ["bridge"]
    assert found("%") == found("_") == ["bridge"]  # no sign stands for others
    assert found(" ") == ["bridge", "beds"]
    assert found("桥 " * 1_000) == ["bridge"]  # more words than SQLite has room for in a query


def test_a_name_can_be_changed_and_an_empty_one_is_the_first_question_again(
    kept: Conversations,
) -> None:
    kept.begin("", "a", turn(1, "床位多少？"))
    kept.rename("", "a", " 医院\n的 床位 ")
    assert kept.load("", "a").title == "医院 的 床位"
    kept.rename("", "a", "  ")
    assert kept.load("", "a").title == "床位多少？"
    kept.rename("", "a", "长" * 1000)
    assert len(kept.load("", "a").title) == 120


def test_nobody_reaches_the_conversation_of_another(kept: Conversations) -> None:
    kept.begin("li", "a", turn(1))
    assert kept.listed("wang") == kept.listed("") == kept.listed("wang", "床位") == []
    for attempt in (
        lambda: kept.load("wang", "a"),
        lambda: kept.rename("wang", "a", "mine"),
        lambda: kept.delete("wang", "a"),
        lambda: kept.add("wang", "a", turn(2)),
        lambda: kept.replace("wang", "a", turn(1)),
        lambda: kept.judge("wang", "a", 1, "up", ""),
        lambda: kept.take_back("wang", "a", 1),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    with pytest.raises(LibraryError):
        kept.begin("wang", "a", turn(1))
    assert kept.load("li", "a").turns == (turn(1),)


def test_nothing_of_a_deleted_conversation_is_left_in_the_files(
    kept: Conversations, tmp_path: Path
) -> None:
    kept.begin("", "stays", turn(1))
    kept.begin("", "goes", turn(1, "秘密的问题", "秘密的回答" * 5_000))
    kept.add("", "goes", turn(2, "秘密的问题"))
    kept.judge("", "goes", 1, "down", "秘密的理由")
    kept.delete("", "goes")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "秘密".encode() not in files
    assert [each.id for each in kept.listed("")] == ["stays"]
    with pytest.raises(NotFoundError, match="no longer there"):
        kept.add("", "goes", turn(3))


def test_a_judgement_is_kept_with_its_reason_and_can_be_taken_back(kept: Conversations) -> None:
    kept.begin("", "a", turn(1))
    kept.judge("", "a", 1, "down", "数字不对")
    [judged] = kept.load("", "a").turns
    assert (judged.feedback, judged.reason) == ("down", "数字不对")
    kept.judge("", "a", 1, "", "")
    assert kept.load("", "a").turns == (turn(1),)
    with pytest.raises(NotFoundError):
        kept.judge("", "a", 2, "up", "")


def test_an_edited_turn_takes_the_place_of_the_old_one(kept: Conversations) -> None:
    kept.begin("", "a", turn(1))
    kept.add("", "a", turn(2, "旧"))
    kept.judge("", "a", 2, "down", "")
    kept.replace("", "a", turn(2, "新"))
    assert kept.load("", "a").turns == (turn(1), turn(2, "新"))
    with pytest.raises(NotFoundError):
        kept.replace("", "a", turn(3))


def test_a_turn_that_is_taken_back_leaves_nothing_behind(kept: Conversations) -> None:
    kept.begin("", "a", turn(1))
    kept.add("", "a", turn(2))
    kept.take_back("", "a", 1)  # not the last one
    assert len(kept.load("", "a").turns) == 2
    kept.take_back("", "a", 2)
    kept.take_back("", "a", 1)
    assert kept.listed("") == []


def test_a_window_that_fell_behind_cannot_write_over_what_another_one_added(
    kept: Conversations,
) -> None:
    kept.begin("", "a", turn(1))
    kept.add("", "a", turn(2, "先"))
    with pytest.raises(LibraryError, match="another window"):
        kept.add("", "a", turn(2, "后"))
    assert kept.load("", "a").turns[1].question == "先"


def test_of_many_that_add_the_same_turn_at_once_one_is_first(tmp_path: Path) -> None:
    outcomes: list[str] = []
    with Conversations.open(tmp_path) as kept, Conversations.open(tmp_path) as other:
        kept.begin("", "a", turn(1))

        def add(to: Conversations) -> None:
            try:
                to.add("", "a", turn(2))
                outcomes.append("in")
            except LibraryError as error:
                outcomes.append(str(error))

        threads = [threading.Thread(target=add, args=(to,)) for to in (kept, other) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(kept.load("", "a").turns) == 2
    assert outcomes.count("in") == 1
    assert sum("another window" in each for each in outcomes) == 7


def test_a_change_that_fails_leaves_everything_as_it_was(kept: Conversations) -> None:
    kept.begin("", "a", turn(1))
    unwritable = replace(turn(2), feedback=object())
    with pytest.raises(sqlite3.Error):
        kept.add("", "a", unwritable)
    assert kept.load("", "a").turns == (turn(1),)
    assert kept.listed("")[0].turns == 1


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 900])
def test_a_foreign_or_damaged_file_is_kept_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(LibraryError, match=f"{FILE_NAME}: .*it was kept"):
        Conversations.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_another_program_s_database_and_a_newer_version_are_refused(tmp_path: Path) -> None:
    Conversations.open(tmp_path).close()
    for change, said in (("user_version=2", "another version"), ("application_id=7", "was kept")):
        database = sqlite3.connect(tmp_path / FILE_NAME)
        database.execute(f"PRAGMA {change}")
        database.close()
        with pytest.raises(LibraryError, match=said):
            Conversations.open(tmp_path)


def test_a_damaged_record_is_one_clear_line(kept: Conversations, tmp_path: Path) -> None:
    kept.begin("", "a", turn(1))
    database = sqlite3.connect(tmp_path / FILE_NAME)
    for record in (b"\xff", b"[]", b"{}", b'{"question": "", "state": "done", "answer": {}}'):
        database.execute("UPDATE turns SET record = ?", (record,))
        database.commit()
        with pytest.raises(LibraryError, match="damaged"):
            kept.load("", "a")
    database.close()


EVIL = "<img src=x> **粗** [链接](http://evil.example) # 标题 `码` \n# 又一个\n- 项\n1. 项"


def conversation(*turns: Turn) -> Kept:
    return Kept("a", f"题 {EVIL}", "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00", turns)


def test_references_are_numbered_through_the_whole_document() -> None:
    told = conversation(
        Turn(1, "甲", answer("一。[1]二。[2]", "一", "二"), "done"),
        Turn(2, "乙", answer("三。[1]又[7]", "三"), "done"),
    )
    assert [(r.number, r.turn, r.citation.marker) for r in references(told)] == [
        (1, 1, 1),
        (2, 1, 2),
        (3, 2, 1),
    ]
    written = as_markdown(told)
    assert "一。[^1]二。[^2]" in written
    assert r"三。[^3]又\[7\]" in written
    assert re.findall(r"^\[\^(\d)\]: .*“(.)”$", written, re.MULTILINE) == [
        ("1", "一"),
        ("2", "二"),
        ("3", "三"),
    ]
    assert r"[^3]: 第 2 问 \[1\]：《标题》，3月4日，a.txt，\[1, 2)：“三”" in written


def test_the_reference_of_an_english_question_is_told_in_english() -> None:
    told = conversation(Turn(1, "How many beds?", answer("一。[1]", "一"), "done"))
    assert r"[^1]: Question 1 \[1\]: “标题”, 3月4日, a.txt, \[1, 2): “一”" in as_markdown(told)


def test_json_holds_answers_as_the_command_line_prints_them_and_the_references() -> None:
    told = json.loads(
        as_json(conversation(Turn(1, EVIL, answer("一。[1]", "一\n二"), "done", "up", "好")))
    )
    assert told["turns"][0]["question"] == EVIL
    assert told["turns"][0]["answer"]["answer"] == "一。[1]"
    assert (told["turns"][0]["feedback"], told["turns"][0]["reason"]) == ("up", "好")
    [reference] = told["references"]
    assert (reference["number"], reference["turn"], reference["marker"]) == (1, 1, 1)
    assert (reference["quote"], reference["start"], reference["end"]) == ("一\n二", 1, 4)


def test_in_markdown_what_was_written_stays_text() -> None:
    said = replace(answer(f"{EVIL}[1](http://evil.example)", EVIL), statements=())
    written = as_markdown(conversation(Turn(1, EVIL, said, "done", "down", EVIL)))
    bare = re.sub(r"\\.", "", written)
    assert not re.search(r"[<`*|~$]|\]\(|://|(?<!\^\d)\](?!:)", bare.replace("[^1]", ""))
    headings = re.findall(r"^#.*", bare, re.MULTILINE)
    assert len(headings) == 3
    assert not re.search(r"^(?:- |1\. )", bare, re.MULTILINE)


def test_a_sentence_in_doubt_and_a_turn_that_was_stopped_say_so() -> None:
    doubted = replace(
        answer("馆长是李文。[1]还有。", "李文", support="unverified"),
        statements=(Statement(0, 9, (1,), "unverified", "没有这个名字"),),
    )
    written = as_markdown(conversation(Turn(1, "谁？", doubted, "stopped")))
    assert "馆长是李文。[^1]（未经核实 unverified：没有这个名字）还有。" in written
    assert "已停止" in written


def test_paragraphs_of_an_answer_stay_apart() -> None:
    written = as_markdown(conversation(Turn(1, "谁？", answer("甲。[1]\n乙。", "甲"), "done")))
    assert "甲。[^1]\n\n乙。" in written
