"""The porter: checks names and passwords, slows guessing down, and forgets who was struck out.

The password file is read again when it has changed. Knows nothing of addresses or cookies.
"""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import Any

from window.entrance.passwords import PasswordFileError, gatekeeper, read_passwords

_COUNTERS = 256  # of failures; names share them, so that made-up names fill no memory
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0  # seconds
_PATIENCE = 8  # tries for a name that may wait; more are turned away unchecked


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

    After a failure the next try for that name waits: half a second, then twice as long each time,
    up to eight seconds, until a try succeeds. Unknown names are treated alike.
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
        self._counters = [_Counter() for _ in range(_COUNTERS)]
        self._salt = token_bytes(16)

    async def admits(self, user: str, password: str) -> bool:
        """Tell whether this is the user's password, after the pause that is due."""
        counter = self._counter(user)
        if counter.tries >= _PATIENCE:
            return False
        counter.tries += 1
        try:
            async with counter.turn:
                if await asyncio.to_thread(self._admits, user, password):
                    counter.failures = 0
                    return True
                counter.failures += 1
                await self._sleep(counter.pause())
                return False
        finally:
            counter.tries -= 1

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

    def _counter(self, user: str) -> _Counter:
        digest = blake2b(
            user.encode(errors="surrogatepass"), key=self._salt, digest_size=2
        ).digest()
        return self._counters[int.from_bytes(digest) % _COUNTERS]
