"""Origins: under which name a request was sent, and whether another site's page sent it.

A page on the internet can give its own name to this machine's address, and have a browser here
send requests to it. Knows headers only.
"""

import re
from collections.abc import Iterable, Mapping

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(rb"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@\s]+?))\.?(?::[0-9]{1,5})?")
_OURS = (b"same-origin", b"none")  # the second is what somebody types, or a bookmark


class Names:
    """The names of this server, without ports; None stands for whatever it is called by."""

    def __init__(self, names: Iterable[str] | None) -> None:
        self.all = None if names is None else frozenset(n.strip("[]").lower() for n in names)

    def hold(self, host: bytes) -> bool:
        """Tell whether a Host header gives one of the names."""
        return self.all is None or name_of(host) in self.all


def name_of(host: bytes) -> str:
    """Return the name in a Host header, without port and brackets; "" for what is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).decode("latin-1").lower() if found else ""


def comes_from_elsewhere(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether a browser sent a request for a page of another site.

    Browsers say so themselves over HTTPS and on one machine; else the page's origin is compared
    with the host that is asked. Programs send neither header.
    """
    if (site := headers.get(b"sec-fetch-site")) is not None:
        return site.lower() not in _OURS
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host")
