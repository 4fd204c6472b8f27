"""Batches: a JSON Lines file of questions → one answer object a line, in order.

A line that cannot be asked still gives a line, so that output and input can be laid side by
side; its answer begins with "Error, not asked: ", as no refusal does.
"""

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from qa.answering.answer import Answer
from qa.answering.asking import BUILT_IN, Models, stream
from qa.answering.followup import turns
from qa.answering.telling import told
from qa.contract import Json, answer_json
from qa.errors import NotFoundError, QuestionError
from qa.json_text import read_json
from qa.library.library import Library
from qa.library.scope import EVERYTHING, Scope

LONGEST_LINE = 2**24  # bytes; a longer one is refused unread
DASH = Path("-")  # is standard input


class Line(NamedTuple):
    """The answer object of one line, what was wrong with the line, and what is to be told."""

    answer: Json
    problem: str = ""
    notice: str = ""


def answer_batch(
    library: Library, path: Path, models: Models = BUILT_IN, *, scope: Scope = EVERYTHING
) -> Iterator[Line]:
    """Yield for each line `{"id", "question", "history"}` its answer, and what was wrong.

    All are asked of the same `scope`. Blank lines are passed over; a line of more than 16 MiB is
    refused. The file is read as it is needed, so it may be a pipe; `-` is standard input. Raises
    NotFoundError when it cannot be read, and when the scope leads to no article.
    """
    for number, line in enumerate(_lines(path), start=1):
        if line is None or line.strip():
            yield _answered(library, line, f"{path}, line {number}", models, scope)


def _lines(path: Path) -> Iterator[bytes | None]:
    """Yield the lines of a file, None for one that is too long."""
    try:
        with _opened(path) as file:
            yield from _within_limit(file)
    except OSError as error:
        raise NotFoundError(f"{path}: cannot be read; give a JSON Lines file") from error


def _opened(path: Path) -> BinaryIO:
    if path != DASH:
        return path.open("rb")
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return open(sys.stdin.fileno(), "rb", closefd=False)


def _within_limit(file: BinaryIO) -> Iterator[bytes | None]:
    line = file.readline(LONGEST_LINE).removeprefix(BOM_UTF8)
    while line:
        whole, more = len(line) < LONGEST_LINE or line.endswith(b"\n"), line
        while more and not more.endswith(b"\n"):
            more = file.readline(LONGEST_LINE)
            whole = whole and not more
        yield line if whole else None
        line = file.readline(LONGEST_LINE)


def _answered(
    library: Library, line: bytes | None, where: str, models: Models, scope: Scope
) -> Line:
    identity: Any = None
    question = ""
    try:
        if line is None:
            raise QuestionError(f"longer than {LONGEST_LINE // 2**20} MiB")
        record = read_json(line.decode("utf-8"))
        if not isinstance(record, dict):
            raise QuestionError("not a JSON object with a question")
        identity = _identity(record.get("id"))
        question = _string(record.get("question"), "question")
        history = turns(record.get("history"))
        steps = stream(library, question, history, models=models, scope=scope)
        *_, answer = told(steps, question, "command")
        return Line(answer_json(answer, identity), notice=answer.notice)
    except QuestionError as error:
        problem = str(error)
    except ValueError:
        problem = "not valid JSON in UTF-8"
    refused = Answer(question, question, f"Error, not asked: {problem}", False, 0.0, (), (), {}, {})
    return Line(answer_json(refused, identity), f"{where}: {problem}")


def _string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise QuestionError(f'"{field}" must be text')
    return value


def _identity(value: Any) -> str | int | float | None:
    if value is None or isinstance(value, str | int | float):
        return value
    raise QuestionError('"id" must be text or a number')
