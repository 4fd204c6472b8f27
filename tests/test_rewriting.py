"""Follow-ups that a chat model rewrites: what of its text is taken, and for how long it may write."""

import time

import pytest
from scripted_server import Script, ScriptedServer

from qa import Library, ask
from qa.answering.asking import Models
from qa.chat.answering import ChatAnswerer
from qa.chat.choosing import Server
from qa.chat.rewriting import acceptable

QUESTION = "它新增了多少个座位？"
HISTORY = [["县图书馆每晚开放到几点？", "县图书馆每晚开放到十点。[1]"]]
ALONE = "县图书馆新增了多少个座位？"


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n\n</think>\n\n{ALONE}",
        f"<think>它指的是县图书馆。\n改写：</think>{ALONE}",
        f"它指的是县图书馆。\n</think>\n{ALONE}",  # the template began the thought
        f"<thinking>石桥镇？</thinking>\n{ALONE}\n",
        f"</THINK>改写为：“{ALONE}”",
    ],
)
def test_thoughts_before_a_rewritten_question_are_left_out(written: str) -> None:
    assert acceptable(written, QUESTION, HISTORY) == ALONE


@pytest.mark.parametrize("written", [f"{ALONE}</think>", "<think>", f"<think>{ALONE}", "</think>"])
def test_what_stands_only_in_thoughts_is_no_question(written: str) -> None:
    assert acceptable(written, QUESTION, HISTORY) == ""


def test_thoughts_after_a_rewritten_question_are_left_out_too() -> None:
    assert acceptable(f"{ALONE}<think>对吗？", QUESTION, HISTORY) == ALONE


@pytest.mark.parametrize(
    "late",
    [Script(then="hang"), Script(["县"], then="endless", delay=0.5)],
    ids=["in silence", "in full flow"],
)
def test_a_model_that_takes_too_long_to_rewrite_is_left_and_the_rules_version_searched_for(
    filled: Library, late: Script
) -> None:
    with ScriptedServer([late, Script(["没有找到。"])]) as server:
        answerer = ChatAnswerer(Server(server.url, None, None), patience=0.4)
        began = time.monotonic()
        answer = ask(filled, QUESTION, HISTORY, models=Models(answerer))
        assert time.monotonic() - began < 30
        assert server.requests[0].gone.wait(5)
        assert len(server.requests) == 2  # the answer is the model's all the same
    assert answer.standalone_question == ALONE
