"""Who may connect: the three ways to bring a token, the page that it comes from, and the room."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from application.authentication import Credentials
from application.rooms.people import Somebody
from domain.access import Actor
from domain.errors import Forbidden, InsufficientScope, Invalid, NotFound, Unauthenticated
from domain.rooms import Room
from entrypoints.http.schema import as_id

BEARER = "bearer"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was let in; `key` is what they brought where it is an API key."""

    credentials: Credentials
    room: Room
    somebody: Somebody
    key: str | None


class Doorkeeper:
    def __init__(
        self,
        *,
        authenticate_token: Callable[[str], Awaitable[Credentials]],
        authenticate_key: Callable[[str], Awaitable[Credentials]],
        admit: Callable[[Actor, str], Awaitable[tuple[Room, Somebody]]],
        origins: Iterable[str],
    ) -> None:
        self._token, self._key, self._admit = authenticate_token, authenticate_key, admit
        self._origins = frozenset(origins)

    async def let_in(self, scope: Any, room_id: str) -> Guest:
        """Raises `Unauthenticated`, then `Forbidden` for the scope or the origin, then `NotFound` for the room."""
        tokens, keys = _brought(scope)
        if len(tokens) + len(keys) != 1:
            raise Unauthenticated()
        credentials = await (self._token(tokens[0]) if tokens else self._key(keys[0]))
        if "rooms:read" not in credentials.actor.scopes:
            raise InsufficientScope("rooms:read")
        self._require_known_origin(scope)
        try:
            id = as_id(room_id)
        except Invalid:
            raise NotFound() from None
        room, somebody = await self._admit(credentials.actor, id)
        return Guest(credentials, room, somebody, keys[0] if keys else None)

    def _require_known_origin(self, scope: Any) -> None:
        """Browsers say where a page comes from (RFC 6455, 10.2); programs need not. Raises `Forbidden`."""
        origins = _values(scope, b"origin")
        if not origins or "*" in self._origins:
            return
        hosts = _values(scope, b"host")
        if len(origins) == 1 and (origins[0] in self._origins or (hosts and _same_host(origins[0], hosts[0]))):
            return
        raise Forbidden("This origin may not connect.")


def _brought(scope: Any) -> tuple[list[str], list[str]]:
    """Tokens and keys, wherever they are."""
    tokens = []
    for value in _values(scope, b"authorization"):
        scheme, _, token = value.partition(" ")
        tokens.append(token.strip() if scheme.lower() == BEARER else "")
    tokens += parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("token", [])
    offered = [each for each in scope["subprotocols"] if each]
    if offered and offered[0].lower() == BEARER:
        tokens += offered[1:]
    return tokens, _values(scope, b"x-api-key")


def _values(scope: Any, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _same_host(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
        asked = urlsplit(f"{page.scheme}://{host}")
        default = _PORTS.get(page.scheme)
        if page.hostname is None or default is None:
            return False  # `null`, of pages that have no origin
        return page.hostname == asked.hostname and (page.port or default) == (asked.port or default)
    except ValueError:
        return False
