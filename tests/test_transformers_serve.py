"""A real server, `transformers serve` with tiny models on this machine, and its sudden end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from tiny_model import make_tiny_model

from qa.chat.model import Message
from qa.chat.server import open_server
from qa.errors import ModelError

COMMAND = Path(sys.executable).with_name("transformers")
MISSING = [name for name in ("accelerate", "fastapi", "uvicorn") if find_spec(name) is None]
ASKED = [Message("system", "只引用原文。"), Message("user", "桥有几座？")]
LONG = 3000  # tokens: more than a random model writes while a test runs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not COMMAND.exists(), reason="the command `transformers` is not installed"),
    pytest.mark.skipif(bool(MISSING), reason=f"`transformers serve` needs {', '.join(MISSING)}"),
]


class Serving(NamedTuple):
    """The server's process and address, and what it can load: its models are named by folder."""

    process: subprocess.Popen[bytes]
    url: str
    says: str  # a model that answers 桥有三座。[1]
    random: str  # a model that writes nonsense without an end


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("serving")
    says = make_tiny_model(folder / "says", says=["桥有", "三座", "。", "[1]"])
    random = make_tiny_model(folder / "random")
    (folder / "home" / "hub").mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            env=os.environ | {"HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    with process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, process, folder / "log")
            yield Serving(process, url, str(says), str(random))
        finally:
            process.kill()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"`transformers serve` did not start: {log.read_text()[-2000:]}")


def test_an_answer_is_streamed(serving: Serving) -> None:
    pieces = [piece for piece in open_server(serving.url, serving.says).stream(ASKED, 50) if piece]
    assert "".join(pieces).strip() == "桥有三座。[1]"
    assert len(pieces) > 2


def test_the_limit_is_kept(serving: Serving) -> None:
    answer = "".join(open_server(serving.url, serving.says).stream(ASKED, 2))
    assert answer.strip() == "桥有三座"


def test_a_server_without_models_in_its_cache_must_be_told_which(serving: Serving) -> None:
    with pytest.raises(ModelError, match="lists no model for chats: name the one to use"):
        open_server(serving.url)


def test_a_model_that_is_not_there_is_told(serving: Serving) -> None:
    model = open_server(serving.url, "nobody/nothing")
    with pytest.raises(ModelError, match=serving.url):
        list(model.stream(ASKED, 50))


def test_an_answer_that_is_stopped_stops_within_a_second(serving: Serving) -> None:
    pieces = open_server(serving.url, serving.random).stream(ASKED, LONG)
    next(piece for piece in pieces if piece)
    began = time.monotonic()
    pieces.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1


def test_a_server_that_is_killed_in_the_middle_is_told(serving: Serving) -> None:
    """The last test: the server is gone behind it."""
    pieces = open_server(serving.url, serving.random).stream(ASKED, LONG)
    next(piece for piece in pieces if piece)
    serving.process.kill()
    began = time.monotonic()
    with pytest.raises(ModelError, match="broke off"):
        list(pieces)
    assert time.monotonic() - began < 3
    with pytest.raises(ModelError, match="is the server running"):
        open_server(serving.url, serving.says)
