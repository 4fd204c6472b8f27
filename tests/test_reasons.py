"""Reasons and notices: told in one language by an answer, found again in both by the window."""

import pytest

from qa.grounding import reasons
from qa.grounding.reasons import Reason, known
from qa.grounding.support import check
from window.markup import said
from window.problems import in_either

LINES = [value for value in vars(reasons).values() if isinstance(value, Reason)]
HELD = ("王万鹏宣布项目开工。",)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.en)
def test_every_line_is_found_again_by_its_words_in_either_language(line: Reason) -> None:
    about = line.of("“{}” 212，<b>\n.*")
    assert known(about.zh) == known(about.en) == about


@pytest.mark.parametrize(
    "stated", ["提供1500张床位。", "王万鹏没有宣布项目开工。", "张红军来到会场。"]
)
def test_the_reason_of_a_doubt_is_known_whatever_it_is_about(stated: str) -> None:
    reason = check(stated, HELD).reason
    assert reason is not None
    assert known(reason.zh) == known(reason.en) == reason


def test_other_words_are_none_of_these_and_are_shown_as_they_are() -> None:
    assert known("") is None
    assert known(f"{reasons.CUT.zh}再问一次。") is None
    assert in_either("server away") == "server away"
    assert in_either(reasons.CUT.en) == said(reasons.CUT.zh, reasons.CUT.en)
