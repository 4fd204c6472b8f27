"""The command line: every command, for people and as JSON, and its errors as one line."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Request, Script, ScriptedServer

from qa.arguments import parser
from qa.cli import main

RETRIEVAL_PLOT = [
    "eval",
    "--passages",
    "p",
    "--questions",
    "q",
    "--retrieval-only",
    "--plot",
    "x.svg",
]


class Terminal:
    """Runs commands on one library and keeps what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.errors = ""

    def __call__(self, *arguments: object, code: int = 0) -> str:
        given = [str(argument) for argument in arguments]
        assert main([*given, "--library", str(self.folder)]) == code
        printed = self._capsys.readouterr()
        self.errors = printed.err
        return printed.out

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def qa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path / "archive", capsys)


@pytest.fixture
def with_pages(qa: Terminal, pages: Path) -> Terminal:
    qa("add", pages)
    return qa


def test_adding_reports_each_page_and_adding_again_changes_nothing(
    qa: Terminal, pages: Path
) -> None:
    assert [one["state"] for one in qa.json("add", pages)] == ["added"] * 3
    assert [one["state"] for one in qa.json("add", pages)] == ["unchanged"] * 3


def test_a_bad_file_is_reported_and_the_rest_go_in(qa: Terminal, pages: Path) -> None:
    (pages / "picture.txt").write_bytes(bytes(range(256)) * 20)
    (pages / "empty.txt").write_bytes(b"")
    printed = qa("add", pages, pages / "missing.txt", code=1)
    assert printed.count("added") == 3
    assert len(qa.errors.splitlines()) == 3
    assert all(name in qa.errors for name in ("picture.txt", "empty.txt", "missing.txt"))


def test_articles_have_the_fields_of_the_contract(with_pages: Terminal, pages: Path) -> None:
    articles = with_pages.json("articles")
    assert list(articles[0]) == [
        "id", "source", "title", "date_text", "date", "byline", "text", "spans"
    ]  # fmt: skip
    for article in articles:
        page = (pages / article["source"]).read_bytes().decode("utf-8")
        assert "\n".join(page[a:b] for a, b in article["spans"]) == article["text"]
    assert "县图书馆延长开放时间" in with_pages("articles")


def test_search_shows_the_nearest_passages(with_pages: Terminal) -> None:
    found = with_pages.json("search", "苹果亩产", "-k", 2)
    assert found[0]["source"] == "orchard.txt"
    assert [one["rank"] for one in found] == list(range(1, len(found) + 1))
    assert "石桥镇" in with_pages("search", "苹果亩产")
    assert with_pages("search", "zzz") == ""
    assert "no passage" in with_pages.errors


def test_ask_answers_with_exact_quotations(with_pages: Terminal, pages: Path) -> None:
    answer = with_pages.json("ask", "三座跨江大桥总投资多少元？")
    assert answer["answered"]
    assert set(answer["models"]) == {"encoder", "reranker", "answerer"}
    assert set(answer["timings_ms"]) == {"retrieve", "answer", "total"}
    for cited in answer["citations"]:
        page = (pages / cited["source"]).read_bytes().decode("utf-8")
        assert page[cited["start"] : cited["end"]] == cited["quote"]
    assert "二十四亿元" in with_pages("ask", "三座跨江大桥总投资多少元？")


def test_ask_says_what_was_searched_for_where_it_is_not_what_was_typed(
    with_pages: Terminal,
) -> None:
    assert "searched for" not in with_pages("ask", "市图书馆的馆长是谁？")
    said = with_pages("ask", "滨交局宣布了什么？")
    assert "searched for: 滨海市交通局宣布了什么？" in said


def test_a_batch_prints_one_line_for_each_question(with_pages: Terminal, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "馆长是谁？"}\n\nnot json\n', "utf-8")
    lines = with_pages("ask", "--batch", questions, code=1).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, None]
    assert "line 3" in with_pages.errors


def test_half_a_surrogate_pair_is_printed_as_its_escape(
    with_pages: Terminal, tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "\\ud800馆长是谁？"}\n', "utf-8")
    printed = with_pages("ask", "--batch", questions)
    assert json.loads(printed)["question"] == "\ud800馆长是谁？"


def test_eval_tells_at_once_that_the_output_cannot_be_written(qa: Terminal, tmp_path: Path) -> None:
    given = ["--passages", tmp_path / "p", "--questions", tmp_path / "q"]
    qa("eval", *given, "--out", tmp_path / "no" / "out.jsonl", code=1)
    assert "out.jsonl: cannot be written" in qa.errors


@pytest.mark.parametrize(
    "arguments",
    [["--library", "x", "--json", "articles"], ["articles", "--json", "--library", "x"]],
)
def test_what_every_command_takes_may_stand_before_or_behind_it(arguments: list[str]) -> None:
    asked = parser().parse_args(arguments)
    assert (asked.library, asked.json, asked.log_level) == (Path("x"), True, None)


@pytest.mark.parametrize("taken", ["p.jsonl", "q.jsonl"])
def test_eval_never_writes_over_what_it_reads(
    tmp_path: Path, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("p.jsonl", "q.jsonl"):
        (tmp_path / name).write_text("{}\n", "utf-8")
    given = ["--passages", tmp_path / "p.jsonl", "--questions", tmp_path / "q.jsonl"]
    with pytest.raises(SystemExit) as caught:
        main([*map(str, ["eval", *given, "--out", tmp_path / taken])])
    assert caught.value.code == 2
    assert "none is written over" in capsys.readouterr().err
    assert (tmp_path / taken).read_text("utf-8") == "{}\n"


def test_a_run_that_fails_leaves_the_predictions_of_the_last_one(
    qa: Terminal, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("kept\n", "utf-8")
    qa("eval", "--passages", tmp_path / "p", "--questions", tmp_path / "q", "--out", out, code=1)
    assert out.read_text("utf-8") == "kept\n"


def test_removing_takes_a_page_out(with_pages: Terminal) -> None:
    assert with_pages.json("remove", "orchard.txt") == ["orchard.txt"]
    assert {a["source"] for a in with_pages.json("articles")} == {"harbour.txt", "library.txt"}


def test_removing_what_is_not_there_is_one_line(with_pages: Terminal) -> None:
    with_pages("remove", "nothing.txt", code=1)
    assert "nothing.txt" in with_pages.errors
    assert len(with_pages.errors.splitlines()) == 1


def test_the_doctor_finds_a_new_library_whole(with_pages: Terminal) -> None:
    assert with_pages.json("doctor")["ok"]
    assert "FAIL" not in with_pages("doctor")


def test_models_names_what_is_in_use(with_pages: Terminal) -> None:
    used = with_pages.json("models")["in_use"]
    assert {one["part"] for one in used} == {"encoder", "reranker", "answerer", "dictionary"}
    sizes = {one["part"]: one["size"] for one in used}
    assert min(sizes[part] for part in ("encoder", "reranker", "dictionary")) > 1000
    assert with_pages("models", "list").startswith("encoder")


def test_models_tells_licences_this_machine_and_where_to_read_more(with_pages: Terminal) -> None:
    shown = with_pages("models")
    assert "CC BY-SA 4.0" in shown
    assert "This machine: " in shown
    assert "Qwen/Qwen3-0.6B" in shown
    assert "qa models card" in shown


def test_models_leaves_an_empty_library_empty(qa: Terminal) -> None:
    assert "not fitted yet" in qa("models")
    assert qa.json("articles") == []


def test_a_chat_model_that_is_not_there_is_named_with_the_command_that_gets_it(
    with_pages: Terminal,
) -> None:
    for command in (["ask", "馆长是谁？", "--model"], ["models", "check"]):
        assert with_pages(*command, "Qwen/Qwen3-1.7B", code=1) == ""
        assert "qa models pull Qwen/Qwen3-1.7B" in with_pages.errors
        assert len(with_pages.errors.splitlines()) == 1


def test_the_model_card_is_printed_and_needs_no_library(qa: Terminal) -> None:
    card = qa("models", "card")
    assert card.startswith("# Model card")
    assert all(name in card for name in ("CMRC 2018", "DRCD", "XQuAD", "CC-CEDICT", "CC BY-SA"))
    assert qa.json("models", "card") == {"card": card}
    assert not qa.folder.exists()


def test_pulling_what_is_no_model_name_is_one_line(qa: Terminal) -> None:
    qa("models", "pull", "not a name", code=1)
    assert "OWNER/NAME" in qa.errors
    assert len(qa.errors.splitlines()) == 1


def test_eval_writes_predictions_and_prints_figures(qa: Terminal, tmp_path: Path) -> None:
    texts = [{"id": "a", "title": "大桥", "text": "大桥长三公里。桥面宽三十米。"},
             {"id": "b", "title": "果园", "text": "果园有八百亩。"}]  # fmt: skip
    asked = [{"id": 1, "question": "果园有多少亩？", "gold": "b", "answers": ["八百亩"]},
             {"id": 2, "question": "谁发明了电话？", "gold": None, "answers": []}]  # fmt: skip
    files = [tmp_path / name for name in ("p.jsonl", "q.jsonl", "out.jsonl")]
    for path, records in zip(files, (texts, asked), strict=False):
        path.write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    given = ["eval", "--passages", files[0], "--questions", files[1], "--out", files[2]]
    figures = qa.json(*given)
    assert figures["recall@1"] == 1.0
    assert sum(one["questions"] for one in figures["reliability"]) == 2
    predictions = [json.loads(line) for line in files[2].read_text("utf-8").splitlines()]
    assert list(predictions[0]) == [
        "id", "ranked", "sentence", "answer", "answered", "confidence", "cited"
    ]  # fmt: skip
    assert predictions[0]["sentence"] == "果园有八百亩。"
    assert "recall@1" in qa(*given, "--retrieval-only")
    plot = tmp_path / "plot.svg"
    assert "without_gold_auroc" in qa(*given, "--without-gold", "--plot", plot)
    assert plot.read_text("utf-8").startswith("<svg")


def test_an_empty_library_is_first_given_the_seeds(qa: Terminal) -> None:
    answer = qa.json("ask", "郑州市中心医院高新医院提供多少张床位？")
    assert "1500张" in answer["answer"]
    assert "empty" in qa.errors


@pytest.mark.parametrize("question", ["", "？", "问" * 100_000])
def test_a_bad_question_is_one_line_and_exit_code_one(with_pages: Terminal, question: str) -> None:
    assert with_pages("ask", question, code=1) == ""
    assert len(with_pages.errors.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [[], ["ask"], ["fly"], ["search", "x", "-k", "0"], RETRIEVAL_PLOT]
)
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert re.fullmatch(r"gaoxin-qa \d+\.\d+\.\d+\n", capsys.readouterr().out)


SEATS = "县图书馆的阅览室新增了多少个座位？"


def cited(request: Request) -> Script:
    """Answer as a good model does: with the number of the sentence that it rests on."""
    line = next(line for line in request.prompt.splitlines() if "一百二十个" in line)
    return Script(["阅览室新增了", "120个座位。", line.partition("]")[0] + "]"])


def test_a_server_answers_with_checked_citations(with_pages: Terminal) -> None:
    with ScriptedServer([cited]) as server:
        answer = with_pages.json("ask", SEATS, "--server", server.url)
        shown = with_pages("ask", SEATS, "--server", server.url, "--model", "scripted")
    assert answer["answer"] == "阅览室新增了120个座位。[1]"
    assert answer["citations"][0]["support"] == "supported"
    assert "新增座位一百二十个" in answer["citations"][0]["quote"]
    assert answer["models"]["answerer"] == "scripted"
    assert shown.startswith("阅览室新增了120个座位。[1]\n\n[1] 县图书馆延长开放时间")


def test_the_key_of_a_file_is_sent_and_never_shown(with_pages: Terminal, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("sk-secret\n", "utf-8")
    with ScriptedServer([cited], key="sk-secret") as server:
        given = ["ask", SEATS, "--server", server.url, "--key-file", key]
        assert "120个座位" in with_pages(*given)
        key.write_text("sk-wrong\n", "utf-8")
        assert "sk-" not in with_pages(*given) + with_pages.errors
    assert "内置阅读器" in with_pages.errors


def test_where_no_server_is_the_reader_answers_and_says_so(with_pages: Terminal) -> None:
    with ScriptedServer() as server:
        away = server.url
    shown = with_pages("ask", SEATS, "--server", away)
    assert "一百二十个座位" in shown or "座位一百二十个" in shown
    assert "内置阅读器" in with_pages.errors
    assert len(with_pages.errors.splitlines()) == 1


def test_a_server_that_dies_in_the_middle_leaves_the_reader_s_answer(with_pages: Terminal) -> None:
    with ScriptedServer([Script(["阅览室新增了"], then="drop")]) as server:
        answer = with_pages.json("ask", SEATS, "--server", server.url)
    assert answer["citations"][0]["support"] == "quoted"
    assert answer["models"]["answerer"] == "built-in reader"
    assert "内置阅读器" in with_pages.errors


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1", "http://user:pw@host/v1", "a b"])
def test_what_is_no_address_of_a_server_is_one_line(with_pages: Terminal, address: str) -> None:
    with_pages("ask", SEATS, "--server", address or " ", code=1)
    assert "http://127.0.0.1" in with_pages.errors
    assert len(with_pages.errors.splitlines()) == 1


def test_help_needs_no_package_that_answers() -> None:
    heavy = "numpy torch transformers gradio faiss jieba scipy sklearn openai qa.cli qa.library"
    program = (
        "import sys; from qa.__main__ import main\n"
        "sys.argv = ['qa', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"loaded = [name for name in '{heavy}'.split() if name in sys.modules]\n"
        "print(*loaded, file=sys.stderr)\n"
        "sys.exit(bool(loaded))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_question_needs_neither_torch_nor_gradio(with_pages: Terminal) -> None:
    program = (
        "import sys; from qa.cli import main\n"
        f"main(['ask', '馆长是谁？', '--library', {str(with_pages.folder)!r}])\n"
        "loaded = {'torch', 'transformers', 'gradio', 'openai', 'psutil'} & set(sys.modules)\n"
        "print(*loaded, file=sys.stderr)\n"
        "sys.exit(bool(loaded))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
