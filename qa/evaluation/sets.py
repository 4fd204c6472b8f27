"""Sets: JSON Lines files of passages and of questions with known answers, read and checked.

Knows neither libraries nor figures.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import NotFoundError, QAError
from qa.json_text import read_json


def records(path: Path, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file, each of which must hold `fields`.

    Raises NotFoundError when the file cannot be read, QAError when a line is malformed.
    """
    try:
        # Not `splitlines`: a text may hold other line ends, such as U+2028, as they are.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"{path}: cannot be read; give a JSON Lines file in UTF-8") from error
    found = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            record = read_json(text)
        except ValueError as error:
            raise QAError(f"{path}, line {number}: not JSON ({error})") from error
        if not isinstance(record, dict) or any(field not in record for field in fields):
            raise QAError(f"{path}, line {number}: needs the fields {', '.join(fields)}")
        if not isinstance(record.get("answers", []), list):
            raise QAError(f'{path}, line {number}: "answers" must be a list of texts')
        found.append(record)
    return found


def check(
    texts: list[dict[str, Any]], passages: Path, asked: list[dict[str, Any]], questions: Path
) -> None:
    """Raise QAError where figures over `texts` and `asked` would mean nothing."""
    if not texts or not asked:
        raise QAError(f"{questions if texts else passages}: holds nothing to measure on")
    ids = [str(text["id"]) for text in texts]
    known = set(ids)
    if len(known) < len(ids):
        raise QAError(f"{passages}: two passages have the same id; give each its own")
    for record in asked:
        if record["gold"] is not None and str(record["gold"]) not in known:
            raise QAError(
                f"{questions}: the gold passage {record['gold']!r} of question {record['id']!r} "
                "is not among the passages; use null where none answers"
            )


def holds(text: str, record: dict[str, Any]) -> bool:
    """Return whether `text` holds one of the record's gold answers, spaces and case aside."""
    said = _folded(text)
    gold = (_folded(str(answer)) for answer in record.get("answers") or ())
    return any(answer in said for answer in gold if answer)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
