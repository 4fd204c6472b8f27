"""Listening: how long a connection may take to ask, and how many there may be.

Gradio begins uvicorn's server with defaults: whoever opens connections and sends nothing, or a
byte a minute, is waited for without end. Knows bytes and times, nothing of what is asked.
"""

import sys
from asyncio import TimerHandle, Transport
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from window.entrance.doors import Application, Message, Receive, Send

if sys.platform != "win32":
    import resource

_HEAD, _BODY = 20.0, 120.0  # seconds for the head of a request, and for the rest of it
_FILES = 4096  # the system's limit of open files is raised to this, where it lets us
_OURS = 200  # files that the library, models and sockets of our own may need


class Timed(H11Protocol):
    """One connection; closed when a request on it does not come in time."""

    head, body = _HEAD, _BODY
    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._watch(self.head, last=False)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._watch(self.head, last=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        super().connection_lost(exc)
        if self._timer:
            self._timer.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer a head that is no HTTP; where only the body is none, hang up."""
        if self.conn.our_state is h11.IDLE:
            super().send_400_response(msg)
            return
        if self.cycle is not None:
            self.cycle.disconnected = True  # whoever answers the head is not listened to
            self.cycle.message_event.set()
        self.transport.close()

    def _watch(self, seconds: float, *, last: bool) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._look, last)

    def _look(self, last: bool) -> None:
        cycle = self.cycle
        asking = cycle is not None and not cycle.response_complete
        if not asking or (last and cycle.more_body):
            self.transport.close()
        elif cycle.more_body:
            self._watch(self.body, last=True)


def steady(server: Any) -> None:
    """Have a uvicorn server that runs already be patient within bounds, and not tell its name."""
    server.config.http_protocol_class = Timed
    server.config.limit_concurrency = _most_connections()
    server.config.encoded_headers = []
    server.config.loaded_app = _hosted(server.config.loaded_app)


def _hosted(app: Application) -> Application:
    """Return `app`, given an empty Host where a request has none, as those of HTTP/1.0 may.

    Gradio looks for it before our doors are asked.
    """

    async def called(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and all(name != b"host" for name, _ in scope["headers"]):
            scope = {**scope, "headers": [*scope["headers"], (b"host", b"")]}
        await app(scope, receive, send)

    return called


def _most_connections() -> int:
    """Return how many connections the system has files for; the others are answered 503."""
    if sys.platform == "win32":
        return _FILES  # a socket is no file there
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > soft:
        soft = max(soft, _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(soft - _OURS, 50)
