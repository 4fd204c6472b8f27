"""Events: what happens, told by any part to whoever listens: the log's lines, the metrics.

Nobody listens by itself. Knows neither what events mean nor how they are written down.
"""

import logging
from collections.abc import Mapping
from typing import Any

EVENTS = logging.getLogger("gaoxin-qa")
EVENTS.addHandler(logging.NullHandler())
EVENTS.propagate = False

ASKED = ("question", "notice")
_FIELDS = "fields"  # of a record of ours; those of other packages have none


def tell(event: str, level: int = logging.INFO, /, **fields: Any) -> None:
    """Tell that something happened; `level` is one of `logging`, `fields` are JSON values.

    The fields of ASKED may hold what somebody asked: they are only written where that is wanted.
    No field holds text of a page, or anything that opens a door.
    """
    EVENTS.log(level, event, extra={_FIELDS: fields})


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of an event; of another package's record its name alone."""
    found = getattr(record, _FIELDS, None)
    return dict(found) if isinstance(found, Mapping) else {"logger": record.name}


def listen(listener: logging.Handler) -> None:
    """Hand all events from the listener's level on to it."""
    EVENTS.addHandler(listener)
    _hear()


def ignore(listener: logging.Handler) -> None:
    """Hand no more events to a listener."""
    EVENTS.removeHandler(listener)
    _hear()


def _hear() -> None:
    """Make no record of what nobody listens to."""
    heard = [h.level for h in EVENTS.handlers if not isinstance(h, logging.NullHandler)]
    EVENTS.setLevel(min(heard, default=logging.CRITICAL + 1) or logging.DEBUG)
