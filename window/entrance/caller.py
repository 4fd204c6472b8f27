"""The caller: the address from which the request that is being answered came.

A proxy on this machine is believed about whom it speaks for, any other is itself the caller.
"""

from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network

ADDRESS: ContextVar[str] = ContextVar("address", default="")


def network_of(address: str) -> str:
    """Return what one visitor has for sure: an IPv4 address, of an IPv6 address the first half."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)
