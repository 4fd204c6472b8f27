"""Child: a reader that is run in a process of its own, which may hang or crash without harm.

The parent half is `read_apart`; the process runs `main` of worker.py, gets the bytes of one file
on its standard input, and answers with one line of JSON.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from qa.errors import PageError
from qa.formats.extracted import Extracted, PrintedPage
from qa.formats.limits import Limits
from qa.spans import Span

Apart = Literal["pdf", "docx", "html", "md"]

_ROOT = str(Path(__file__).resolve().parents[2])
# The package is entered without its own __init__, which would load the whole program. Nothing
# is imported from the folder that the user is in (-P).
_BOOT = """
import sys, types
root, *arguments = sys.argv[1:]
sys.path.append(root)
package = types.ModuleType("qa")
package.__path__ = [root + "/qa"]
sys.modules["qa"] = package
from qa.formats.worker import main
main(arguments)
"""
_DAMAGED = "cannot be read, it is damaged or made to break readers: save it anew in its program"


def _answer(data: bytes, kind: Apart, encoding: str, limits: Limits) -> bytes:
    arguments = [kind, encoding, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _BOOT, _ROOT, *arguments],
            input=data,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PageError(
            f"takes longer than {limits.seconds:g} seconds to read: split it"
        ) from error
    if done.returncode:
        raise PageError(_DAMAGED)
    return done.stdout


def _extracted(answer: Mapping[str, Any]) -> Extracted:
    printed = [PrintedPage(n, label, Span(*span)) for n, label, span in answer["printed"]]
    text, remarks = str(answer["text"]), tuple(answer["remarks"])
    return Extracted(text, answer["format"], answer["encoding"], tuple(printed), remarks)


def read_apart(data: bytes, kind: Apart, encoding: str, limits: Limits) -> Extracted:
    """Return what the reader of `kind` makes of `data`; text formats come in UTF-8.

    `encoding` is what such a text was in before. Raises PageError when the reader refuses the
    file, crashes on it or takes too long.
    """
    try:
        answer = json.loads(_answer(data, kind, encoding, limits))
        if refusal := answer.get("refused"):
            raise PageError(str(refusal))
        return _extracted(answer)
    except (ValueError, KeyError, TypeError) as error:
        raise PageError(_DAMAGED) from error
