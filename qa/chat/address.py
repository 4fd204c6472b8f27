"""Address and key of a server, as people write them: what they may mean, or why they cannot.

Knows nothing of what is sent there, nor of where they were set.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from qa.errors import ModelError

_LABEL = r"[a-z0-9_-]{1,63}"
_ADDRESS = re.compile(
    rf"https?://(?P<host>{_LABEL}(\.{_LABEL})*|\[[0-9a-f:.]+\])(:(?P<port>\d{{1,5}}))?"
    r"(?P<path>/[a-z0-9_.~/-]*)?",
    re.IGNORECASE | re.ASCII,
)

_BEHIND = re.compile(r"(?:/chat)?/completions$|/models$", re.IGNORECASE)


def addresses(url: str) -> list[str]:
    """Return the addresses that `url` may mean, the likelier first: with /v1 added and without.

    What is behind them, /models or /chat/completions, may stand there too.

    Raises ModelError when it can be none. The message does not repeat it: it may hold a password.
    """
    base = _BEHIND.sub("", url.strip().rstrip("/")).rstrip("/")
    parts = _ADDRESS.fullmatch(base)
    if parts is None or int(parts["port"] or 0) > 65535 or not _is_host(parts["host"]):
        raise ModelError(
            "the address of the server must look like http://127.0.0.1:8000/v1,"
            " with no user name and nothing after a ? or #"
        )
    if re.search(r"/v\d\w*$", base):
        return [base]
    return [base, f"{base}/v1"] if parts["path"] else [f"{base}/v1", base]


def checked_key(key: str | None) -> str | None:
    """Return a key without the line's end of a file, or None when there is none.

    Raises ModelError, which does not repeat it, when it cannot be sent.
    """
    key = (key or "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise ModelError("the key for the server holds spaces or letters that no key has: check it")
    return key or None


def is_this_machine(address: str) -> bool:
    """Tell whether an address of `addresses` is on the machine that asks."""
    host = urlsplit(address).hostname or ""
    return host in ("::1", "0.0.0.0") or re.fullmatch(r"127\..*|(.*\.)?localhost", host) is not None


def _is_host(host: str) -> bool:
    """Tell whether what looks like an IP address is one. Names are looked up when they are used."""
    if re.search(r"[^\d.]", host) and not host.startswith("["):
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
