"""Batches and sets of any bytes: a line of valid JSON for each line, whatever it holds."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.asking import ask
from qa.batch import answer_batch
from qa.errors import QAError
from qa.evaluation.sets import records
from qa.library.library import Library
from qa.printing import article_lines, json_line, proof_lines, shown
from qa.splitting.articles import split_articles
from qa.splitting.pages import page_from_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.fixed_dictionaries({}, optional={"id": VALUES, "question": VALUES, "history": VALUES})
WRITTEN = (VALUES | FIELDS).map(lambda value: json.dumps(value).encode())
LINES = st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")) | WRITTEN, max_size=5)
ENDS = st.sampled_from([b"\n", b"\r\n"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, end=ENDS)
def test_every_line_that_is_not_blank_gives_one_line_of_json(
    filled: Library, tmp_path: Path, lines: list[bytes], end: bytes
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(end.join(lines))
    found = list(answer_batch(filled, path))
    assert len(found) == sum(bool(line.strip()) for line in lines)
    for one in found:
        printed = json_line(one.answer)
        assert "\n" not in printed
        json.loads(printed.encode("utf-8"), parse_constant=pytest.fail)


@pytest.mark.parametrize("value", ["NaN", "1e999", "[" * 100_000, "7" * 5000])
def test_a_set_with_what_json_cannot_hold_is_one_clear_error(tmp_path: Path, value: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(f'{{"id": {value}}}\n', "utf-8")
    with pytest.raises(QAError, match=r"line 1: not JSON"):
        records(path, ["id"])


def test_nothing_that_steers_a_terminal_is_printed(library: Library) -> None:
    text = "滨海市\x1b[31m新建大桥\n\n本报讯 5月12日，滨海市\x9b2J三座\u202e大桥全部开工。\n"
    page = page_from_text("a\x1b]0;b.txt", text)
    library.add_pages([(page, split_articles(page), page.source)])
    answer = ask(library, "滨海市几座大桥开工？")
    lines = [*proof_lines(answer), *article_lines(library.articles()[0])]
    assert any("大桥全部开工" in line for line in lines)
    assert not any(sign in line for line in lines for sign in "\x1b\x9b\u202e")


def test_what_a_terminal_may_have_is_as_long_as_the_text() -> None:
    assert shown("a\x1b[2J\ud800b\n") == "a\ufffd[2J\ufffdb\n"
