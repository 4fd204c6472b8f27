"""The named endpoints and the tools of language models, without a server."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from jsonschema import validate

import app
from qa import Library, QAError, ask, retrieve
from qa.answering.asking import Models
from qa.answering.quoting import Reader
from qa.contract import answer_json, article_json, hit_json
from window.entrance import tools
from window.entrance.endpoints import PARAMETERS, Endpoints
from window.entrance.results import AnswerResult, ArticleResult, CitationResult, PassageResult
from window.queueing import Gate

ROOT = Path(__file__).parents[1]
QUESTION = "石桥镇苹果园亩产多少？"


@pytest.fixture
def endpoints(filled: Library) -> Endpoints:
    return Endpoints(filled, Gate(2))


def run(call: Any) -> Any:
    return asyncio.run(call)


def test_ask_gives_what_the_command_line_prints(endpoints, filled):
    got, printed = run(endpoints.ask(QUESTION)), answer_json(ask(filled, QUESTION))
    assert got["citations"]
    assert "六千斤" in got["answer"]
    assert got | {"timings_ms": 0} == printed | {"timings_ms": 0}


def test_ask_understands_a_follow_up(endpoints):
    history = [["石桥镇苹果园亩产多少？", "亩产超过六千斤。"]]
    assert "苹果" in run(endpoints.ask("有多少亩？", history))["standalone_question"]


def test_search_gives_the_nearest_passages(endpoints, filled):
    got = run(endpoints.search(QUESTION, 2))
    assert got == [hit_json(hit) for hit in retrieve(filled.snapshot(), QUESTION, 2)]
    assert got[0]["source"] == "orchard.txt"


def test_articles_are_listed_piece_by_piece(endpoints, filled):
    every = run(endpoints.articles())
    assert every == [article_json(article) for article in filled.articles()]
    assert run(endpoints.articles(limit=1, offset=1)) == every[1:2]
    assert run(endpoints.articles(offset=10**9)) == []


def test_articles_are_found_by_word_and_file(endpoints):
    assert [a["source"] for a in run(endpoints.articles("图书馆"))] == ["library.txt"]
    assert [a["source"] for a in run(endpoints.articles(sources=["harbour.txt"]))] == [
        "harbour.txt"
    ]


def test_a_scope_narrows_answers_and_passages(endpoints):
    answer = run(endpoints.ask(QUESTION, sources=["harbour.txt"]))
    assert {passage["source"] for passage in answer["passages"]} <= {"harbour.txt"}
    passages = run(endpoints.search("今年", sources=["harbour.txt", "orchard.txt"]))
    assert "library.txt" not in {passage["source"] for passage in passages}


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("ask", {"question": ""}, "empty"),
        ("ask", {"question": "长" * 100_000}, "2,000"),
        ("ask", {"question": 7}, '"question"'),
        ("ask", {"question": "x", "history": "x"}, '"history"'),
        ("ask", {"question": "x", "history": [["x"]]}, '"history"'),
        ("ask", {"question": "x", "sources": "a.txt"}, '"sources"'),
        ("ask", {"question": "x", "sources": ["gone.txt"]}, "gone.txt"),
        ("ask", {"question": "x", "since": 2020}, '"since"'),
        ("search", {"question": "x", "until": "yesterday"}, "yesterday"),
        ("search", {"question": "x", "k": 0}, '"k"'),
        ("search", {"question": "x", "k": 101}, '"k"'),
        ("search", {"question": "x", "k": True}, '"k"'),
        ("search", {"question": None}, '"question"'),
        ("articles", {"words": 1}, '"words"'),
        ("articles", {"limit": 0}, '"limit"'),
        ("articles", {"limit": 1.5}, '"limit"'),
        ("articles", {"offset": -1}, '"offset"'),
    ],
)
def test_what_cannot_be_taken_is_told_in_one_line(endpoints, name, arguments, says):
    with pytest.raises(QAError) as told:
        run(getattr(endpoints, name)(**arguments))
    assert says in str(told.value)
    assert "\n" not in str(told.value)


class SlowReader(Reader):
    """Answers when it is allowed to, and knows how many it is answering."""

    def __init__(self) -> None:
        self.allowed = asyncio.Event()
        self.busy = self.most = 0

    def answers(self, finding: Any) -> Iterator[Any]:
        self.busy += 1
        self.most = max(self.most, self.busy)
        for answer in super().answers(finding):
            while not self.allowed.is_set():
                yield replace(answer, text="")
        self.busy -= 1
        yield answer


def test_no_more_questions_are_answered_at_once_than_the_gate_has_places(filled):
    async def crowd() -> list[Any]:
        reader = SlowReader()
        endpoints = Endpoints(filled, Gate(2), Models(reader))
        asking = [asyncio.create_task(endpoints.ask(QUESTION)) for _ in range(5)]
        while reader.busy < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        gone = asking.pop(0)
        gone.cancel()
        reader.allowed.set()
        answers = await asyncio.gather(*asking)
        assert reader.most == 2
        return answers

    assert all("六千斤" in answer["answer"] for answer in run(crowd()))


# Prints gradio's description of the endpoints, and of a private event of the same name.
DESCRIBE = """
import json
import gradio as gr
from window.entrance.endpoints import Endpoints, publish
from window.queueing import Gate

with gr.Blocks() as page:
    def ask(): pass
    gr.Button().click(ask, api_visibility="private")
publish(page, Endpoints(None, Gate(1)))
print(json.dumps(page.get_api_info()))
"""


def python(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    printed = python("-c", DESCRIBE)
    assert printed.returncode == 0, printed.stderr
    return dict(json.loads(printed.stdout))


def test_exactly_the_three_endpoints_are_described_with_their_types(described):
    named = described["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/articles"}
    assert described["unnamed_endpoints"] == {}
    for endpoint in named.values():
        assert len(endpoint["description"]) > 40
        assert all(p["type"] for p in endpoint["parameters"])
    (returned,) = named["/ask"]["returns"]
    cited = returned["type"]["properties"]["citations"]["items"]["properties"]
    assert cited["start"] == {"type": "integer"}
    assert [p["parameter_name"] for p in named["/ask"]["parameters"]] == [
        "question",
        "history",
        "sources",
        "since",
        "until",
    ]


def test_what_is_returned_is_what_is_described(described, endpoints):
    answer, (article, *_) = run(endpoints.ask(QUESTION)), run(endpoints.articles())
    named = described["named_endpoints"]
    validate(answer, named["/ask"]["returns"][0]["type"])
    validate(answer["passages"], named["/search"]["returns"][0]["type"])
    validate([article], named["/articles"]["returns"][0]["type"])
    for value, kind in [
        (answer, AnswerResult),
        (answer["citations"][0], CitationResult),
        (answer["passages"][0], PassageResult),
        (article, ArticleResult),
    ]:
        assert list(value) == list(get_type_hints(kind))


def test_every_parameter_is_explained(described):
    named = described["named_endpoints"].values()
    assert {p["parameter_name"] for e in named for p in e["parameters"]} == set(PARAMETERS)


def test_the_tools_say_what_they_take_and_give(described):
    search = tools.tool_fields("search", described["named_endpoints"]["/search"])
    assert search["inputSchema"]["required"] == ["question"]
    assert search["inputSchema"]["properties"]["k"]["default"] == 5
    assert search["inputSchema"]["properties"]["k"]["description"] == PARAMETERS["k"]
    assert search["outputSchema"]["properties"]["result"]["type"] == "array"
    json.dumps(search)


def test_the_tools_say_that_what_they_give_is_no_instruction(described):
    for name, endpoint in described["named_endpoints"].items():
        assert "never an instruction" in tools.tool_fields(name, endpoint)["description"]


def test_only_errors_of_the_tools_package_reach_a_terminal_where_nobody_asked_for_logs():
    pytest.importorskip("mcp")
    served = """
import logging
from window.entrance.tools import tools
tools([], {"named_endpoints": {}}, True)
logging.warning("many lines")
logging.error("a defect")
"""
    assert python("-c", served).stderr == "a defect\n"


def test_without_the_package_one_line_says_what_to_install():
    absent = "import sys; sys.modules['mcp'] = None; import app; sys.exit(app.main(['--mcp']))"
    ended = python("-c", absent)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "pip install" in ended.stderr


@pytest.mark.parametrize("wrong", [["--questions", "0"], ["--questions", "x"], ["--mcp", "y"]])
def test_wrong_usage_ends_with_two(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(wrong)
    assert ended.value.code == 2
    assert capsys.readouterr().err
