"""Any question after any history, any claim and any text of a chat model: never a wrong citation."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import Answer
from qa.answering.asking import ask
from qa.answering.finding import PASSAGES, Finding, Inquiry, find
from qa.answering.followup import Standalone
from qa.chat.draft import Draft
from qa.chat.prompt import chosen_sentences
from qa.contract import answer_json
from qa.errors import QuestionError
from qa.grounding.support import check
from qa.library.library import Library
from qa.printing import json_line

ANY = st.text(st.characters(exclude_categories=()), max_size=12)
ASKED = [
    *("苹果园", "石桥镇", "馆长", "周敏", "他", "那里", "图书馆", "滨海市", "大桥", "今年", "6月3日", "24"),
    *("有多少", "是谁", "什么时候", "呢", "吗", "为什么", "？", "，", "。", "“", "《", "不是", "第二个", "亿元"),
    *("who", "how many", "when", "what about", "Zhou Min", "the bridge", "it", "\n", "\x00", "\u202e", "[1]"),
]  # fmt: skip
QUESTIONS = st.lists(st.sampled_from(ASKED) | ANY, min_size=1, max_size=8).map("".join)
HISTORIES = st.lists(st.tuples(QUESTIONS, QUESTIONS | st.just("")), max_size=3)


@pytest.fixture(scope="module")
def small(template: Path) -> Iterator[Library]:
    """The three pages, which no test here changes."""
    with Library.open(template) as opened:
        yield opened


def wrong(library: Library, answer: Answer) -> list[str]:
    """Return what is not as promised in an answer."""
    texts = {page.source: page.text for page in library.pages()}
    found = [
        f"[{cited.marker}] does not stand where it says"
        for cited in answer.citations
        if texts[cited.source][cited.start : cited.end] != cited.quote
    ]
    markers = [cited.marker for cited in answer.citations]
    if markers != list(range(1, len(markers) + 1)):
        found.append(f"markers {markers}")
    ends = [0, *(end for one in answer.statements for end in (one.start, one.end))]
    if ends != sorted(ends) or ends[-1] > len(answer.text):
        found.append(f"statements {ends}")
    if any(marker not in markers for one in answer.statements for marker in one.markers):
        found.append("a statement cites what is no citation")
    if answer.answered != bool(answer.citations) or not 0 <= answer.confidence <= 1:
        found.append("answered without a citation, or refused with one")
    return found


@given(question=QUESTIONS, history=HISTORIES)
def test_any_question_is_answered_at_exact_places_or_refused_in_one_line(
    small: Library, question: str, history: list[tuple[str, str]]
) -> None:
    answer, told = None, ""
    try:
        answer = ask(small, question, history)
    except QuestionError as error:
        told = str(error)
    assert len(told.splitlines()) == (answer is None)
    if answer is not None:
        assert wrong(small, answer) == []
        json.loads(json_line(answer_json(answer)), parse_constant=pytest.fail)


CLAIMED = [
    *("总投资达到二十四亿元", "24亿元", "馆长周敏说", "周敏", "没有", "并非", "9月28日", "三座", "百分之二十", "%"),
    *("6000斤", "六千斤", "-", "１２", "第三", "亿", "万", "根据句子3", "「", "》", "\ud800", "\x00", "O'Neil", "3.5.7"),
]  # fmt: skip
CLAIMS = st.lists(st.sampled_from(CLAIMED) | ANY, max_size=12).map("".join)


@given(claim=CLAIMS, cited=st.lists(CLAIMS, max_size=3), around=st.lists(CLAIMS, max_size=2))
def test_any_claim_is_checked_and_never_supported_by_nothing(
    claim: str, cited: list[str], around: list[str]
) -> None:
    verdict = check(claim, cited, around)
    assert verdict.support in (None, "quoted", "supported", "unverified")
    assert (verdict.support == "unverified") == (verdict.reason is not None)
    if not cited:
        assert verdict.support in (None, "unverified")


@pytest.fixture(scope="module")
def finding(small: Library) -> Finding:
    """What was found for one question."""
    asked = "石桥镇的苹果园亩产多少？"
    inquiry = Inquiry(asked, Standalone(asked, ""), 0.0)
    found = find(small.snapshot(), inquiry, PASSAGES, None)
    assert len(chosen_sentences(found, len, 2_000)) > 3
    return found


WRITTEN = [
    *("亩产超过六千斤", "石桥镇八百亩苹果园开始采摘", "王德顺", "。", "，", "\n", "- ", "**", "`", "```", "没有答案"),
    *("[1]", "[2", "]", "【3】", "[1-9", "[[1]]", "[99]", "[", "（未核实）", "<think>", "</think>", "<thi", "nk>"),
    *("［1］", "[^1]", "[句1]", "†source】", "[2022]5号", "\x1b[31m", "\u202e", "[1](http://x)", "7" * 30),
]  # fmt: skip
TOLD = st.lists(st.sampled_from(WRITTEN) | ANY, max_size=25).map("".join)


def drafted(finding: Finding, pieces: list[str]) -> Answer:
    draft = Draft(finding, chosen_sentences(finding, len, 2_000), "fuzz")
    for piece in pieces:
        draft.feed(piece)
        draft.answer()
    return draft.finished()


@given(text=TOLD, cuts=st.lists(st.integers(0, 200), max_size=6))
def test_what_a_model_writes_becomes_the_same_answer_however_it_is_cut(
    small: Library, finding: Finding, text: str, cuts: list[int]
) -> None:
    places = sorted({0, *(min(cut, len(text)) for cut in cuts), len(text)})
    pieces = [text[a:b] for a, b in pairwise(places)]
    answer, at_once = drafted(finding, pieces), drafted(finding, [text])
    assert wrong(small, answer) == []
    assert (answer.text, answer.citations) == (at_once.text, at_once.citations)
    letter_by_letter = drafted(finding, list(text))
    assert (letter_by_letter.text, letter_by_letter.citations) == (answer.text, answer.citations)
