"""Who is at the other end: the peer itself, or what a proxy that is trusted says of it."""

from collections.abc import Iterable, MutableMapping
from ipaddress import ip_address, ip_network
from typing import Any


class Peers:
    """`trusted` are addresses or networks of proxies."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted = [ip_network(each, strict=False) for each in trusted]

    def place(self, scope: MutableMapping[str, Any]) -> None:
        """Sets `scope["ip"]`, and behind a trusted proxy the scheme that the client used."""
        peer = scope["client"][0] if scope.get("client") else None
        scope["ip"] = peer
        if not self._trusted or peer is None or not self._is_trusted(peer):
            return
        headers = dict(scope["headers"])
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for hop in reversed([hop.strip() for hop in forwarded if hop.strip()]):
            if not _is_address(hop):
                break
            scope["ip"] = hop
            if not self._is_trusted(hop):
                break
        if headers.get(b"x-forwarded-proto") in (b"http", b"https"):
            scope["scheme"] = headers[b"x-forwarded-proto"].decode()

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
