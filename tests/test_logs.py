"""Logs: one JSON object a line of what happens, without questions, keys and forged lines."""

import argparse
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Script, ScriptedServer

from qa import Library, QAError, cli, logs, stream
from qa.answering.asking import Models
from qa.answering.quoting import Reader
from qa.answering.telling import told
from qa.batch import answer_batch
from qa.chat.choosing import Wish, models_for
from qa.errors import QuestionError
from qa.events import tell

QUESTION = "石桥镇苹果园亩产多少？"
KEY = "sk-a-key-that-nobody-may-see"


class Read:
    """A log in memory."""

    def __init__(self, level: str = "debug", questions: bool = False, *secrets: str) -> None:
        self._stream = io.StringIO()
        form = logs.JsonLines(questions, secrets)
        self.log = logs.Log(logs.LEVELS[level], form, self._stream)

    def raw(self) -> str:
        return self._stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.raw().splitlines()]


@pytest.fixture
def read() -> Iterator[Read]:
    made = Read()
    with made.log:
        yield made


def run(steps: Iterator[Any], by: str = "api") -> None:
    for _ in told(steps, QUESTION, by):
        pass


def test_an_answer_is_one_line_with_its_figures_and_without_what_was_asked(filled, read):
    run(stream(filled, QUESTION))
    (line,) = read.lines()
    assert line["event"] == "question"
    assert (line["outcome"], line["by"], line["citations"] > 0) == ("answered", "api", True)
    assert 0 <= line["confidence"] <= 1
    assert line["total_ms"] >= line["answer_ms"] > 0
    assert "苹果" not in read.raw()
    assert "六千斤" not in read.raw()
    assert "王德顺" not in read.raw()


def test_each_question_of_a_batch_is_told_too(filled, read, tmp_path):
    path = tmp_path / "q.jsonl"
    asked = [{"question": QUESTION}, {"question": ""}, {"question": "火星上有水吗？"}]
    path.write_text("".join(json.dumps(each) + "\n" for each in asked), "utf-8")
    list(answer_batch(filled, path))
    assert [line["outcome"] for line in read.lines()] == ["answered", "failed", "refused"]
    assert {line["by"] for line in read.lines()} == {"command"}


def test_questions_are_written_where_that_is_wanted(filled):
    read = Read("info", True)
    with read.log:
        run(stream(filled, QUESTION))
    assert read.lines()[0]["question"] == QUESTION


def failing(error: Exception) -> Iterator[Any]:
    raise error
    yield


@pytest.mark.parametrize(
    ("error", "outcome", "level"),
    [(QuestionError(QUESTION), "failed", "info"), (KeyError(QUESTION), "defect", "error")],
)
def test_a_failure_is_told_by_its_kind_alone(read, error, outcome, level):
    with pytest.raises(type(error)):
        run(failing(error))
    (line,) = read.lines()
    assert (line["outcome"], line["level"], line["why"]) == (outcome, level, type(error).__name__)
    assert QUESTION not in read.raw()


def test_who_goes_away_has_stopped_the_answer(filled, read):
    steps = told(stream(filled, QUESTION), QUESTION, "window")
    next(steps)
    steps.close()
    assert [line["outcome"] for line in read.lines()] == ["stopped"]


class Fallen(Reader):
    """Answers in the place of a model whose server repeated the question in its failure."""

    def answers(self, finding: Any) -> Iterator[Any]:
        for answer in super().answers(finding):
            yield replace(answer, notice=f"failed: you asked {QUESTION}")


def test_a_model_that_failed_is_told_without_its_words(filled, read):
    run(stream(filled, QUESTION, models=Models(Fallen())))
    assert [line["event"] for line in read.lines()] == ["question", "fallback"]
    assert QUESTION not in read.raw()


@pytest.mark.parametrize(
    "name", ['a\n{"event": "forged"}', "a\r\x1b[2Kb", "a\u2028b\u202eb\x85c", "a\ud800b", "a\x00b"]
)
def test_no_name_can_forge_a_line_or_turn_it_around(read, name):
    tell("page added", source=name)
    assert read.raw().count("\n") == 1
    assert read.raw().removesuffix("\n").isprintable()
    assert read.lines()[0]["source"] == name


def test_chinese_stays_legible(read):
    tell("page added", source="高新区😀.txt")
    assert "高新区😀.txt" in read.raw()


def test_a_key_is_in_no_line_whoever_writes_it():
    read = Read("debug", True, KEY)
    with read.log:
        tell("question", question=f"what is {KEY}?", notice=f"the server said {KEY}")
        logging.getLogger("openai").warning("sent %s", {"Authorization": f"Bearer {KEY}"})
        try:
            raise ValueError(KEY)
        except ValueError:
            logging.getLogger("httpx2").exception("failed")
    assert len(read.lines()) == 3
    assert KEY not in read.raw()


def test_what_other_packages_only_mention_is_never_written(read):
    for level in (logging.DEBUG, logging.INFO):
        logging.getLogger("httpcore").log(level, QUESTION)
    logging.getLogger("uvicorn.error").warning("too many")
    assert [line["event"] for line in read.lines()] == ["too many"]


def test_a_server_that_gives_the_key_back_reaches_no_line_and_no_answer(filled, tmp_path):
    file = tmp_path / "key"
    file.write_text(KEY, encoding="utf-8")
    echo = Script(status=400, message=f"your key {KEY} is bad", headers={"x-key": KEY})
    with ScriptedServer([echo]) as server:
        models = models_for(Wish(server=server.url, key_file=file))
        read = Read("debug", True)  # not even told which key there is
        with read.log:
            *_, answer = told(stream(filled, QUESTION, models=models), QUESTION, "api")
    assert answer.notice
    assert KEY not in read.raw() + answer.notice + answer.text


def test_from_a_level_on_only_what_weighs_as_much_is_written():
    read = Read("warning")
    with read.log:
        tell("login")
        tell("login failed", logging.WARNING)
    assert [line["event"] for line in read.lines()] == ["login failed"]


def test_nothing_is_written_before_and_after(read):
    read.log.close()
    tell("page added")
    logging.getLogger("openai").warning("x")
    assert read.raw() == ""


def test_without_being_asked_for_there_is_no_log(monkeypatch):
    monkeypatch.delenv("QA_LOG_LEVEL", raising=False)
    assert logs.begin(argparse.Namespace()) is None


def test_an_unknown_level_of_the_environment_is_one_line(monkeypatch):
    monkeypatch.setenv("QA_LOG_LEVEL", "loud\nx")
    with pytest.raises(QAError, match="debug, info, warning, error") as raised:
        logs.begin(argparse.Namespace(log_level=None))
    assert "\n" not in str(raised.value)


def test_the_command_line_writes_lines_to_standard_error_alone(
    filled: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    folder: Path = filled.folder
    filled.close()
    command = ["ask", "--library", str(folder), "--json", "--log-level", "info", QUESTION]
    assert cli.main(command) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["answered"]
    events = [json.loads(line) for line in printed.err.splitlines()]
    assert [event["by"] for event in events if event["event"] == "question"] == ["command"]
    assert QUESTION not in printed.err


def test_what_becomes_of_pages_is_told_by_name_without_their_text(read, library, pages):
    (pages / "broken.txt").write_bytes(b"\x00\x01\x02")
    library.add([pages])
    library.remove("orchard.txt")
    events = [(line["event"], line.get("source")) for line in read.lines()]
    assert ("page added", "orchard.txt") in events
    assert ("page failed", "broken.txt") in events
    assert events[-1] == ("page removed", "orchard.txt")
    assert ("indexed", None) in events
    assert "苹果" not in read.raw()
