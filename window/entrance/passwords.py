"""Who may enter the window: a file of `user:scrypt$salt$hash` lines, never plain passwords."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.errors import QAError

_SCHEME = "scrypt"
_SALT_BYTES = 16
_HASH_BYTES = 32


class PasswordFileError(QAError):
    """The file given to --auth cannot be read or holds a line that is not a hashed password."""


def hash_password(password: str, salt: bytes | None = None) -> str:
    """Return `scrypt$salt$hash` (hexadecimal) for a password, with a fresh salt by default."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    return f"{_SCHEME}${salt.hex()}${_digest(password, salt).hex()}"


def read_passwords(path: Path) -> dict[str, str]:
    """Return user → hashed password. Blank lines and lines that begin with `#` are skipped.

    Raises PasswordFileError, naming the line, for anything that is not a hashed password.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordFileError(f"cannot read the password file {path}: {error}") from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        user, _, hashed = line.strip().partition(":")
        if not user or not _well_formed(hashed):
            raise PasswordFileError(
                f"{path}, line {number}: not a hashed password; "
                "make the line with: python app.py --hash-password"
            )
        users[user] = hashed
    if not users:
        raise PasswordFileError(f"{path} names nobody; add a line: python app.py --hash-password")
    return users


def gatekeeper(users: Mapping[str, str]) -> Callable[[str, str], bool]:
    """Return a check of user and password that takes as long for an unknown user as for a known."""
    nobody = hash_password(secrets.token_hex(8))

    def admits(user: str, password: str) -> bool:
        hashed = users.get(user, nobody)
        salt = bytes.fromhex(hashed.split("$")[1])
        same = hmac.compare_digest(hash_password(password, salt), hashed)
        return same and user in users

    return admits


def _digest(password: str, salt: bytes) -> bytes:
    # n, r, p: about 50 ms and 16 MiB a try on one core, the interactive setting of RFC 7914.
    sent = password.encode(errors="surrogatepass")
    return hashlib.scrypt(sent, salt=salt, n=2**14, r=8, p=1, dklen=_HASH_BYTES)


def _well_formed(hashed: str) -> bool:
    parts = hashed.split("$")
    if len(parts) != 3 or parts[0] != _SCHEME or len(parts[2]) != 2 * _HASH_BYTES:
        return False
    try:
        return len(bytes.fromhex(parts[1])) >= 8 and bool(bytes.fromhex(parts[2]))
    except ValueError:
        return False
