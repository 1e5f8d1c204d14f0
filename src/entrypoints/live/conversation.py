"""A connection from its handshake to its end: who speaks, in the order in which they spoke."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from application.ports.clock import Clock
from application.rooms.channels import Said
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unauthenticated, Unavailable
from domain.rooms import RoomId
from entrypoints.live import frames
from entrypoints.live.access import BEARER, Doorkeeper
from entrypoints.live.hub import Hub
from entrypoints.live.limits import Close
from entrypoints.live.sockets import RoomSocket
from entrypoints.live.switchboard import Failures, Switchboard
from entrypoints.live.wire import EXTENSION, Wire

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Say = Callable[..., Awaitable[Said]]

MOST_PENDING = 256
"""Frames that are read ahead of what is being stored; behind them the connection waits."""

_CODES: dict[type[Refusal], Close] = {
    Unauthenticated: Close.UNAUTHENTICATED,
    Forbidden: Close.FORBIDDEN,
    NotFound: Close.NOT_FOUND,
    Unavailable: Close.TOO_SLOW,
    Conflict: Close.TOO_SLOW,
}


class Rooms:
    """The ASGI application behind `WS /rooms/{id}/ws`."""

    def __init__(
        self, *, doorkeeper: Doorkeeper, switchboard: Switchboard, say: Say, clock: Clock, log: Failures
    ) -> None:
        self._doorkeeper, self._switchboard, self._say, self._clock = doorkeeper, switchboard, say, clock
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send, room_id: str) -> None:
        """The handshake is always accepted: a browser is told no code but that of a socket that was open.

        It is accepted last, when they are expected in the room: what is said once a client is connected, it hears.
        """
        await receive()
        wire: Wire = scope["extensions"][EXTENSION]
        accepted = {"type": "websocket.accept", "subprotocol": BEARER if BEARER in scope["subprotocols"] else None}
        try:
            guest = await self._doorkeeper.let_in(scope, room_id)
            scope["caller"] = guest.credentials.actor.id
            socket = RoomSocket(
                wire, guest.credentials.actor, guest.somebody, guest.credentials, guest.key, self._switchboard.limits
            )
            hub = await self._switchboard.join(guest.room, socket)
        except Refusal as refusal:
            await send(accepted)
            wire.end(next(_CODES[kind] for kind in type(refusal).__mro__ if kind in _CODES), refusal.code)
            return
        after, reached = _after(scope), hub.last
        try:
            await send(accepted)
        except BaseException:
            self._switchboard.turn_away(hub, socket)
            raise
        wire.settled()
        hub.enter(socket)
        if after is None and hub.last > reached:
            after = reached
        try:
            await self._talk(hub, socket, after, receive)
        finally:
            self._switchboard.leave(hub, socket)

    async def _talk(self, hub: Hub, socket: RoomSocket, after: int | None, receive: Receive) -> None:
        if after is None:
            await hub.bring_up(socket, None)  # nothing is awaited in it
            await self._listen(hub, socket, receive)
            return
        catching_up = asyncio.create_task(self._caught_up(hub, socket, after))
        try:
            await self._listen(hub, socket, receive)
        finally:
            catching_up.cancel()
            with suppress(asyncio.CancelledError):
                await catching_up

    async def _caught_up(self, hub: Hub, socket: RoomSocket, after: int) -> None:
        try:
            await hub.bring_up(socket, await self._switchboard.reached(hub, after))
        except Refusal:
            socket.end(Close.TOO_SLOW, "what was missed cannot be read")

    async def _listen(self, hub: Hub, socket: RoomSocket, receive: Receive) -> None:
        """Frames are counted as they arrive, and done one after the other. What was sent before an end is done too."""
        loop = asyncio.get_running_loop()
        pending: deque[str | None] = deque()
        doing: asyncio.Task[None] | None = None
        while (event := await receive())["type"] == "websocket.receive":
            if socket.ended:
                continue
            if socket.arrived(loop.time()):
                socket.end(Close.FLOOD, "too many frames")
                pending.clear()
                continue
            pending.append(event.get("text"))
            if doing is None or doing.done():
                doing = asyncio.create_task(self._do_all(hub, socket, pending))
            if len(pending) >= MOST_PENDING:
                await doing
        if socket.ended:
            pending.clear()
        self._switchboard.leave(hub, socket)
        if doing is not None:
            await doing

    async def _do_all(self, hub: Hub, socket: RoomSocket, pending: deque[str | None]) -> None:
        while pending:
            await self._do(hub, socket, pending.popleft())

    async def _do(self, hub: Hub, socket: RoomSocket, text: str | None) -> None:
        frame: frames.Spoken | frames.Pinged | None = None
        try:
            frame = frames.read(text, may_speak="rooms:write" in socket.actor.scopes)
            if isinstance(frame, frames.Pinged):
                socket.send(frames.pong(self._clock()))
            else:
                await self._speak(hub, socket, frame)
        except frames.Refused as refused:
            socket.send(frames.error(refused.code, str(refused), refused.client_id))
        except (NotFound, Forbidden):
            self._switchboard.look_at(hub.room_id)
        except (Invalid, Conflict, Unavailable) as refusal:
            socket.send(frames.error(refusal.code, str(refusal), _client_id(frame)))
        except Exception as error:  # noqa: BLE001 - the next frame has to be done all the same
            self._log.failed(hub.room_id, error)
            socket.send(frames.error(Unavailable.code, Unavailable.detail, _client_id(frame)))

    async def _speak(self, hub: Hub, socket: RoomSocket, frame: frames.Spoken) -> None:
        """Everybody hears of it over the bus, its sender too; of one that was said before, its sender alone."""
        said: Said = await self._say(socket.actor, RoomId(hub.room_id), frame.text, frame.client_id)
        if said.again:
            socket.send(frames.message(said))


def _client_id(frame: frames.Spoken | frames.Pinged | None) -> str | None:
    return frame.client_id if isinstance(frame, frames.Spoken) else None


def _after(scope: Scope) -> int | None:
    """`?after=`; what is no number asks for nothing that was missed."""
    given = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[-1]
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 15 else None
