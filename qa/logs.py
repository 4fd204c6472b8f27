"""Logs: events as one JSON object a line on standard error; nothing unless it is asked for.

What was asked is left out unless that is wanted too, and a key that is known is never written.
Knows nothing of what the events mean (see events.py).
"""

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from qa import settings
from qa.errors import QAError
from qa.events import ASKED, fields_of, ignore, listen

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_HIDDEN = "…"


class Log:
    """Lines that are being written: of our events, and of what other packages warn of.

    What else other packages say is never written: it holds prompts and headers.
    """

    def __init__(self, level: int, form: logging.Formatter, stream: TextIO) -> None:
        self._lines = _Lines(stream)
        self._lines.setLevel(level)
        self._lines.setFormatter(form)
        self._warnings = _Lines(stream)
        self._warnings.setLevel(max(level, logging.WARNING))
        self._warnings.setFormatter(form)
        listen(self._lines)
        logging.getLogger().addHandler(self._warnings)

    def close(self) -> None:
        """Write no more lines."""
        ignore(self._lines)
        logging.getLogger().removeHandler(self._warnings)

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def begin(options: object) -> Log | None:
    """Write what parsed options, or else the environment, ask for; None where neither does.

    Raises QAError for a level that there is not.
    """
    level = getattr(options, "log_level", None) or settings.log_level()
    if level is None:
        return None
    if level not in LEVELS:
        raise QAError(f"QA_LOG_LEVEL is {level!a}: set it to one of {', '.join(LEVELS)}")
    questions = bool(getattr(options, "log_questions", False))
    return Log(LEVELS[level], JsonLines(questions, _secrets(options)), sys.stderr)


def _secrets(options: object) -> list[str]:
    if not (getattr(options, "server", None) or settings.server_url()):
        return []
    key = settings.server_key(getattr(options, "key_file", None))
    return [key] if key else []


class JsonLines(logging.Formatter):
    """A record as one line of JSON that holds only characters which can be seen.

    So neither a line nor the order in which it is read can be forged by a name or a question.
    """

    def __init__(self, questions: bool = False, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._questions = questions
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return `{"time", "level", "event", …}`; the time is UTC, to the millisecond."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": when, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= fields_of(record)
        if not self._questions:
            line = {name: value for name, value in line.items() if name not in ASKED}
        if record.exc_info and record.exc_info[0]:
            line["traceback"] = self.formatException(record.exc_info)
        return one_line({name: self._hidden(value) for name, value in line.items()})

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, bool | int | float) or value is None:
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def one_line(value: Any) -> str:
    r"""Return JSON in which all that cannot be seen, besides the space, is written as \uXXXX."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


class _Lines(logging.StreamHandler[TextIO]):
    """Writes lines; where they cannot be written any more, nothing else stops for it."""

    def handleError(self, _: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Let the line go."""
