"""Where things lie, and what the environment asks for."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import settings
from qa.errors import QAError

CHECKOUT = Path(settings.__file__).parents[1]


def test_the_given_folder_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", "/from/environment")
    assert settings.library_folder(Path("/given")) == Path("/given")


def test_the_environment_comes_before_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", "~/papers")
    assert settings.library_folder() == Path.home() / "papers"


@pytest.mark.parametrize("value", [None, ""])
def test_a_checkout_keeps_its_library_beside_the_seeds(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("QA_LIBRARY", raising=False)
    if value is not None:
        monkeypatch.setenv("QA_LIBRARY", value)
    assert settings.library_folder() == CHECKOUT / "library"


def test_the_seeds_of_a_checkout_are_found() -> None:
    assert settings.seeds_folder() == CHECKOUT / "seeds"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The settings as they lie in an installed package, with no checkout around them."""
    package = tmp_path / "site" / "qa"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name in ("settings.py", "errors.py"):
        shutil.copy(CHECKOUT / "qa" / name, package)
    return package


def run(installed: Path, expression: str) -> str:
    environment = {"HOME": "/home/reader"}
    code = f"from qa import settings\nfrom qa.errors import NotFoundError\n{expression}"
    command = [sys.executable, "-c", code]  # which finds packages in its working folder first
    return subprocess.check_output(
        command, cwd=installed.parent, env=environment, text=True
    ).strip()


def test_an_installed_package_keeps_its_library_at_home(installed: Path) -> None:
    assert run(installed, "print(settings.library_folder())") == "/home/reader/.gaoxin-qa"


def test_an_installed_package_brings_its_seeds(installed: Path) -> None:
    (installed / "seeds").mkdir()
    assert run(installed, "print(settings.seeds_folder())") == str(installed / "seeds")


def test_missing_seeds_are_an_error_that_says_what_to_do(installed: Path) -> None:
    attempt = "try: settings.seeds_folder()\nexcept NotFoundError as error: print(error)"
    assert "install it again" in run(installed, attempt)


def test_an_encoder_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENCODER", "models/own")
    assert settings.encoder_name() == "models/own"


@pytest.mark.parametrize("value", [None, ""])
def test_no_encoder_is_named_by_default(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("QA_ENCODER", raising=False)
    if value is not None:
        monkeypatch.setenv("QA_ENCODER", value)
    assert settings.encoder_name() is None


def test_offline_keeps_the_heavy_packages_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "GRADIO_ANALYTICS_ENABLED", "TOKENIZERS_PARALLELISM"):
        monkeypatch.setenv(name, "")  # so that it is put back after the test
        monkeypatch.delenv(name)
    settings.offline()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"


def test_offline_leaves_what_the_user_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "true")
    settings.offline()
    assert os.environ["TOKENIZERS_PARALLELISM"] == "true"


NAMES = {
    "QA_ENCODER": settings.encoder_name,
    "QA_RERANKER": settings.reranker_name,
    "QA_CHAT_MODEL": settings.chat_model_name,
    "QA_SERVER": settings.server_url,
    "QA_SERVER_KEY": settings.server_key,
    "QA_SERVER_KEY_FILE": settings.server_key,
    "QA_LOG_LEVEL": settings.log_level,
}


@pytest.mark.parametrize("variable", NAMES)
@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000"])
def test_what_is_set_to_blanks_is_not_set(
    variable: str, blank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, blank)
    assert NAMES[variable]() is None


@pytest.mark.parametrize("variable", ["QA_LIBRARY", "QA_ENCODER", "QA_CHAT_MODEL"])
def test_a_name_that_no_file_can_have_is_one_clear_line(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"models/{'长' * 100}")
    with pytest.raises(QAError, match=rf"^{variable}='models/长+'…: no file has so long a name"):
        {**NAMES, "QA_LIBRARY": settings.library_folder}[variable]()


ODD = st.text(st.characters(exclude_categories=(), exclude_characters="\0"), max_size=12)
NUMBERS = st.integers(-(10**15), 10**15).map(str) | st.floats().map(str) | ODD


@given(values=st.dictionaries(st.sampled_from(list(settings.READING_LIMITS)), NUMBERS, max_size=3))
def test_any_limit_is_a_number_that_can_be_kept_to_or_one_clear_line(
    values: dict[str, str],
) -> None:
    found, told = {}, ""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in values.items():
            with suppress(UnicodeEncodeError):  # as no shell could set it either
                patch.setenv(variable, value)
        try:
            found = settings.reading_limits()
        except QAError as error:
            told = str(error)
    assert len(told.splitlines()) <= 1
    assert all(1 <= limit < 2**53 for limit in found.values())


def test_a_home_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", "~nobody-of-this-name/papers")
    with pytest.raises(QAError, match="nobody's home here"):
        settings.library_folder()
