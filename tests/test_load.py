"""Many visitors at once: the measurement itself, a short round of it, and what a page leaves."""

import asyncio
import re
from typing import Any

import pytest
from gradio.state_holder import SessionState

from qa import Library
from window.desk import Desk
from window.frame import build
from window.load.__main__ import main
from window.load.villages import FACTS, NAMES, amount, problem, question, story


def turn(told: int, *quoted: str) -> str:
    cited = "".join(f'<a data-quote="{each}">[1]</a>' for each in quoted)
    return f'<div class="answered done"><p><b>{told}</b>{cited}</p><p class="colophon">'


def test_every_number_stands_in_one_story_only():
    every = [number for each in range(len(NAMES)) for number in re.findall(r"\d{5,}", story(each))]
    assert len(every) == len(set(every)) == len(NAMES) * len(FACTS)


def test_an_answer_of_another_village_is_found_out():
    own, other = f"{NAMES[3]}村一句。", f"{NAMES[4]}村一句。"
    assert problem(turn(amount(3, 1), own), 3, 1) == ""
    assert question(3, 1) in problem(turn(amount(4, 1), own), 3, 1)
    assert other in problem(turn(amount(3, 1), own, other), 3, 1)
    assert problem(turn(amount(3, 1)), 3, 1)
    assert problem("<p>没有找到</p>", 3, 1)


async def ask(page: Any, state: SessionState, words: str) -> None:
    box = next(part for part in page.blocks.values() if part.elem_id == "question")
    asking = next(each for each in page.fns.values() if (box._id, "submit") in each.targets)
    step: dict[str, Any] = {"iterator": None, "is_generating": True}
    while step["is_generating"]:
        given = [words, None, None, ""]
        step = await page.process_api(asking, given, state=state, iterator=step["iterator"])


def test_gradio_keeps_of_each_part_of_a_page_what_it_shows_last_and_no_more(template):
    async def asked() -> SessionState:
        page = build(Desk(library))
        state = SessionState(page)
        for _ in range(3):
            await ask(page, state, "石桥镇苹果园亩产多少？")
        return state

    with Library.open(template) as library:
        state = asyncio.run(asked())
    held = [part.elem_id for part in state.blocks_config.blocks.values()]
    assert [held.count(each) for each in ("current", "transcript", "sources", "history")] == [1] * 4
    shown = [str(each["props"].get("value")) for each in state.components]
    assert sum("六千斤" in each for each in shown) == 3  # the answer, those before, the source


@pytest.mark.slow
def test_a_few_visitors_are_answered_right_while_the_library_changes(capsys):
    arguments = ["--chats", "4", "--minutes", "0.1", "--pause", "0.3", "--between", "1"]
    assert main([*arguments, "--stories", "10"]) == 0
    assert " 0 wrong" in capsys.readouterr().out
