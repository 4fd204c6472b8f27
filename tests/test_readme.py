"""The README: what it shows is what the program does."""

import re
import shutil
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, nth: int = 0) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.S)
    return str(found[nth])


def test_the_snippet_runs_as_it_stands_and_prints_what_the_readme_shows(
    tmp_path: Path,
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(seeds, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    exec(compile(block("python"), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "1500张床位" in printed
    quoted = re.search(r"`(002_\w+\.txt)`, characters (\d+)–(\d+)", README)
    assert quoted is not None
    assert f"{quoted[1]}[{quoted[2]}:{quoted[3]}]" in printed


def test_the_public_face_is_about_ten_names_and_all_are_there() -> None:
    assert len(qa.__all__) <= 12
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_every_file_in_the_tree_is_there_and_every_module_is_in_the_tree() -> None:
    tree = block("text", -1)
    named = set(re.findall(r"[\w./-]+\.(?:py|json|toml|css|js)\b", tree))
    folders = ("qa", "embeddings", "window")
    modules = {p.name for folder in folders for p in (ROOT / folder).rglob("*.py")}
    assert modules - {"__init__.py"} <= {Path(name).name for name in named}
