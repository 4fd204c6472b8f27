"""The address that is listened on: whether it is free, who reaches it, and its names.

Knows nothing of what is served there.
"""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

from qa import QAError
from window.entrance.origins import LOOPBACK, Names


class PortError(QAError):
    """The address cannot be listened on."""


def free_port(host: str, port: int) -> int:
    """Return the port to listen on (a free one for 0); raise PortError when it is taken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise taken(host, port) from error


def taken(host: str, port: int) -> PortError:
    """Return what tells that an address cannot be listened on, and what to do."""
    return PortError(f"cannot listen on {host}:{port}; choose another with --port or --host")


def is_local(host: str) -> bool:
    """Return whether only this machine can reach the host."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(host: str, given: Sequence[str]) -> Names:
    """Return what a request may call the server: anything, where nobody said and others reach it."""
    return Names([*LOOPBACK, host, *given] if given or is_local(host) else None)
