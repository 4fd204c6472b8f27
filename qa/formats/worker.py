"""Worker: what runs in the process of its own in which one foreign file is read.

Its answer is one line of JSON on standard output; whatever else goes wrong ends the process.
"""

import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from qa.errors import PageError
from qa.formats.extracted import Extracted
from qa.formats.limits import Limits

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


def _read(data: bytes, kind: str, encoding: str, limits: Limits) -> Extracted:
    module, name = _READERS[kind]
    reader = getattr(importlib.import_module(module), name)
    given = (data,) if kind in {"pdf", "docx"} else (data.decode("utf-8"), encoding)
    extracted: Extracted = reader(*given, limits)
    return extracted


def main(arguments: Sequence[str]) -> None:
    """Read standard input as `kind encoding limits` say, and print what was found."""
    kind, encoding, stated = arguments
    limits = Limits(**json.loads(stated))
    _keep_within(limits)
    try:
        extracted = _read(sys.stdin.buffer.read(), kind, encoding, limits)
    except PageError as error:
        print(json.dumps({"refused": str(error)}))
        return
    answer = asdict(extracted)
    answer["printed"] = [(page.number, page.label, page.span) for page in extracted.printed]
    print(json.dumps(answer))
