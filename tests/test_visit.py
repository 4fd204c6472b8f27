"""A visit: what one page shows when an answer, Stop and other conversations meet; what is kept."""

import threading
from collections.abc import Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from test_window import CITED

from qa.answering.answer import Answer
from qa.answering.asking import Models
from qa.answering.finding import Finding
from qa.answering.quoting import Reader
from qa.conversations.store import Conversations
from qa.conversations.turn import Turn
from qa.errors import ModelError, NotFoundError
from qa.library.library import Library
from qa.library.scope import Scope
from qa.library.snapshot import Snapshot
from window.conversation import Conversation
from window.desk import Desk
from window.talk.visit import Visit

QUESTION = "县图书馆新增多少个座位？"
Steps = Generator[Conversation, None, None]


def growing(now: Conversation, words: int = 5) -> Steps:
    """Answer a question in so many steps."""
    now = now.asked("问")
    yield now
    for _ in range(words):
        now = now.answered(CITED)
        yield now
    yield now.finished()


def breaking(now: Conversation) -> Steps:
    yield now.asked("问").answered(CITED)
    raise RuntimeError("a defect")


def begun(visit: Visit, steps: Steps) -> Iterator[Conversation]:
    asking = visit.begin()
    assert asking is not None
    return visit.follow(asking, steps)


def states(visit: Visit) -> list[str]:
    return [turn.state for turn in visit.conversation.turns]


def test_an_answer_is_shown_as_it_grows_until_it_is_done():
    visit = Visit()
    shown = [now.asking() for now in begun(visit, growing(visit.conversation, 2))]
    assert shown == [True, True, True, False, False]
    assert (states(visit), visit.busy()) == (["done"], False)


def test_a_question_right_after_stop_is_taken():
    visit = Visit()
    for step, _ in enumerate(begun(visit, growing(visit.conversation))):
        if step == 2:
            visit.stop()
    assert states(visit) == ["stopped"]
    list(begun(visit, growing(visit.conversation)))
    assert states(visit) == ["stopped", "done"]


def test_while_one_answer_is_being_made_no_other_one_begins():
    visit = Visit()
    answer = begun(visit, growing(visit.conversation))
    next(answer)
    assert visit.begin() is None
    list(answer)
    assert visit.begin() is not None


def test_an_answer_that_nobody_waits_for_any_more_changes_nothing():
    visit, steps = Visit(), growing(Conversation())
    answer = begun(visit, steps)
    next(answer)
    other = Conversation()
    visit.move(other)
    assert [now is other for now in answer] == [True]
    assert (visit.conversation, next(steps, None)) == (other, None)


def test_an_answer_that_was_left_does_not_end_the_one_that_came_after():
    visit = Visit()
    left = begun(visit, growing(visit.conversation))
    next(left)
    visit.move(Conversation())
    answer = begun(visit, growing(visit.conversation))
    next(answer)
    list(left)
    assert visit.busy()
    list(answer)
    assert states(visit) == ["done"]


def test_a_defect_ends_the_turn_and_the_next_question_is_taken():
    visit = Visit()
    with pytest.raises(RuntimeError):
        list(begun(visit, breaking(visit.conversation)))
    assert (states(visit), visit.busy()) == (["broken"], False)
    list(begun(visit, growing(visit.conversation)))
    assert states(visit) == ["broken", "done"]


def test_a_turn_that_is_judged_while_another_is_answered_stays_judged():
    visit = Visit()
    list(begun(visit, growing(visit.conversation)))
    for step, _ in enumerate(begun(visit, growing(visit.conversation))):
        if step == 1:
            visit.change(lambda now: now.judged(1, "up", "好"))
    assert visit.conversation.turns[0].feedback == "up"
    assert states(visit) == ["done", "done"]


def test_each_visitor_has_a_conversation_of_their_own():
    one, other = deepcopy(Visit()), deepcopy(Visit())
    assert one.conversation.key != other.conversation.key


def test_a_visit_shows_nothing_of_the_person_before():
    visit = Visit()
    visit.belongs_to("li")
    list(begun(visit, growing(visit.conversation)))
    visit.belongs_to("li")
    assert states(visit) == ["done"]
    visit.belongs_to("wang")
    assert (states(visit), visit.conversation.owner) == ([], "wang")


@dataclass
class Failing(Reader):
    """An answerer that writes one word and fails while `fails`."""

    fails: bool = True

    def answers(self, finding: Finding) -> Iterator[Answer]:
        *_, last = super().answers(finding)
        yield last
        if self.fails:
            raise ModelError("the model is gone")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    (tmp_path / "kept").mkdir()
    with Conversations.open(tmp_path / "kept") as opened:
        yield opened


@pytest.fixture
def desk(filled: Library, kept: Conversations) -> Desk:
    return Desk(filled, conversations=kept)


def asked(desk: Desk, question: str, before: Conversation, *, again: bool = False) -> Conversation:
    *_, last = desk.answers(question, before, again=again)
    return last


def test_a_conversation_is_opened_again_as_it_was_with_its_own_citations(desk: Desk) -> None:
    first = asked(desk, QUESTION, Conversation(owner="li"))
    both = asked(desk, "5月12日谁宣布大桥开工？", first)
    again = desk.keeping.opened("li", both.key)
    assert desk.earlier(again, 30) == desk.earlier(both, 30)
    assert desk.current(again) == desk.current(both)
    for number in (1, 2):
        turn = both.turn(number)
        assert turn is not None
        assert turn.answer is not None
        assert turn.answer.citations
        choice = replace(both.newest(), turn=number)
        assert desk.sources(again, choice) == desk.sources(both, choice)


def test_an_answer_is_shown_as_it_was_when_its_page_has_left_the_library(
    desk: Desk, filled: Library
) -> None:
    last = asked(desk, QUESTION, Conversation())
    filled.remove("library.txt")
    again = desk.keeping.opened("", last.key)
    assert desk.current(again) == desk.current(last)
    assert "has left the library" in desk.sources(again, again.newest())


def test_a_question_is_kept_before_it_is_answered(desk: Desk, kept: Conversations) -> None:
    steps = desk.answers(QUESTION, Conversation())
    now = next(steps)
    assert kept.load("", now.key).turns[0].question == QUESTION
    assert [turn.state for turn in desk.keeping.opened("", now.key).turns] == ["stopped"]


def test_what_was_answered_before_stop_is_kept(desk: Desk, kept: Conversations) -> None:
    steps = desk.answers(QUESTION, Conversation())
    next(steps)
    now = next(steps)
    steps.close()
    [turn] = kept.load("", now.key).turns
    assert (turn.state, turn.question) == ("stopped", QUESTION)
    assert turn.answer is not None


def test_who_asks_while_the_program_is_still_loading_can_stop(filled: Library) -> None:
    begun, loaded = threading.Event(), threading.Event()

    class Loading(Library):
        def snapshot(self) -> Snapshot:
            begun.set()
            assert loaded.wait(30)
            return super().snapshot()

    with Loading.open(filled.folder) as library:
        desk = Desk(library)
        warming = threading.Thread(target=desk.warm_up)
        warming.start()
        assert begun.wait(30)
        steps = desk.answers(QUESTION, Conversation())
        assert all(next(steps).asking() for _ in range(3))
        steps.close()
        loaded.set()
        warming.join()
        assert asked(desk, QUESTION, Conversation()).turns[0].answer


def test_an_empty_question_begins_no_conversation(desk: Desk, kept: Conversations) -> None:
    assert asked(desk, " ", Conversation()).notice
    assert kept.listed("") == []


def test_a_question_that_fails_leaves_nothing_behind(filled: Library, kept: Conversations) -> None:
    desk = Desk(filled, models=Models(Failing()), conversations=kept)
    failed = asked(desk, QUESTION, Conversation())
    assert "the model is gone" in failed.notice
    assert (failed.turns, kept.listed("")) == ((), [])


def test_a_retry_takes_the_place_of_the_last_turn_and_leaves_it_when_it_fails(
    filled: Library, kept: Conversations
) -> None:
    answerer = Failing(fails=False)
    desk = Desk(filled, models=Models(answerer), conversations=kept)
    first = asked(desk, QUESTION, Conversation())
    edited = asked(desk, "谁是馆长？", first, again=True)
    assert [turn.question for turn in edited.turns] == ["谁是馆长？"]
    answerer.fails = True
    failed = asked(desk, QUESTION, edited, again=True)
    assert "the model is gone" in failed.notice
    assert failed.turns == edited.turns
    assert [turn.question for turn in kept.load("", first.key).turns] == ["谁是馆长？"]


def test_a_scope_stays_with_its_turn(desk: Desk, kept: Conversations) -> None:
    scope = Scope(sources=("library.txt",))
    *_, last = desk.answers(QUESTION, Conversation(), scope)
    assert last.turns[0].scope == kept.load("", last.key).turns[0].scope == scope


def test_a_conversation_that_went_on_elsewhere_is_not_written_over(
    desk: Desk, kept: Conversations
) -> None:
    here = asked(desk, QUESTION, Conversation())
    there = asked(desk, "谁是馆长？", here)
    refused = asked(desk, "几点关门？", here)
    assert "another window" in refused.notice
    assert refused.turns == here.turns
    assert len(kept.load("", here.key).turns) == len(there.turns)


def test_when_the_end_cannot_be_kept_the_answer_is_shown_and_the_reader_told(
    desk: Desk, kept: Conversations
) -> None:
    steps = desk.answers(QUESTION, Conversation())
    now = next(steps)
    kept.delete("", now.key)
    *_, last = steps
    assert last.turns[0].state == "done"
    assert "Not kept" in last.notice


def test_without_a_store_everything_works_and_nothing_is_kept(filled: Library) -> None:
    desk = Desk(filled)
    last = asked(desk, QUESTION, Conversation())
    assert (last.turns[0].state, last.notice) == ("done", "")
    assert desk.keeping.entries("") == []


def test_a_name_of_another_person_opens_nothing(desk: Desk) -> None:
    last = asked(desk, QUESTION, Conversation(owner="li"))
    with pytest.raises(NotFoundError):
        desk.keeping.opened("wang", last.key)


def test_a_turn_judged_by_someone_else_is_refused(desk: Desk) -> None:
    last = asked(desk, QUESTION, Conversation(owner="li"))
    with pytest.raises(NotFoundError):
        desk.keeping.judged(Conversation((Turn(1, ""),), owner="wang", key=last.key), 1, "up", "")
