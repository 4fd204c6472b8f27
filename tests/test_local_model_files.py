"""Model folders that are not whole, names that are not there, and a network that is not touched."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file
from tiny_model import make_tiny_model

from qa.chat.local import load_chat_model
from qa.chat.model import Message
from qa.errors import ModelError
from qa.models import chat_model_folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A whole model, free to be damaged."""
    return shutil.copytree(whole, tmp_path / "model")


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as refused:
        load_chat_model("tiny", folder)
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("config.json", "config.json is missing"),
        ("tokenizer.json", "tokenizer.json is missing"),
        ("model.safetensors", "model.safetensors"),
        ("chat_template.jinja", "has no chat template: choose a model that was made for chat"),
    ],
)
def test_a_folder_that_lacks_a_file_is_refused(folder: Path, name: str, says: str) -> None:
    (folder / name).unlink()
    assert says in refusal(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "holds no chat model" in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00 no json"])
def test_a_damaged_file_is_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    refusal(folder)


def test_a_truncated_download_is_refused(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    refusal(folder)


def test_weights_that_are_missing_are_not_made_up(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert "lacks 1 of its weights, model.layers.1.mlp.up_proj.weight" in refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_size": 32},
        {"hidden_size": "wide"},
        {"model_type": "never_heard_of"},
        {"model_type": None},
        {"num_attention_heads": 0},
        {"vocab_size": -1},
    ],
)
def test_settings_that_do_not_fit_are_refused(folder: Path, change: dict[str, Any]) -> None:
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | change))
    refusal(folder)


def test_code_that_comes_with_a_model_is_not_run(folder: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (folder / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Config: pass\n")
    settings = json.loads((folder / "config.json").read_text())
    settings |= {"auto_map": {"AutoConfig": "evil.Config"}, "model_type": "evil"}
    (folder / "config.json").write_text(json.dumps(settings))
    refusal(folder)
    assert not ran.exists()


def test_a_name_that_is_not_there_fails_at_once_and_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def blocked(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", blocked)
    monkeypatch.setattr(socket, "getaddrinfo", blocked)
    with pytest.raises(ModelError, match=r"qa models pull Qwen/Qwen3-0\.6B") as refused:
        chat_model_folder("Qwen/Qwen3-0.6B", tmp_path)
    assert "\n" not in str(refused.value)


def test_a_model_in_the_hubs_cache_is_loaded_by_name(whole: Path, tmp_path: Path) -> None:
    repository = tmp_path / "models--somebody--tiny"
    shutil.copytree(whole, repository / "snapshots" / "abc")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    model = load_chat_model("somebody/tiny", chat_model_folder("somebody/tiny", tmp_path))
    assert model.name == "somebody/tiny"
    assert list(model.stream([Message("user", "你好")], 3))


def test_progress_is_reported_in_stages_that_each_reach_their_end(whole: Path) -> None:
    told: list[tuple[int, int, str]] = []
    report: Callable[..., None] = lambda *state: told.append(state)  # noqa: E731
    load_chat_model("tiny", whole, report)
    stages = list(dict.fromkeys(what for _, _, what in told))
    assert stages[0] == "loading weights"
    for stage in stages:
        steps = [(done, total) for done, total, what in told if what == stage]
        assert [done for done, _ in steps] == list(range(steps[0][1] + 1))
