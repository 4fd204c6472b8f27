"""The flow of the code: app.py → qa → embeddings, never back, and one door per heavy package."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("qa/**/*.py"), *ROOT.glob("embeddings/**/*.py"), ROOT / "app.py"])
WINDOW = [ROOT / "app.py", *sorted(ROOT.glob("window/**/*.py"))]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every module that a file imports, and whether inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", id(node) in inside


def top_level(path: Path) -> set[str]:
    return {name.split(".")[0] for name, _ in imports(path)}


@pytest.mark.parametrize("path", sorted(ROOT.glob("embeddings/**/*.py")), ids=module_name)
def test_embeddings_knows_nothing_of_the_rest(path: Path) -> None:
    assert top_level(path).isdisjoint({"qa", "app", "window"})


@pytest.mark.parametrize("path", sorted(ROOT.glob("qa/**/*.py")), ids=module_name)
def test_qa_knows_nothing_of_the_window(path: Path) -> None:
    assert top_level(path).isdisjoint({"app", "window", "gradio"})


@pytest.mark.parametrize("path", [*SOURCES, *WINDOW[1:]], ids=module_name)
def test_no_module_hides_an_import_of_our_own_in_a_function(path: Path) -> None:
    ours = {"qa", "embeddings", "app", "window"}
    assert not [name for name, inside in imports(path) if inside and name.split(".")[0] in ours]


@pytest.mark.parametrize("package", ["sentence_transformers", "faiss", "jieba", "torch"])
def test_a_heavy_package_has_one_door(package: str) -> None:
    doors = [module_name(path) for path in [*SOURCES, *WINDOW[1:]] if package in top_level(path)]
    assert len(doors) <= 1


POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}


def looked_at(tree: ast.Module) -> set[int]:
    """Return the ids of all that stands under a look at `sys.platform`."""
    looks = (n for n in ast.walk(tree) if isinstance(n, ast.If))
    found = (look for look in looks if "sys.platform" in ast.unparse(look.test))
    return {id(node) for look in found for node in ast.walk(look)}


@pytest.mark.parametrize("path", [*SOURCES, *WINDOW[1:]], ids=module_name)
def test_what_only_some_systems_have_is_imported_only_there(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = looked_at(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert id(node) in kept or POSIX.isdisjoint(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert id(node) in kept or node.module not in POSIX


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        module_name(path)
        for path in [*SOURCES, *WINDOW[1:]]
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "os.getenv"))
    ]
    assert readers == ["qa.settings"]


def test_no_module_is_part_of_an_import_cycle() -> None:
    modules = {module_name(path): path for path in [*SOURCES, *WINDOW[1:]]}
    graph = {
        name: {target for target, _ in imports(path) if target in modules and target != name}
        for name, path in modules.items()
    }
    done: set[str] = set()
    while ready := {name for name in graph if name not in done and graph[name] <= done}:
        done |= ready
    assert set(graph) - done == set()


def test_the_public_names_are_loaded_from_where_a_type_checker_finds_them() -> None:
    tree = ast.parse((ROOT / "qa" / "__init__.py").read_text(encoding="utf-8"))
    homes = {
        node.module: tuple(alias.name for alias in node.names)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qa.")
    }
    assert homes == qa._HOMES
    assert {name for names in homes.values() for name in names} - {"Scope"} == set(qa.__all__)
    with pytest.raises(ImportError, match="nothing"):
        exec("from qa import nothing")
