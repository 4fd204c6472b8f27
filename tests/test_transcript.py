"""The left column and the list of conversations as HTML: what is shown, and what stays out."""

from dataclasses import replace

import pytest
from test_window import CITED, EVIL, REFUSED, Seen, talk

from qa.conversations.turn import Entry
from window.conversation import Conversation
from window.markup import said
from window.talk.actions import plain_answer
from window.talk.history import render_download, render_history
from window.talk.transcript import render_current, render_earlier


def turns(html: str) -> list[str | None]:
    return [attrs["id"] for tag, attrs in Seen(html).tags if tag == "article"]


def buttons(html: str, act: str) -> list[dict[str, str | None]]:
    return [attrs for _, attrs in Seen(html).tags if attrs.get("data-act") == act]


def test_the_last_turn_stands_apart_from_the_earlier_ones():
    conversation = talk(CITED, REFUSED, CITED)
    assert turns(render_earlier(conversation)) == ["turn-1", "turn-2"]
    assert turns(render_current(conversation)) == ["turn-3"]


def test_of_many_turns_only_the_newest_are_in_the_page_and_a_button_brings_more():
    conversation = talk(*[CITED] * 40)
    html = render_earlier(conversation, 30)
    assert turns(html) == [f"turn-{number}" for number in range(10, 40)]
    assert "更早的 9 问" in Seen(html).inside["button.earlier"]
    assert turns(render_earlier(conversation, 60))[0] == "turn-1"
    assert "button.earlier" not in Seen(render_earlier(conversation, 39)).inside


def test_a_step_of_an_answer_sends_no_more_after_500_turns_than_after_one():
    def step(conversation: Conversation) -> int:
        return len(render_current(conversation.asked("又问").answered(CITED)))

    digits = 2 * len("又问")  # the number of the turn is longer
    assert step(talk(*[CITED] * 500)) <= step(talk(CITED)) + 10 * digits


def test_only_the_last_turn_can_be_asked_again_or_changed():
    conversation = talk(CITED, CITED)
    for act in ("retry", "edit"):
        assert not buttons(render_earlier(conversation), act)
        assert len(buttons(render_current(conversation), act)) == 1
    assert not buttons(render_current(conversation.asked("又问")), "retry")


def test_a_question_to_be_changed_is_whole_and_text():
    question = "长" * 700 + EVIL
    conversation = Conversation().asked(question).answered(CITED).finished()
    seen = Seen(render_current(conversation))
    assert seen.inside["textarea."].lstrip("\n") == question
    assert question not in seen.inside["h2.asked"]


def test_what_the_reader_thinks_of_an_answer_is_pressed_and_its_reason_shown():
    judged = talk(CITED).judged(1, "down", EVIL)
    (up,), (down,) = (buttons(render_current(judged), act) for act in ("up", "down"))
    assert (up["aria-pressed"], down["aria-pressed"]) == ("false", "true")
    fields = [attrs for tag, attrs in Seen(render_current(judged)).tags if tag == "input"]
    assert [field["value"] for field in fields] == [EVIL]
    forms = {a["class"]: a for tag, a in Seen(render_current(talk(CITED))).tags if tag == "form"}
    assert "hidden" in forms["reason"]


def test_a_copied_answer_names_its_sources():
    copied = plain_answer(CITED)
    assert copied.startswith(CITED.text)
    assert "[1] 《新馆开放" in copied
    assert "“馆内有座位120个。”" in copied
    assert plain_answer(REFUSED) == REFUSED.text


def test_a_visitor_who_waits_is_told_how_many_come_before():
    waiting = talk(CITED).asked("又问").waiting(2)
    assert "前面还有 2 个问题" in Seen(render_current(waiting)).text
    assert "前面还有" not in Seen(render_current(waiting.answered(REFUSED))).text


def test_a_notice_in_two_languages_shows_each_by_itself():
    seen = Seen(render_current(Conversation().noticed(said("坏了", "Broken"))))
    assert (seen.inside["span.zh"][-2:], seen.inside["span.en"][-6:]) == ("坏了", "Broken")


ENTRIES = [
    Entry("b", f"医院 {EVIL}", "2026-01-02T03:04:05+00:00", 1),
    Entry('a"', "大桥", "2026-01-01T00:00:00+00:00", 500),
]


def test_conversations_are_listed_as_text_and_the_one_shown_is_current():
    seen = Seen(render_history(ENTRIES, "b"))
    assert seen.inside["span.title"] == f"医院 {EVIL}大桥"
    assert seen.names().isdisjoint({"script", "img"})
    assert [a["data-id"] for tag, a in seen.tags if tag == "li"] == ["b", 'a"']
    opens = [a for _, a in seen.tags if a.get("class") == "open"]
    assert [a.get("aria-current") for a in opens] == ["true", None]
    assert "500 questions" in seen.text
    assert "1 question" in seen.text


def test_an_empty_list_says_why():
    assert "会列在这里" in render_history([], "a")
    assert "没有找到" in render_history([], "a", "医院")
    assert EVIL in Seen(render_history([], "a", notice=EVIL)).inside["p.notice"]


def test_of_very_many_conversations_the_others_are_left_to_the_search():
    html = render_history([replace(ENTRIES[0], id=str(n)) for n in range(205)], "0")
    assert len([tag for tag, _ in Seen(html).tags if tag == "li"]) == 100
    assert "另有 105 个" in html


@pytest.mark.parametrize(
    ("title", "kind", "name"),
    [
        ("床位 多少？", "md", "床位-多少.md"),
        ("../../etc/passwd", "json", "etc-passwd.json"),
        ("？", "exe", "conversation.md"),
    ],
)
def test_a_download_has_a_harmless_name_and_its_text_exactly(title: str, kind: str, name: str):
    [(_, held)] = Seen(render_download(title, kind, EVIL)).tags
    assert (held["data-name"], held["data-text"]) == (name, EVIL)


def test_the_same_download_twice_is_told_apart():
    assert render_download("a", "md", "b") != render_download("a", "md", "b")
