"""Telling: what came of a question, for logs and metrics, whichever door it came through."""

import logging
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from qa.answering.answer import Answer
from qa.errors import QAError
from qa.events import tell


def told(steps: Iterator[Answer], question: str, by: str, waited: float = 0.0) -> Iterator[Answer]:
    """Yield the steps of an answer, and tell at their end what came of the question.

    The outcome is "answered", "refused" for want of evidence, "failed" by a QAError, "defect" by
    anything else, or "stopped" where it is closed before. `by` is the door that the question came
    through, and `waited` is for how many seconds it stood in line before.
    """
    began, answer, outcome = perf_counter(), None, "stopped"
    about: dict[str, Any] = {}
    try:
        for answer in steps:
            yield answer
        outcome = "answered" if answer is not None and answer.answered else "refused"
        about = known_of(answer)
    except QAError as error:
        outcome, about = "failed", {"why": type(error).__name__}
        raise
    except Exception as error:
        outcome, about = "defect", {"why": type(error).__name__}
        raise
    finally:
        took = {"waited_ms": _ms(waited), "total_ms": _ms(perf_counter() - began)}
        level = logging.ERROR if outcome == "defect" else logging.INFO
        tell("question", level, outcome=outcome, by=by, question=question, **took, **about)
        if answer is not None and answer.notice:
            # What a server says may repeat what it was asked.
            tell("fallback", logging.WARNING, notice=answer.notice)


def known_of(answer: Answer | None) -> dict[str, Any]:
    """Return what may be known of an answer without knowing what was asked and answered."""
    if answer is None:
        return {}
    return {
        "confidence": round(answer.confidence, 3),
        "citations": len(answer.citations),
        "unverified": sum(each.support == "unverified" for each in answer.citations),
        "model": answer.models.get("answerer", ""),
        "retrieve_ms": answer.timings_ms.get("retrieve", 0.0),
        "answer_ms": answer.timings_ms.get("answer", 0.0),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
