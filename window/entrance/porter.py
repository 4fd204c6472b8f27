"""The porter: checks names and passwords, slows guessing down, and forgets who was struck out.

The password file is read again when it has changed. Knows nothing of cookies.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import Any

from qa.events import tell
from window.entrance.caller import ADDRESS, network_of
from window.entrance.passwords import PasswordFileError, gatekeeper, read_passwords

_COUNTERS = 10_000  # of failures are kept, the latest, so that made-up names fill no memory
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0  # seconds
_PATIENCE = 8  # tries for a name from one address that may wait; more are turned away unchecked
_CROWD = 16  # the same for all names from one address


def owner(request: Any) -> str:
    """Return the name that a gradio request's visitor logged in with; "" where nobody has to."""
    return str(getattr(request, "username", None) or "")


class _Counter:
    """Failures in a row, and the line of tries, which are checked one after another."""

    def __init__(self) -> None:
        self.failures = 0
        self.tries = 0
        self.turn = asyncio.Lock()

    def pause(self) -> float:
        return min(_FIRST_PAUSE * 2.0 ** (min(self.failures, 16) - 1), _LONGEST_PAUSE)


class Porter:
    """Lets in the people of a password file.

    After a failure the next try for that name from that address waits: half a second, then twice
    as long each time, up to eight seconds, until a try succeeds. Unknown names are treated alike.
    Whoever guesses elsewhere makes nobody wait here. One password is checked at a time, as that
    takes a processor.
    Raises PasswordFileError when the file cannot be used at first; a later fault in it is told to
    `complain` and changes nothing.
    """

    def __init__(
        self,
        path: Path,
        complain: Callable[[str], object],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._path = path
        self._complain = complain
        self._sleep = sleep
        self._stamp = self._stamped()
        self._users = read_passwords(path)
        self._admits = gatekeeper(self._users)
        self._counters: dict[bytes, _Counter] = {}
        self._checking = asyncio.Semaphore(1)
        self._salt = token_bytes(16)

    async def admits(self, user: str, password: str) -> bool:
        """Tell whether this is the user's password, after the pause that is due."""
        network = network_of(ADDRESS.get())
        counter, crowd = self._counter(user, network), self._counter("", network)
        if counter.tries >= _PATIENCE or crowd.tries >= _CROWD:
            self._tell_failure(user, checked=False)
            return False
        counter.tries += 1
        crowd.tries += 1
        try:
            async with counter.turn:
                return await self._checked(counter, user, password)
        finally:
            counter.tries -= 1
            crowd.tries -= 1

    async def _checked(self, counter: _Counter, user: str, password: str) -> bool:
        async with self._checking:
            right = await asyncio.to_thread(self._admits, user, password)
        if right:
            counter.failures = 0
            tell("login", name=user, address=ADDRESS.get())
            return True
        counter.failures += 1
        self._tell_failure(user, checked=True)
        await self._sleep(counter.pause())
        return False

    def _tell_failure(self, user: str, *, checked: bool) -> None:
        """Tell of a name only if it is one: a password may have been typed in its place."""
        known = {"name": user} if user in self._users else {}
        address = ADDRESS.get()
        tell("login failed", logging.WARNING, address=address, checked=checked, **known)

    def struck_out(self) -> set[str]:
        """Return whose line of the file has gone or changed since this was last asked."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return set()
        self._stamp = stamp
        try:
            users = read_passwords(self._path)
        except PasswordFileError as error:
            self._complain(str(error))
            return set()
        gone = {user for user, hashed in self._users.items() if users.get(user) != hashed}
        self._users, self._admits = users, gatekeeper(users)
        return gone

    def _stamped(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def _counter(self, user: str, network: str) -> _Counter:
        who = f"{network} {user}".encode(errors="surrogatepass")
        key = blake2b(who, key=self._salt, digest_size=16).digest()
        counter = self._counters[key] = self._counters.pop(key, _Counter())
        if len(self._counters) > _COUNTERS:
            idle = (each for each, kept in self._counters.items() if not kept.tries)
            del self._counters[next(idle)]
        return counter
