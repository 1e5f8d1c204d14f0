"""Open sockets, looked at again: what would refuse a new connection ends an open one."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from application.rooms.presence import Recheck
from domain.access import Actor, UserId
from domain.errors import Unauthenticated
from entrypoints.live.hub import Hub
from entrypoints.live.limits import Close
from entrypoints.live.sockets import RoomSocket

MANY = 500
T = TypeVar("T")


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """So many at once as one question may be about."""
    rest = iter(values)
    while part := list(islice(rest, MANY)):
        yield part


def end_all(sockets: Iterable[RoomSocket], code: Close, reason: str) -> None:
    for socket in list(sockets):
        socket.end(code, reason)


class Rechecks:
    """Many sockets at once, so that thousands of them cost the store a few questions."""

    def __init__(
        self,
        recheck: Recheck,
        authenticate_key: Callable[[str], Awaitable[Any]],
        there: Callable[[list[str]], Awaitable[Collection[str]]],
    ) -> None:
        """`there` answers which of the rooms there still are."""
        self._recheck, self._authenticate_key, self._there = recheck, authenticate_key, there

    async def people(self, sockets: Sequence[RoomSocket]) -> None:
        """Ends those whose credentials have ended, and keeps the others' rights as they now are."""
        for several in parts(socket for socket in sockets if socket.key is None):
            actors = await self._recheck.credentials([socket.credentials for socket in several])
            for socket, actor in zip(several, actors, strict=True):
                _put(socket, actor)
        for socket in sockets:
            if socket.key is not None:
                try:
                    _put(socket, (await self._authenticate_key(socket.key)).actor)
                except Unauthenticated:
                    _put(socket, None)

    async def rooms(self, hubs: Sequence[Hub]) -> None:
        """Ends those who are no members of a private room any more, and all of a room that is gone."""
        private: dict[str, Hub] = {hub.room_id: hub for hub in hubs if hub.is_private}
        pairs = {(hub.room_id, socket.somebody.id) for hub in private.values() for socket in hub.sockets}
        out: set[tuple[str, UserId]] = set()
        for several in parts(pairs):
            out |= set(several) - await self._recheck.places(several)
        there = await self._there(list({room_id for room_id, _ in out})) if out else ()
        for room_id, user_id in out:
            sockets = [each for each in private[room_id].sockets if each.somebody.id == user_id]
            if room_id in there:
                end_all(sockets, Close.FORBIDDEN, "taken out of the room")
            else:
                end_all(sockets, Close.NOT_FOUND, "the room is gone")


def _put(socket: RoomSocket, actor: Actor | None) -> None:
    if actor is None:
        socket.end(Close.UNAUTHENTICATED, "signed out")
    elif "rooms:read" not in actor.scopes:
        socket.end(Close.FORBIDDEN, "this needs the scope rooms:read")
    else:
        socket.actor = actor
