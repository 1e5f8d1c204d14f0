"""All rooms of this worker: what it hears over the bus, what it sees in the store, and what it says of itself."""

import asyncio
import itertools
import secrets
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol

from application.ports.bus import Bus, Subscription
from application.ports.ids import Ids
from application.ports.observer import Notices
from application.rooms.channels import LOOK, channel
from application.rooms.presence import Present, Recheck, Sight
from domain.errors import NotFound, Refusal
from domain.rooms import Room
from entrypoints.live.hub import Hub, ReadOn
from entrypoints.live.limits import Close, Limits
from entrypoints.live.rechecks import Rechecks, end_all, parts
from entrypoints.live.saying import Sayings
from entrypoints.live.sockets import RoomSocket

LOOKING_S = 0.5
"""How often the store is asked what is new where no bus says so: half a second is what a message may be late."""

LOOKING_TOO_S = 2.0
"""And where one does: it promises nothing."""

SAYING_S = 0.005
CARING_S = 1.0
RECHECKING_S = 2.0


class Failures(Notices, Protocol):
    def failed(self, request_id: str, error: BaseException) -> None:
        """Something broke that no client can have caused."""


class Switchboard:
    """`alone` says that no other process has this store, so that nobody needs to be told who is connected here."""

    def __init__(
        self,
        *,
        look: Callable[[str, list[str]], Awaitable[dict[str, Sight]]],
        read_on: ReadOn,
        report: Callable[[str, list[Present]], Awaitable[None]],
        recheck: Recheck,
        authenticate_key: Callable[[str], Awaitable[Any]],
        bus: Bus,
        log: Failures,
        new_id: Ids,
        limits: Limits,
        alone: bool,
    ) -> None:
        self._store_look, self._read_on = look, read_on
        self._bus, self._log, self._new_id, self._alone = bus, log, new_id, alone
        self.limits = limits
        self._worker = secrets.token_hex(8)
        self._hubs: dict[str, Hub] = {}
        self._hears: dict[str, Subscription] = {}
        self._opening = asyncio.Lock()
        self._sayings = Sayings(report, self._worker, bus)
        self._looks = itertools.count(1)
        self._looked_for: set[str] = set()
        self._news = asyncio.Event()
        self._looks_at = 0.0
        self._rechecks = Rechecks(recheck, authenticate_key, self._there)
        self._jobs: list[asyncio.Task[None]] = []

    def start(self) -> None:
        jobs = [(self._see, 0.0), (self._care, CARING_S), (self._recheck, RECHECKING_S)]
        if not self._alone:
            jobs.append((self._say, SAYING_S))
        self._jobs = [asyncio.create_task(self._again(job, pause)) for job, pause in jobs]

    async def stop(self) -> None:
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        for hub in list(self._hubs.values()):
            for socket in list(hub.sockets):
                socket.end(Close.RESTART, "restarting")
                self.leave(hub, socket)
        try:
            if not self._alone:
                await self._sayings.flush()
        except Refusal:
            pass  # what is not taken back now is not believed for long

    async def join(self, room: Room, socket: RoomSocket) -> Hub:
        """Who joins is expected, and enters next or is turned away. That they are here is said before it is looked who
        is: of two who come to two workers, one sees the other at once.

        Raises `NotFound` where the room is gone. Between finding a hub and coming to it nothing is awaited.
        """
        hub = self._hubs.get(room.id)
        if hub is None:
            async with self._opening:
                hub = self._hubs.get(room.id) or await self._opened(room)
        first = hub.come(socket)
        try:
            if not self._alone:
                await self._meet(hub, first)
        except BaseException:
            self.turn_away(hub, socket)
            raise
        return hub

    def turn_away(self, hub: Hub, socket: RoomSocket) -> None:
        """Who has joined does not enter."""
        self._gone(hub, hub.turn_away(socket))

    async def _meet(self, hub: Hub, first: bool) -> None:
        if first:
            self._changed(hub)
            await self._sayings.said()
        sight, as_of = await self._look([hub.room_id])
        if hub.room_id not in sight:
            raise NotFound()
        hub.crowd.seen(sight[hub.room_id].people, as_of)

    async def reached(self, hub: Hub, after: int) -> int:
        """`after`, or the room's last where nobody has got so far: this worker itself may be a little behind."""
        if after > hub.last:
            sight = (await self._look([hub.room_id]))[0].get(hub.room_id)
            after = min(after, hub.last if sight is None else max(sight.last, hub.last))
        return after

    def leave(self, hub: Hub, socket: RoomSocket) -> None:
        self._gone(hub, hub.remove(socket))

    def _gone(self, hub: Hub, last: bool) -> None:
        if last:
            self._changed(hub)
        if hub.empty and self._hubs.get(hub.room_id) is hub:
            del self._hubs[hub.room_id]
            self._hears.pop(hub.room_id).end()
            hub.end()

    def look_at(self, room_id: str) -> None:
        """Soon, whether it is still there and who is still in it."""
        self._looked_for.add(room_id)
        self._news.set()

    async def _opened(self, room: Room) -> Hub:
        """Heard from before the store is read, so that nothing falls between."""
        hub = Hub(room.id, room.is_private, self._new_id(), self._read_on)
        hears = self._bus.subscribe(channel(room.id), lambda payload: self._heard(hub, payload))
        try:
            sights, as_of = await self._look([room.id])
            if room.id not in sights:
                raise NotFound()
        except BaseException:
            hears.end()
            raise
        hub.begin(sights[room.id], as_of)
        self._hubs[room.id], self._hears[room.id] = hub, hears
        return hub

    def _heard(self, hub: Hub, payload: bytes | None) -> None:
        if payload is None or payload == LOOK:
            self.look_at(hub.room_id)
        else:
            hub.heard(payload)

    def _changed(self, hub: Hub) -> None:
        if not self._alone:
            self._sayings.change(self._present(hub))

    def _present(self, hub: Hub) -> Present:
        return Present(hub.presence_id, hub.room_id, hub.crowd.here)

    async def _see(self) -> None:
        """What the store says of all rooms, now and then; of those that the bus names, at once."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(self._looks_at):
                await self._news.wait()
        except TimeoutError:
            self._looks_at = loop.time() + (LOOKING_TOO_S if self._bus.reaches_others else LOOKING_S)
            await self._look_at(set(self._hubs))
        else:
            self._news.clear()
            named, self._looked_for = self._looked_for & self._hubs.keys(), set()
            await self._look_at(named)
            await self._rechecks.rooms([self._hubs[id] for id in named if id in self._hubs])

    async def _look_at(self, room_ids: set[str]) -> None:
        for ids in parts(room_ids):
            sights, as_of = await self._look(ids)
            for id in ids:
                hub = self._hubs.get(id)
                if hub is not None and id in sights:
                    hub.seen(sights[id], as_of)
                elif hub is not None:
                    end_all(hub.sockets, Close.NOT_FOUND, "the room is gone")

    async def _there(self, room_ids: list[str]) -> Collection[str]:
        return (await self._look(room_ids))[0]

    async def _look(self, room_ids: list[str]) -> tuple[dict[str, Sight], int]:
        """What the store says, and a number by which of two looks the one that began later is known."""
        as_of = next(self._looks)
        return await self._store_look(self._worker, room_ids), as_of

    async def _say(self) -> None:
        await self._sayings.say(lambda: [self._present(hub) for hub in self._hubs.values()])

    async def _care(self) -> None:
        now = asyncio.get_running_loop().time()
        for hub in list(self._hubs.values()):
            for socket in list(hub.sockets):
                socket.look_after(now)

    async def _recheck(self) -> None:
        hubs = list(self._hubs.values())
        await self._rechecks.people([socket for hub in hubs for socket in hub.sockets])
        await self._rechecks.rooms(hubs)

    async def _again(self, job: Callable[[], Awaitable[None]], pause: float) -> None:
        """A time that fails is made up by the next."""
        while True:
            try:
                await job()
            except Refusal as refusal:
                self._log.said("job_failed", code=refusal.code)
                await asyncio.sleep(LOOKING_S)
            except Exception as error:  # noqa: BLE001 - the job has to go on
                self._log.failed("job", error)
                await asyncio.sleep(LOOKING_S)
            await asyncio.sleep(pause)
