"""Visitors: what a browser at the window sends and hears, without the browser.

Each asks about one village in turn, looks at what comes back, and comes again. Knows the window's
protocol: HTTP, and events that the server sends.
"""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from time import monotonic

import httpx2

from window.load.villages import FACTS, problem, question

_API = "gradio_api/"
_TOLD = 10  # of what went wrong


@dataclass(slots=True)
class Seen:
    """What all visitors have seen: seconds of each answer in order, and how much went wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0

    def complain(self, line: str) -> None:
        """Count what went wrong; the first few are printed."""
        self.wrong += 1
        if self.wrong <= _TOLD:
            print(f"wrong: {line}", file=sys.stderr)


class Visitor:
    """One browser at the window: a page that is loaded, and questions asked of it in turn."""

    def __init__(self, client: httpx2.AsyncClient, session: str, event: int) -> None:
        self._client = client
        self._session = session
        self._event = event

    async def ask(self, question: str) -> str:
        """Return the HTML of the turn once the question is answered."""
        sent = {
            "data": [question, None, None, ""],
            "fn_index": self._event,
            "session_hash": self._session,
        }
        (await self._client.post(f"{_API}queue/join", json=sent)).raise_for_status()
        awaited, turn = {"session_hash": self._session}, ""
        async with self._client.stream("GET", f"{_API}queue/data", params=awaited) as answer:
            async for line in answer.aiter_lines():
                told = json.loads(line.removeprefix("data: ")) if line else {}
                if told.get("msg") == "process_completed":
                    turn = str(told["output"]["data"][1])
        return turn


@asynccontextmanager
async def visiting(client: httpx2.AsyncClient) -> AsyncIterator[Visitor]:
    """Load the page as a browser does, with the connection that tells when it is gone."""
    (await client.get("")).raise_for_status()
    config = (await client.get("config")).json()
    names = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
    event = next(
        each["id"]
        for each in config["dependencies"]
        if "question" in [names.get(part) for part, act in each["targets"] if act == "submit"]
    )
    session = token_hex(8)
    async with client.stream("GET", f"{_API}heartbeat/{session}", timeout=None):
        yield Visitor(client, session, event)


async def visit(client: httpx2.AsyncClient, stories: int, pause: float, seen: Seen) -> None:
    """Load the page and ask all about one village, with about `pause` seconds before each."""
    number = random.randrange(stories)
    async with visiting(client) as visitor:
        for fact in range(len(FACTS)):
            await asyncio.sleep(random.uniform(0, 2 * pause))
            began = monotonic()
            turn = await visitor.ask(question(number, fact))
            seen.seconds.append(monotonic() - began)
            if wrong := problem(turn, number, fact):
                seen.complain(wrong)


async def come_again(client: httpx2.AsyncClient, stories: int, pause: float, seen: Seen) -> None:
    """Visit again and again, whatever fails."""
    while True:
        try:
            await visit(client, stories, pause, seen)
        except (httpx2.HTTPError, ValueError) as error:
            seen.complain(repr(error))
            await asyncio.sleep(1.0)
