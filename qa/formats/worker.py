"""Worker: what runs in the process of its own in which one foreign file is read.

Its answer is one line of JSON on standard output; whatever else goes wrong ends the process.
"""

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from qa.errors import PageError
from qa.formats.extracted import Extracted
from qa.formats.limits import Limits, mebibytes

# Imported by name, so that each process loads only the library that it needs.
_READERS = {
    "pdf": ("qa.formats.pdf_text", "read_pdf"),
    "docx": ("qa.formats.docx_text", "read_docx"),
    "html": ("qa.formats.html_text", "read_html"),
    "md": ("qa.formats.markdown_text", "read_markdown"),
}


def _keep_within(limits: Limits) -> None:
    """Limit the memory and the time of this process, should its parent be gone."""
    if sys.platform == "linux":
        import resource

        seconds = int(limits.seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write_nothing() -> None:
    """Let this process write to no file from now on; its standard output is a pipe."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _read(data: bytes, kind: str, encoding: str, limits: Limits) -> Extracted:
    module, name = _READERS[kind]
    try:
        reader: Callable[..., Extracted] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise PageError(f"needs a package that is missing ({error}): install again") from error
    _write_nothing()
    given = (data,) if kind in {"pdf", "docx"} else (data.decode("utf-8"), encoding)
    return reader(*given, limits)


def _answer(kind: str, encoding: str, limits: Limits) -> dict[str, object]:
    try:
        extracted = _read(sys.stdin.buffer.read(), kind, encoding, limits)
    except PageError as error:
        return {"refused": str(error)}
    except (MemoryError, ImportError):  # a library that finds no room cannot be imported
        most = mebibytes(limits.memory_bytes)
        return {"refused": f"takes more than {most} of memory to read: split it"}
    printed = [(page.number, page.label, page.span) for page in extracted.printed]
    return {**asdict(extracted), "printed": printed}


def main(arguments: Sequence[str]) -> None:
    """Read standard input as `kind encoding limits` say, and print what was found."""
    kind, encoding, stated = arguments
    limits = Limits(**json.loads(stated))
    _keep_within(limits)
    print(json.dumps(_answer(kind, encoding, limits)))
