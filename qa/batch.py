"""Batches: a JSON Lines file of questions → one answer object a line, in order.

A line that cannot be asked still gives a line, with the reason as its answer, so that output
and input can be laid side by side.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qa.answering.answer import Answer
from qa.answering.asking import BUILT_IN, Models, ask
from qa.answering.followup import turns
from qa.contract import Json, answer_json
from qa.errors import NotFoundError, QuestionError
from qa.library.library import Library
from qa.library.scope import EVERYTHING, Scope


class Line(NamedTuple):
    """The answer object of one line, what was wrong with the line, and what is to be told."""

    answer: Json
    problem: str = ""
    notice: str = ""


def answer_batch(
    library: Library, path: Path, models: Models = BUILT_IN, *, scope: Scope = EVERYTHING
) -> Iterator[Line]:
    """Yield for each line `{"id", "question", "history"}` its answer, and what was wrong.

    All are asked of the same `scope`. Blank lines are passed over. Raises NotFoundError when the
    file cannot be read, and when the scope leads to no article.
    """
    try:
        lines = path.read_bytes().removeprefix(BOM_UTF8).split(b"\n")
    except OSError as error:
        raise NotFoundError(f"{path}: cannot be read; give a JSON Lines file") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answered(library, line, f"{path}, line {number}", models, scope)


def _answered(library: Library, line: bytes, where: str, models: Models, scope: Scope) -> Line:
    identity: Any = None
    question = ""
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_no_number)
        if not isinstance(record, dict):
            raise QuestionError("not a JSON object with a question")
        identity = record.get("id")
        question = _string(record.get("question"), "question")
        history = turns(record.get("history"))
        answer = ask(library, question, history, models=models, scope=scope)
        return Line(answer_json(answer, identity), notice=answer.notice)
    except QuestionError as error:
        problem = str(error)
    except (ValueError, RecursionError):
        problem = "not valid JSON in UTF-8"
    refused = Answer(question, question, problem, False, 0.0, (), (), {}, {})
    return Line(answer_json(refused, identity), f"{where}: {problem}")


def _string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise QuestionError(f'"{field}" must be text')
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
