"""Batches: every line of questions gives a line of answers, in order, whatever it holds."""

import json
from pathlib import Path

import pytest

from qa.batch import answer_batch
from qa.errors import NotFoundError
from qa.library.library import Library

FIELDS = ["id", "question", "standalone_question", "answer", "answered", "confidence",
          "citations", "passages", "models", "timings_ms"]  # fmt: skip


def answered(library: Library, path: Path, *lines: str) -> list[dict[str, object]]:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return [found.answer for found in answer_batch(library, path)]


def test_each_line_gives_an_object_of_the_contract_in_order(
    filled: Library, tmp_path: Path
) -> None:
    lines = [json.dumps({"id": n, "question": "馆长是谁？", "history": []}) for n in (3, 1)]
    found = answered(filled, tmp_path / "q.jsonl", *lines)
    assert [one["id"] for one in found] == [3, 1]
    assert all(list(one) == FIELDS for one in found)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1, 2]",
        '{"id": 7}',
        '{"id": 7, "question": ""}',
        '{"id": 7, "question": 5}',
        '{"id": 7, "question": "谁？", "history": ["a"]}',
        '{"id": 7, "question": "谁？", "history": [[1, 2]]}',
        "[" * 100_000,
        '{"id": NaN, "question": "谁？"}',
        '{"id": 1e999, "question": "谁？"}',
        '{"id": [[7]], "question": "谁？"}',
        f'{{"id": {"7" * 5000}, "question": "谁？"}}',
        '{"id": 7, "question": "' + "谁" * 5_600_000 + '"}',
        "\x00",
    ],
    ids=range(14),
)
def test_a_bad_line_gives_a_refusal_and_says_which_line_it_was(
    filled: Library, tmp_path: Path, line: str
) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{line}\n{{"id": 8, "question": "馆长是谁？"}}\n', "utf-8")
    (bad, problem, _), (good, none, _) = answer_batch(filled, path)
    assert bad["answered"] is False
    assert bad["answer"].startswith("Error, not asked: ")
    assert problem.startswith(f"{path}, line 1: ")
    assert (good["id"], none) == (8, "")


def test_a_line_that_is_not_utf8_does_not_cost_the_others(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xff\xfe\n{"id": 8, "question": "\xe8\xb0\x81\xef\xbc\x9f"}\n')
    (_, problem, _), (good, _, _) = answer_batch(filled, path)
    assert "line 1" in problem
    assert good["id"] == 8


def test_half_a_surrogate_pair_in_json_is_no_obstacle(filled: Library, tmp_path: Path) -> None:
    found = answered(filled, tmp_path / "q.jsonl", '{"id": 1, "question": "馆长\\ud800是谁？"}')
    assert json.dumps(found[0]).isascii()


def test_a_file_that_is_not_there_is_an_error_that_names_it(
    filled: Library, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError, match=r"none\.jsonl"):
        list(answer_batch(filled, tmp_path / "none.jsonl"))
