"""Health: whether questions can be answered, in one word, for whoever watches over the server.

Tells a stranger nothing else. Asks the library seldom, however often it is asked itself.
"""

import asyncio
import json
from time import monotonic
from typing import Literal

from anyio import fail_after
from anyio.to_thread import run_sync

from qa import Library, QAError, retrieve
from qa.errors import LibraryError, ModelError
from window.entrance.doors import Message, Receive, Send

Word = Literal["ok", "library", "encoder", "slow", "failed"]

_QUESTION = "报纸上说了什么？"
_FRESH, _LONGEST = 5.0, 10.0  # seconds: as long as an answer holds, and as a look may take


class Health:
    """An ASGI application: 200 and `{"status": "ok"}`, or 503 and what does not work."""

    def __init__(self, library: Library, fresh: float = _FRESH, longest: float = _LONGEST) -> None:
        self._library = library
        self._fresh, self._longest = fresh, longest
        self._word: Word = "ok"
        self._until = 0.0
        self._looking = asyncio.Lock()

    async def __call__(self, _: Message, __: Receive, send: Send) -> None:
        """Answer a request."""
        word = await self.word()
        start = {"type": "http.response.start", "status": 200 if word == "ok" else 503}
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        body = json.dumps({"status": word}).encode()
        await send(start | {"headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def word(self) -> Word:
        """Return "ok", or the part that keeps questions from being answered."""
        async with self._looking:
            if monotonic() >= self._until:
                self._word = await self._look()
                self._until = monotonic() + self._fresh
            return self._word

    async def _look(self) -> Word:
        try:
            with fail_after(self._longest):
                await run_sync(self._ask, abandon_on_cancel=True)
        except TimeoutError:
            return "slow"
        except ModelError:
            return "encoder"
        except LibraryError:
            return "library"
        except QAError:
            return "failed"
        return "ok"

    def _ask(self) -> None:
        retrieve(self._library.snapshot(), _QUESTION, 1)
