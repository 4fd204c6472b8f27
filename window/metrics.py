"""Metrics: events counted, as Prometheus text. Nothing is counted unless it is asked for.

Numbers only: no question, no name, no address. The one file that knows prometheus_client.
"""

import logging
import math
from collections.abc import Callable

from anyio.to_thread import run_sync
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from qa import Library, QAError
from qa.events import fields_of, ignore, listen
from window.entrance.doors import Message, Receive, Send
from window.queueing import Gate

_OUTCOMES = ("answered", "refused", "failed", "defect", "stopped")
_CHANGES = ("added", "replaced", "failed", "removed")
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics(logging.Handler):
    """Counts what is told while it listens. An ASGI application gives the figures."""

    def __init__(self, library: Library, gate: Gate) -> None:
        super().__init__(logging.INFO)
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter(
            "qa_questions", "Questions by what came of them.", ["outcome"], registry=registry
        )
        self._pages = Counter(
            "qa_pages", "Pages by what became of them.", ["change"], registry=registry
        )
        self._fallbacks = self._counter("qa_fallbacks", "Answers with a notice, as a model failed.")
        self._logins = self._counter("qa_logins_failed", "Logins with a wrong name or password.")
        self._retrieve = self._timed("qa_retrieve_seconds", "Finding what a question needs.")
        self._answer = self._timed("qa_answer_seconds", "Making an answer of what was found.")
        for outcome in _OUTCOMES:
            self._questions.labels(outcome)
        for change in _CHANGES:
            self._pages.labels(change)
        self._gauge("qa_articles", "In the library.", lambda: _articles(library))
        self._gauge("qa_answering", "Questions being answered.", lambda: gate.filled()[0])
        self._gauge("qa_waiting", "Questions in line.", lambda: gate.filled()[1])

    def _counter(self, name: str, about: str) -> Counter:
        return Counter(name, about, registry=self._registry)

    def _timed(self, name: str, about: str) -> Histogram:
        return Histogram(name, about, buckets=_SECONDS, registry=self._registry)

    def _gauge(self, name: str, about: str, value: Callable[[], float]) -> None:
        Gauge(name, about, registry=self._registry).set_function(value)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one event."""
        event, fields = record.getMessage(), fields_of(record)
        kind, _, change = event.partition(" ")
        if event == "question":
            self._questions.labels(fields["outcome"]).inc()
            if "answer_ms" in fields:
                self._retrieve.observe(fields["retrieve_ms"] / 1000)
                self._answer.observe(fields["answer_ms"] / 1000)
        elif kind == "page" and change in _CHANGES:
            self._pages.labels(change).inc()
        elif event == "fallback":
            self._fallbacks.inc()
        elif event == "login failed":
            self._logins.inc()

    def text(self) -> bytes:
        """Return the figures as they are now."""
        return generate_latest(self._registry)

    def __enter__(self) -> "Metrics":
        listen(self)
        return self

    def __exit__(self, *_: object) -> None:
        ignore(self)

    async def __call__(self, _: Message, __: Receive, send: Send) -> None:
        """Answer a request, which was let in before."""
        text = await run_sync(self.text)
        headers = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]
        headers.append((b"cache-control", b"no-store"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})


def _articles(library: Library) -> float:
    """Return how many there are, and no number where the library cannot be read now."""
    try:
        return library.counts()["articles"]
    except QAError:
        return math.nan
