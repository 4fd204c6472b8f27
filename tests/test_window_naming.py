"""What the window calls models and work: both languages, and no folder of the machine."""

import re
from pathlib import Path

import pytest

from qa import Library
from qa.answering.asking import Models
from qa.answering.quoting import Reader
from qa.errors import LibraryError
from qa.library.reembedding import Change
from qa.progress import WAITING
from window.desk import Desk
from window.markup import BETWEEN
from window.naming import change_status, model_name, model_status, without_folders, work
from window.problems import in_either, in_words


def chinese(html: str) -> str:
    """Return the text that a Chinese window shows of `html`."""
    return re.sub("<[^>]*>", "", re.sub(r'<span class="en" lang="en">[^<]*</span>', "", html))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/srv/data/archive: cannot be written", "archive: cannot be written"),
        ("model /home/li/models/tiny has no weights", "model tiny has no weights"),
        (r"C:\Users\Li\archive is no folder", "archive is no folder"),
        ("built-in ranker (/opt/m/big ran out of time)", "built-in ranker (big ran out of time)"),
    ],
)
def test_folders_that_lead_to_a_name_are_left_out(line: str, told: str) -> None:
    assert without_folders(line) == told


@pytest.mark.parametrize(
    "line",
    [
        "Qwen/Qwen3-0.6B",
        "http://127.0.0.1:8000/v1/models is away (404)",
        "a busy and/or slow server, 12 km/h, 3/4 done",
        "2023/02/31 is no day",
    ],
)
def test_what_is_no_path_stays_as_it_is(line: str) -> None:
    assert without_folders(line) == line


def test_errors_and_notices_tell_no_folder() -> None:
    assert "/srv" not in in_words(LibraryError("/srv/data/archive: no room"))
    notice = "Answered by the built-in reader: /srv/data/tiny holds no chat model"
    assert "/srv" not in in_either(notice)
    assert "由内置阅读器作答：tiny" in in_either(notice)


def test_a_notice_that_a_model_is_loading_is_told_in_either_language() -> None:
    notice = "由内置阅读器作答：tiny is being loaded: quantising, 25%"
    zh, en = in_either(notice).split(BETWEEN)
    assert zh == "由内置阅读器作答：tiny 正在压缩 25%"
    assert en == "Answered by the built-in reader: tiny is being loaded: quantising, 25%"


def test_all_that_a_library_does_has_a_name_in_chinese(library: Library, pages: Path) -> None:
    done = {WAITING}
    library.add([pages], lambda _done, _total, what: done.add(what))
    assert len(done) > 4
    for what in done:
        assert re.search(r"[一-鿿]", chinese(work(what))), what


def test_a_model_that_is_loading_is_told_in_chinese_too() -> None:
    line = "tiny is being loaded"
    assert chinese(model_status(line)).split() == ["tiny", "正在加载"]
    assert chinese(model_status(f"{line}: loading weights, 30%")) == "tiny 正在读入 30%"
    assert chinese(model_status(f"{line}: quantising, 25%")) == "tiny 正在压缩 25%"
    assert "现在用不了" in chinese(model_status("tiny was not loaded: no weights in /srv/tiny"))
    assert "/srv" not in model_status("tiny was not loaded: no weights in /srv/tiny")


def test_a_change_of_encoder_is_told_in_chinese_too() -> None:
    assert chinese(change_status(Change("embedding", 3, 10))) == "更换编码器：正在计算向量 3/10"
    failed = change_status(Change("embedding", 3, 10, "encoder /srv/models/e failed: too hot"))
    assert "没有换成" in chinese(failed)
    assert "/srv" not in failed


class Away(Reader):
    """An answerer in a folder that is not ready."""

    name = "/srv/models/<tiny>"
    status = "/srv/models/tiny was not loaded: no weights in /srv/models/tiny"


def test_the_masthead_names_a_model_by_its_folder_alone(filled: Library) -> None:
    assert model_name(Away.name) == "&lt;tiny&gt;"
    masthead = Desk(filled, models=Models(Away())).masthead()
    assert "&lt;tiny&gt;" in masthead
    assert "/srv" not in masthead
