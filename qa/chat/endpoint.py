"""Endpoint: an address that speaks the OpenAI protocol, and how it is reached, waited for and left.

The one door to the `openai` package, which is slow to import and so imported where it is used.
Knows nothing of prompts or answers, nor of where address and key were set.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from qa.chat.address import is_this_machine
from qa.chat.events import Delta, FailedError, PageError, data_of, delta_of, is_page
from qa.chat.pump import pump
from qa.errors import ModelError

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

_BEAT = 0.1  # seconds between two looks whether the reader has gone
_CONNECT = 5.0  # seconds after which a host that says nothing is taken to be away
_RETRIES = 2  # of a chat: after about 0.5 and 1 second, or when the server says,
_LATEST = 10.0  # unless that is more seconds away than anybody waits for an answer
_QUOTED = 200  # characters of a server's own words that an error repeats
_SAID = 2000  # characters of them that are looked at
_WHOLE = 4 << 20  # bytes of what is read as a whole, a list of models or an error: ten times enough

# The headers that HTTP needs. The client adds what kind of machine this is, and what variables
# meant for another service say.
_HEADERS = {
    *("accept", "accept-encoding", "connection", "content-length", "content-type"),
    *("host", "user-agent"),
}
_MEANINGS = {
    401: "refuses the key",
    403: "refuses the key",
    404: "does not know the model, or has no chat there",
    429: "is overloaded, try again later",
    503: "is overloaded or still loading, try again later",
}
PAGE = "gives a web page and not an API, check the address"
_Line = asyncio.Queue[str | BaseException | None]  # pieces, and what ended them
Writing = Callable[[Callable[[str], None]], Coroutine[Any, Any, None]]


class RefusedError(ModelError):
    """The server answers, but not with what it was asked for; `said` is its own reason."""

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class SlowError(ModelError):
    """The server was reached, but silent or not done for as long as it was waited for."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The `address` that /models and /chat/completions are added to, and the key for it."""

    address: str
    key: str | None = field(default=None, repr=False)

    def read(self, write: Writing, patience: float, longest: float) -> Iterator[str]:
        """Yield what the coroutine of `write` writes, in a thread, and "" while that is nothing.

        Raises what it raises, and SlowError once it wrote nothing for `patience` seconds or was
        not done after `longest`. Closing the iterator cancels it wherever it is, which closes its
        connection.
        """

        def work(stopped: Callable[[], bool]) -> Generator[str, None, None]:
            import openai  # noqa: F401 - takes seconds, for which no server is to blame

            line: _Line = asyncio.Queue()
            latest = monotonic() + longest
            with asyncio.Runner() as runner:  # which cancels, when it is left, what goes on
                writing = runner.get_loop().create_task(write(line.put_nowait))
                writing.add_done_callback(lambda task: line.put_nowait(_end(task)))
                while isinstance(piece := runner.run(self._next(line, patience, stopped)), str):
                    yield piece
                    if monotonic() > latest:
                        raise SlowError(
                            f"{self.address} had not finished after {longest:.0f} s: is it busy?"
                        )
            if piece is not None:
                raise piece

        return pump(work)

    async def _next(
        self, line: _Line, patience: float, stopped: Callable[[], bool]
    ) -> str | BaseException | None:
        """Return the next piece or the end; None, too, when nobody waits for it any more."""
        last = monotonic() + patience
        while not stopped():
            try:
                return await asyncio.wait_for(line.get(), _BEAT)
            except TimeoutError:
                if monotonic() > last:
                    return SlowError(
                        f"{self.address} was silent for {patience:.0f} seconds: is it busy?"
                    )
        return None

    async def models(self, emit: Callable[[str], None]) -> None:
        """Write the list of models, as JSON. Raises ModelError, or its kind RefusedError."""
        with self._translated():
            async with self._client(retries=0) as client:
                emit(await client.get("/models", cast_to=str))

    async def chat(self, request: Mapping[str, Any], enough: Callable[[Delta], bool]) -> None:
        """Hand on what each event of the answer to `request` (a JSON object) adds, until enough.

        Raises ModelError, or its kind RefusedError, at any step.
        """
        from httpx2 import RequestError
        from openai import AsyncStream

        with self._translated():
            async with self._client(_RETRIES) as client:
                answer = await client.post(
                    "/chat/completions",
                    body={**request, "stream": True},
                    cast_to=object,
                    stream=True,
                    stream_cls=AsyncStream[object],
                )
                async with answer:
                    try:
                        # Read here, for the client does not tell [DONE] from a lost server.
                        async for data in data_of(answer.response.aiter_bytes()):
                            if enough(delta_of(data)):
                                break
                    except RequestError:
                        raise ModelError(f"the connection to {self.address} broke off") from None

    def _client(self, retries: int) -> "AsyncOpenAI":
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        timeout = Timeout(None, connect=_CONNECT)  # `read` watches over the rest
        try:
            transport = DefaultAsyncHttpxClient(
                timeout=timeout,
                trust_env=not is_this_machine(self.address),  # proxies
                verify=self.address.lower().startswith("https:"),  # 0.1 s that http has no use for
                follow_redirects=False,  # a question goes where the user said
                event_hooks={"request": [self._seal], "response": [_not_too_late, _not_too_long]},
            )
        except (ImportError, ValueError) as error:  # one through SOCKS needs a package
            raise ModelError(f"the proxy set for {self.address} cannot be used: {error}") from error
        return AsyncOpenAI(
            base_url=self.address,
            api_key="set by _seal",
            max_retries=retries,
            timeout=timeout,
            http_client=transport,
        )

    async def _seal(self, request: Any) -> None:
        """Leave in an HTTP request the headers that it needs, and put our key to them."""
        for name in set(request.headers) - _HEADERS:
            del request.headers[name]
        if self.key:
            request.headers["authorization"] = f"Bearer {self.key}"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise errors of the client as our own, without theirs: those hold the key."""
        from openai import APIConnectionError, APIError, APIStatusError

        try:
            yield
        except APIStatusError as error:
            raise self._refusal(error) from None
        except APIConnectionError as error:
            why = self._quoted(str(error.__cause__))[:_QUOTED] or "the connection broke off"
            message = f"no answer from {self.address}, is the server running? ({why})"
            raise ModelError(message) from None
        except APIError as error:
            said = self._quoted(error.body)[:_QUOTED]
            raise ModelError(f"{self.address} failed: {said}") from None
        except FailedError as error:
            raise ModelError(
                f"{self.address} failed: {self._quoted(error.body)[:_QUOTED]}"
            ) from None
        except PageError:
            raise ModelError(f"{self.address} {PAGE}") from None
        except (ValueError, RecursionError):
            raise ModelError(f"{self.address} sent what cannot be read") from None

    def _refusal(self, error: "APIStatusError") -> RefusedError:
        status = error.status_code
        elsewhere = error.response.headers.get("location") if status < 400 else None
        said = self._quoted(elsewhere or error.body)
        meaning = _MEANINGS.get(status, "failed" if status >= 500 else "refuses the request")
        if elsewhere:
            meaning = "points elsewhere, use that address"
        if status in (404, 405) and is_page(error.body):
            meaning = PAGE
        if status in (401, 403) and self.key is None:
            meaning = "wants a key"
        after = error.response.headers.get("retry-after", "") if status in (429, 503) else ""
        facts = [str(status), f"retry after {after} s" if after.isdecimal() else ""]
        told = ": ".join(filter(None, [", ".join(filter(None, facts)), said[:_QUOTED]]))
        return RefusedError(f"{self.address} {meaning} ({told})", status, said)

    def _quoted(self, body: object) -> str:
        """Return a server's words on one line, without the key if it repeats that."""
        if isinstance(body, dict):
            body = body.get("message") or body.get("detail") or body
        text = "" if body is None or is_page(body) else str(body)
        text = (text.replace(self.key, "…") if self.key else text)[:_SAID]
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _end(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


async def _not_too_late(response: Any) -> None:
    """Have the client give up at once where a server wants to be asked again too late."""
    after = response.headers.get("retry-after", "")
    if after.isdecimal() and float(after) > _LATEST:
        response.headers["x-should-retry"] = "false"


async def _not_too_long(response: Any) -> None:
    """Cut off an answer that is read as a whole, as all are but those that a chat streams."""
    from httpx2 import ByteStream

    if response.is_success and response.request.method == "POST":
        return
    body = b""
    async for chunk in response.stream:
        body += chunk
        if len(body) > _WHOLE:
            break
    await response.stream.aclose()
    response.stream = ByteStream(body[:_WHOLE])
