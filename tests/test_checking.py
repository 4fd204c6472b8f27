"""Checking: a model is asked about the seeds, and what it did is told with its timings."""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from qa.answering.answer import Answer
from qa.answering.finding import Finding
from qa.answering.quoting import Reader
from qa.chat.model import ChatModel, Message
from qa.errors import ModelError
from qa.library.library import Library
from qa.model_commands import model_command
from qa.models.checking import (
    EVIDENCE,
    Checked,
    check_chat,
    check_encoder,
    check_reranker,
    checked_lines,
)


class SlowModel:
    """Writes its words one by one; a token is a character."""

    name = "slow"
    context = 1000

    def __init__(self, words: Sequence[str], pause: float = 0.05) -> None:
        self._words, self._pause = words, pause

    def count(self, text: str) -> int:
        return len(text)

    def stream(self, *_: object) -> Iterator[str]:
        yield ""
        for word in self._words:
            time.sleep(self._pause)
            yield word


class Retelling:
    """Lets a model write, and then answers as the reader does, or with a notice."""

    name = "retelling"
    status = ""

    def __init__(self, model: ChatModel, notice: str = "") -> None:
        self._model, self._notice = model, notice

    def rewriting(self, *asked: str) -> Iterator[str]:
        yield asked[2]

    def answers(self, finding: Finding) -> Iterator[Answer]:
        *_, answer = Reader().answers(finding)
        for _ in self._model.stream([Message("user", finding.asked.text)], 100):
            yield replace(answer, text="")
        yield replace(answer, notice=self._notice)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("checking") / "library") as library:
        library.add([seeds])
        yield library


def test_what_cannot_be_tried_is_told_with_what_can_be_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    asked = argparse.Namespace(action="check", name=None, json=False)
    with pytest.raises(ModelError, match="qa models pull gets one"):
        model_command(asked)
    monkeypatch.setenv("QA_SERVER", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"behind http://127\.0\.0\.1:9: try it by qa ask"):
        model_command(asked)


def checked_chat(seeded: Library, *words: str, notice: str = "") -> Checked:
    return check_chat(lambda: SlowModel(words), lambda model: Retelling(model, notice), seeded)


def test_a_chat_model_is_timed_while_it_answers_about_the_seeds(seeded: Library) -> None:
    found = checked_chat(seeded, "一", "二", "三", "四", "五")
    assert found.ok
    assert any(EVIDENCE in quote for quote in found.citations)
    assert found.measures["tokens"] == 5
    assert 0.05 <= found.measures["first_token_s"] < found.measures["answer_s"]
    assert 1 < found.measures["tokens_per_s"] <= 20  # 4 tokens in 4 pauses of a twentieth second
    assert found.memory > 10**7
    assert asdict(found)["part"] == "answerer"


def test_how_a_model_did_is_told_in_lines(seeded: Library) -> None:
    told = list(checked_lines(checked_chat(seeded, "一", "二")))
    assert told[0] == "slow (answerer): ok"
    assert any(EVIDENCE in line for line in told)
    assert "tokens 2" in told[-1]
    assert "memory_gb" in told[-1]


def test_a_chat_model_that_the_reader_stood_in_for_has_failed(seeded: Library) -> None:
    found = checked_chat(seeded, notice="Answered by the built-in reader: it broke")
    assert not found.ok
    assert "it broke" in found.notice
    assert "tokens_per_s" not in found.measures


def test_a_chat_model_that_cannot_be_loaded_is_an_error(seeded: Library) -> None:
    def load() -> ChatModel:
        raise ModelError("no such folder")

    with pytest.raises(ModelError, match="no such folder"):
        check_chat(load, Retelling, seeded)


class Lookout:
    """An encoder of two numbers: whether the text holds the evidence, and whether it does not."""

    name = "lookout"
    fingerprint = "0" * 32
    width = 2

    def __init__(self, sees: bool) -> None:
        self._sees = sees

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        held = np.array([(EVIDENCE in text) == self._sees for text in texts])
        return np.stack([held, ~held], axis=1).astype(np.float32)

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[1.0, 0.0]] * len(texts), np.float32)


def test_an_encoder_finds_the_passage_among_all_others(seeded: Library) -> None:
    found = check_encoder(lambda: Lookout(True), seeded)
    assert found.ok
    assert found.measures["rank"] == 1
    assert found.measures["passages_per_s"] > 0
    assert set(found.measures) == {"load_s", "passages_per_s", "question_ms", "rank"}


def test_an_encoder_that_finds_something_else_is_told_so(seeded: Library) -> None:
    found = check_encoder(lambda: Lookout(False), seeded)
    assert not found.ok
    assert found.measures["rank"] > 10
    assert EVIDENCE not in found.answer


class Scales:
    """A reranker that knows the evidence when it sees it."""

    name = "scales"

    def scores(self, _: str, texts: Sequence[str]) -> np.ndarray:
        return np.array([EVIDENCE in text for text in texts], np.float32)


def test_a_reranker_orders_what_was_found(seeded: Library) -> None:
    found = check_reranker(Scales, seeded)
    assert found.ok
    assert (found.name, found.part, found.measures["rank"]) == ("scales", "reranker", 1)
    assert found.measures["passages"] == 10
