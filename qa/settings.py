"""Settings: where things lie, and what the environment asks for.

The only file that reads or sets environment variables. It opens nothing and makes no folder.
"""

import os
import re
from pathlib import Path

from qa.errors import NotFoundError, QAError

_PACKAGE = Path(__file__).resolve().parent

_WHOLE = re.compile(r"0*[1-9][0-9]{0,8}")
_LONGEST_NAME = 255  # bytes of one file name, which no system's files exceed
# Variable → the limit that it sets (see qa/formats/limits.py), and how much of that one unit of it is.
READING_LIMITS = {
    "QA_MAX_FILE_MIB": ("file_bytes", 2**20),
    "QA_MAX_CHARACTERS": ("characters", 1),
    "QA_MAX_PDF_PAGES": ("pages", 1),
    "QA_MAX_SECONDS": ("seconds", 1),
    "QA_MAX_MEMORY_MIB": ("memory_bytes", 2**20),
    "QA_MAX_ARCHIVE_FILES": ("members", 1),
    "QA_MAX_ARCHIVE_MIB": ("unpacked_bytes", 2**20),
    "QA_MAX_ARCHIVE_RATIO": ("ratio", 1),
    "QA_MAX_ARCHIVE_SECONDS": ("archive_seconds", 1),
}

# Read by the heavy packages while they are imported, so `offline` comes before their imports.
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",  # of 10,000 it would make a table at every event
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "TOKENIZERS_PARALLELISM": "false",
}


def library_folder(given: Path | None = None) -> Path:
    """Return the library's folder, which need not exist.

    In this order: `given` (the `--library` option), `QA_LIBRARY`, `library/` in the checkout
    when this is one, `~/.gaoxin-qa`.
    """
    if given is not None:
        return _expanded(given)
    if named := _named("QA_LIBRARY"):
        return _expanded(Path(named))
    checkout = _PACKAGE.parent
    return checkout / "library" if (checkout / "seeds").is_dir() else Path.home() / ".gaoxin-qa"


def seeds_folder() -> Path:
    """Return the folder of the pages that come with the project, in a wheel or a checkout.

    Raises NotFoundError when neither holds them.
    """
    for folder in (_PACKAGE / "seeds", _PACKAGE.parent / "seeds"):
        if folder.is_dir():
            return folder
    raise NotFoundError("the pages that come with gaoxin-qa are missing: install it again")


def encoder_name() -> str | None:
    """Return the encoder that `QA_ENCODER` names (a name or a folder), or None when it is unset."""
    return _named("QA_ENCODER")


def reranker_name() -> str | None:
    """Return the CrossEncoder that `QA_RERANKER` names, or None for the built-in ranking."""
    return _named("QA_RERANKER")


def chat_model_name() -> str | None:
    """Return the chat model that `QA_CHAT_MODEL` names, or None when it is unset."""
    return _named("QA_CHAT_MODEL")


def server_url() -> str | None:
    """Return the address of an OpenAI-compatible server that `QA_SERVER` names, or None."""
    return _given("QA_SERVER")


def server_key(file: Path | None = None) -> str | None:
    """Return the key for the server, which is never shown: None where the server asks for none.

    In this order: the first line of `file`, `QA_SERVER_KEY`, the first line of the file that
    `QA_SERVER_KEY_FILE` names. Raises NotFoundError when a file that is named cannot be read.
    """
    if file is None and (key := _given("QA_SERVER_KEY")):
        return key
    if file is None and (named := _named("QA_SERVER_KEY_FILE")):
        file = Path(named)
    if file is None:
        return None
    try:
        key = _expanded(file).read_text(encoding="utf-8-sig").strip().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"{file}: the key file cannot be read") from error
    if not key:
        raise NotFoundError(f"{file}: the key file is empty; write the key in its first line")
    return key


def reading_limits() -> dict[str, int]:
    """Return the limits of what is read that are set by `QA_MAX_…`, by their names in `Limits`.

    Raises QAError for a value that is no whole number from 1 to 999,999,999.
    """
    set_by_user: dict[str, int] = {}
    for variable, (limit, unit) in READING_LIMITS.items():
        value = os.environ.get(variable, "").strip()
        if not value:
            continue
        if not _WHOLE.fullmatch(value):
            raise QAError(f"{variable}={value[:40]!r}: give a whole number from 1 to 999999999")
        set_by_user[limit] = int(value) * unit
    return set_by_user


def log_level() -> str | None:
    """Return the level that `QA_LOG_LEVEL` asks logs to begin with, or None for no logs."""
    return _given("QA_LOG_LEVEL")


def hub_endpoint() -> str:
    """Return the address of the model hub, from which only `qa models pull` fetches anything."""
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def hub_cache() -> Path:
    """Return the folder in which the model hub's packages keep what was downloaded."""
    if named := os.environ.get("HF_HUB_CACHE"):
        return _expanded(Path(named))
    home = os.environ.get("HF_HOME") or Path(
        os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface"
    )
    return _expanded(Path(home)) / "hub"


def _given(variable: str) -> str | None:
    """Return what a variable is set to; None for nothing but blanks, as if it were not set."""
    value = os.environ.get(variable, "")
    return value if value.strip() else None


def _named(variable: str) -> str | None:
    """Return the name or folder that a variable gives. Raises QAError for one that cannot be."""
    value = _given(variable)
    if value and any(len(os.fsencode(part)) > _LONGEST_NAME for part in Path(value).parts):
        raise QAError(f"{variable}={value[:40]!r}…: no file has so long a name: give a shorter one")
    return value


def _expanded(path: Path) -> Path:
    """Return `path` with the home that `~` stands for. Raises QAError where there is none."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise QAError(f"{path}: {path.parts[0]} is nobody's home here: write it out") from error


def offline(downloads: bool = False) -> None:
    """Keep the heavy packages from the network and from sending usage reports.

    Call it before they are imported. `downloads` leaves the model hub open, for a command that
    was asked to fetch something. A variable that the user has set is left as it is.
    """
    for name, value in _QUIET.items():
        if not (downloads and name.endswith("_OFFLINE")):
            os.environ.setdefault(name, value)
