"""SECURITY.md names tests that are there; models and data are never unpickled or run as code."""

import ast
import pickle
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_model import make_tiny_model

from embeddings.errors import EncoderError
from embeddings.sentence_transformer import load_encoder
from qa.chat.local import load_chat_model
from qa.errors import ModelError
from qa.progress import silent

ROOT = Path(__file__).parents[1]
SOURCES = [
    p for name in ("qa", "embeddings", "window") for p in sorted((ROOT / name).rglob("*.py"))
]
RUNS_DATA = {"eval", "exec", "compile", "__import__"}
UNPICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}


def test_every_test_that_security_md_names_is_there() -> None:
    told = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.(test_\w+)`", told)
    assert len(named) > 30
    for file, test in named:
        source = (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8")
        assert re.search(rf"def {test}\(", source), f"{file}.{test}"


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.mark.parametrize("path", [*SOURCES, ROOT / "app.py"], ids=lambda path: path.stem)
def test_no_module_runs_or_unpickles_data(path: Path) -> None:
    for name, call in calls(path):
        keywords = {each.arg: each.value for each in call.keywords}
        assert name not in RUNS_DATA, f"{name}, line {call.lineno}"
        assert name.split(".")[0] not in UNPICKLES, f"{name}, line {call.lineno}"
        assert name not in {"torch.load", "os.system"}, f"{name}, line {call.lineno}"
        if name.endswith("np.load"):
            assert ast.unparse(keywords["allow_pickle"]) == "False", f"line {call.lineno}"
        for risky in ("trust_remote_code", "shell", "allow_pickle"):
            if risky in keywords:
                assert ast.unparse(keywords[risky]) == "False", f"{risky}, line {call.lineno}"


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (str(self.mark), "w")


def trap(folder: Path, mark: Path, *, packed: bool) -> None:
    """Put weights that do something when they are unpickled in the place of a model's own."""
    for weights in folder.glob("*.safetensors"):
        weights.unlink()
    file = folder / "pytorch_model.bin"
    if not packed:
        file.write_bytes(pickle.dumps(Trap(mark), protocol=2))
        return
    with zipfile.ZipFile(file, "w") as made:  # the form of torch
        made.writestr("archive/data.pkl", pickle.dumps(Trap(mark), protocol=2))
        made.writestr("archive/version", "3\n")
        made.writestr("archive/byteorder", "little")


_LOADED: dict[str, Callable[[Path], object]] = {
    "encoder": lambda folder: load_encoder(str(folder)),
    "chat model": lambda folder: load_chat_model("trap", folder, silent),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", _LOADED)
def test_weights_that_do_something_when_they_are_unpickled_do_nothing(
    tmp_path: Path, kind: str, packed: bool
) -> None:
    mark = tmp_path / "mark"
    folder = make_tiny_model(tmp_path / "model")
    trap(folder, mark, packed=packed)
    with pytest.raises((EncoderError, ModelError)) as refused:
        _LOADED[kind](folder)
    assert not mark.exists()
    assert "\n" not in str(refused.value)
    with (folder / "pytorch_model.bin").open("rb") as file:
        if not packed:
            pickle.load(file).close()
            assert mark.exists()  # the trap would have sprung
