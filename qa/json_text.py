"""JSON as others write it, read strictly: what is read can be written again as JSON."""

import json
import math
from typing import Any


def read_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises ValueError, in one line, where it is none: for NaN and numbers that are too large, too
    long or nested too deep as well, which Python's reader takes or raises other errors for.
    """
    try:
        return json.loads(text, parse_constant=_number, parse_float=_number)
    except json.JSONDecodeError as error:
        raise ValueError(error.msg) from error
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _number(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise ValueError(f"{written[:40]} is no number that JSON can hold")
    return value
