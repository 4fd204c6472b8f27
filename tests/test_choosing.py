"""Choosing: who answers, by what was asked for, and what is not there is told at once."""

import socket
from pathlib import Path

import pytest
from scripted_server import Script, ScriptedServer
from tiny_model import make_tiny_model

from qa import Library, ask
from qa.answering.asking import READER
from qa.chat.choosing import Server, Wish, chosen_name, models_for, wished
from qa.errors import ModelError, NotFoundError
from qa.progress import silent

QUESTION = "县图书馆的馆长是谁？"
COMMIT = "0" * 40


class Options:
    def __init__(
        self, model: str | None = None, server: str | None = None, key_file: Path | None = None
    ) -> None:
        self.model, self.server, self.key_file = model, server, key_file


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("QA_CHAT_MODEL", "QA_SERVER", "QA_SERVER_KEY", "QA_SERVER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


def test_with_nothing_on_disk_the_reader_answers() -> None:
    assert models_for(Wish()).answerer is READER
    assert chosen_name(Wish("auto")) is None
    assert chosen_name(Wish("built-in")) is None


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_SERVER", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("QA_CHAT_MODEL", "env/model")
    assert wished(Options()) == Wish("env/model", "http://127.0.0.1:1/v1")
    assert wished(Options(server="http://127.0.0.1:2")).server == "http://127.0.0.1:2"
    # Who names a model on the command line means one on this machine, not one of that server.
    assert wished(Options("own/model")) == Wish("own/model", None)


def test_built_in_does_without_a_server_and_a_server_without_a_built_in_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert wished(Options("built-in", "http://127.0.0.1:2")) == Wish("built-in", None)
    monkeypatch.setenv("QA_CHAT_MODEL", "built-in")
    assert wished(Options(server="http://127.0.0.1:2")) == Wish(None, "http://127.0.0.1:2")


def test_a_key_file_without_a_server_is_an_error() -> None:
    with pytest.raises(ModelError, match="--server"):
        wished(Options(key_file=Path("key.txt")))


def test_a_named_model_that_is_not_there_is_an_error_at_once() -> None:
    with pytest.raises(ModelError, match="qa models pull own/model"):
        models_for(Wish("own/model"))


def test_a_key_file_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="key file"):
        models_for(Wish(server="http://127.0.0.1:1", key_file=tmp_path / "none"))


def test_a_server_is_looked_for_when_it_is_needed_and_again_after_a_pause() -> None:
    with ScriptedServer([Script(["桥"])]) as running:
        source = Server(running.url, None, None)
        assert source.status == ""
        assert source.model().name == "scripted"
        assert source.name.startswith("scripted (127.0.0.1:")
        gone = running.url
    away = Server(gone, None, None)
    for _ in range(2):
        with pytest.raises(ModelError) as caught:
            away.model()
        assert away.status == str(caught.value)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is tried of a network that is shut: an error may be swallowed on its way."""
    tried: list[str] = []

    def shut(*given: object, **_: object) -> None:
        tried.append(str(given[-1]))
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", shut)
    monkeypatch.setattr(socket.socket, "connect_ex", shut)
    monkeypatch.setattr(socket.socket, "sendto", shut)
    monkeypatch.setattr(socket, "getaddrinfo", shut)
    return tried


def test_auto_answers_with_the_network_shut(looks: list[str], filled: Library) -> None:
    assert ask(filled, QUESTION, models=models_for(Wish("auto"))).answered
    assert looks == []


def test_auto_takes_the_model_that_is_on_disk_with_the_network_shut(
    looks: list[str], filled: Library, tmp_path: Path
) -> None:
    repository = tmp_path / "hub" / "models--Qwen--Qwen3-0.6B"
    says = ["馆长", "周敏", "。", "[2]"]
    make_tiny_model(repository / "snapshots" / COMMIT, says=says)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    answer = ask(filled, QUESTION, models=models_for(Wish("auto"), silent))
    assert answer.models["answerer"] == "Qwen/Qwen3-0.6B"
    assert answer.notice == ""
    assert looks == []
