"""Health and metrics: what a machine that watches over the server is told, and a stranger is not."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qa import Library, stream
from qa.answering.telling import told
from qa.errors import LibraryError, ModelError, QuestionError
from qa.events import tell
from window.entrance.doors import Doors, is_open
from window.entrance.health import Health
from window.metrics import Metrics
from window.queueing import Gate

QUESTION = "石桥镇苹果园亩产多少？"


def answered(door: Any, path: str = "/health") -> tuple[int, bytes]:
    """Return status and body of what an application answers."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": []}
    asyncio.run(door(scope, None, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.fixture
def metrics(filled: Library) -> Iterator[Metrics]:
    with Metrics(filled, Gate(2)) as counting:
        yield counting


def figures(metrics: Metrics) -> dict[str, float]:
    text = answered(metrics, "/metrics")[1].decode()
    return {name: float(value) for name, value in re.findall(r"^(qa_\S+) (\S+)$", text, re.M)}


def test_questions_are_counted_by_what_came_of_them_and_timed(metrics, filled):
    for _ in told(stream(filled, QUESTION), QUESTION, "api"):
        pass
    for _ in told(stream(filled, "火星上的总统是谁？"), "x", "window"):
        pass
    with pytest.raises(QuestionError):
        list(told(stream(filled, ""), "", "api"))
    found = figures(metrics)
    outcomes = [found[f'qa_questions_total{{outcome="{n}"}}'] for n in ("answered", "refused")]
    assert outcomes == [1, 1]
    assert found['qa_questions_total{outcome="failed"}'] == 1
    assert found["qa_retrieve_seconds_count"] == found["qa_answer_seconds_count"] == 2
    assert 0 < found["qa_answer_seconds_sum"] < 60


def test_pages_logins_and_models_that_failed_are_counted(metrics):
    for event in ("page added", "page failed", "page removed", "page removed", "page unchanged"):
        tell(event, source="a.txt")
    tell("login failed", name="li")
    tell("fallback", notice="x")
    found = figures(metrics)
    changes = {n: found[f'qa_pages_total{{change="{n}"}}'] for n in ("added", "failed", "removed")}
    assert changes == {"added": 1, "failed": 1, "removed": 2}
    assert found["qa_logins_failed_total"] == found["qa_fallbacks_total"] == 1


def test_articles_and_the_line_are_told_as_they_are_now(filled):
    gate = Gate(1)
    metrics = Metrics(filled, gate)
    with gate.entered(), gate.entered(), gate.entered():
        found = figures(metrics)
    assert (found["qa_articles"], found["qa_answering"], found["qa_waiting"]) == (3, 1, 2)
    assert figures(metrics)["qa_answering"] == 0


def test_the_figures_hold_no_name_and_no_question(metrics, filled):
    for _ in told(stream(filled, QUESTION), QUESTION, "api"):
        pass
    tell("login failed", name="li", address="192.0.2.7")
    text = answered(metrics, "/metrics")[1].decode()
    assert text.isascii()
    assert 'li"' not in text
    assert "192.0.2.7" not in text


def test_what_is_not_listening_counts_nothing(metrics):
    metrics.__exit__()
    tell("login failed")
    assert figures(metrics)["qa_logins_failed_total"] == 0


def test_a_library_that_can_be_asked_is_well(filled):
    assert answered(Health(filled)) == (200, b'{"status": "ok"}')


class Ailing:
    """A library whose snapshot fails, or takes its time."""

    def __init__(self, fail: Callable[[], object]) -> None:
        self._fail = fail
        self.asked = 0

    def snapshot(self) -> Any:
        self.asked += 1
        self._fail()


def raising(error: Exception) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (LibraryError("/secret/library: it is damaged"), "library"),
        (ModelError("/secret/model is gone"), "encoder"),
        (QuestionError("/secret"), "failed"),
    ],
)
def test_what_does_not_work_is_told_in_one_word(error, word):
    status, body = answered(Health(Ailing(raising(error))))
    assert (status, json.loads(body)) == (503, {"status": word})


def test_a_library_that_does_not_answer_in_time_is_slow():
    health = Health(Ailing(lambda: time.sleep(0.3)), longest=0.05)
    assert answered(health)[0] == 503


def test_many_who_ask_at_once_are_one_look_at_the_library():
    ailing = Ailing(raising(LibraryError("x")))
    health = Health(ailing)

    async def crowd() -> list[str]:
        return await asyncio.gather(*(health.word() for _ in range(50)))

    assert asyncio.run(crowd()) == ["library"] * 50
    assert ailing.asked == 1


def test_health_is_always_open_and_metrics_only_where_they_are_asked_for():
    assert is_open("/health")
    assert is_open("/metrics", metrics=True)
    assert answered(Doors(lambda *_: pytest.fail("was let through")), "/metrics")[0] == 404
