"""Many visitors at once: the measurement itself, and a short round of it."""

import re

import pytest

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


@pytest.mark.slow
def test_a_few_visitors_are_answered_right_while_the_library_changes(capsys):
    arguments = ["--chats", "4", "--minutes", "0.1", "--pause", "0.3", "--between", "1"]
    assert main([*arguments, "--stories", "10"]) == 0
    assert " 0 wrong" in capsys.readouterr().out
