"""Which addresses may be connected to, and which URLs may be a webhook's."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from domain.errors import Invalid

if TYPE_CHECKING:
    import httpx

LONGEST = 2000
LOOPBACK = "127.0.0.1"
_PORTS = {"http": 80, "https": 443}
_NAMES = ThreadPoolExecutor(16, "names")
"""Threads of their own: a name whose servers are silent is somebody's webhook, and may not hold up others' files."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, for that port. Raises `OSError` where there is none."""


def parsed(url: str) -> "httpx.URL":
    """Raises `Invalid` where it is not an `http` or `https` URL with a host, and without a user or password."""
    import httpx  # costs a start more than all of webhooks, and most have none

    if len(url) > LONGEST:
        raise Invalid(f"must have at most {LONGEST} characters")
    if any(not 0x20 < ord(character) < 0x7F for character in url):
        raise Invalid("must be a URL of visible ASCII")
    try:
        found = httpx.URL(url)
        host, port = found.raw_host, found.port
    except (httpx.InvalidURL, ValueError) as error:
        raise Invalid("must be a URL") from error
    if found.scheme not in _PORTS:
        raise Invalid("must begin with http:// or https://")
    if found.userinfo or "@" in found.netloc.decode("ascii", "replace") or "@" in url.partition("://")[2].split("/")[0]:
        raise Invalid("must not have a user or a password")
    if not host or len(host) > 253 or (port is not None and not 0 < port < 65536):
        raise Invalid("must have a host")
    return found


def port_of(url: "httpx.URL") -> int:
    return url.port or _PORTS[url.scheme]


async def resolved(host: str, port: int) -> Sequence[str]:
    """By the system's own resolver, which takes what is an address already as it is, however it is written.

    `localhost` and all names within it are of this machine, also where its resolver does not know them (RFC 6761, 6.3).
    """
    look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = look(flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        try:
            found = await asyncio.get_running_loop().run_in_executor(_NAMES, look)
        except socket.gaierror:
            if f".{host.rstrip('.').lower()}".endswith(".localhost"):
                return [LOOPBACK]
            raise
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether it is of the internet at large, also where one address is wrapped in another."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False  # a zone, for example: local by its nature
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if wrapped is None and ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
