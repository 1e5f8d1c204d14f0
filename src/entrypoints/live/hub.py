"""A room on this worker: its sockets, and what has been sent to them, in sequence and without a gap."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from application.rooms.channels import Said, unpacked
from application.rooms.presence import Sight
from domain.errors import Refusal
from domain.rooms import RoomId
from entrypoints.live import frames
from entrypoints.live.crowd import Crowd
from entrypoints.live.limits import Close
from entrypoints.live.sockets import LAST_WORDS_S, RoomSocket

ReadOn = Callable[[str, int, int], Awaitable[Sequence[Said]]]

AT_ONCE = 100
"""Messages that are read, and sent, in one go: what reads on does not fill anybody's queue by itself."""

OVERTAKING_S = 0.005
"""Two commits may be told the other way round: so long is the first one waited for before the store is asked."""

RETRY_S = 0.5
DRAINED = 64 * 1024
DRAINING_S = 0.005


class Hub:
    """`last` is the highest sequence that was sent to the live sockets: each of them has all up to there.

    What is heard behind a gap waits until the gap is filled: by what is heard next, or else from the store.
    """

    def __init__(self, room_id: RoomId, is_private: bool, presence_id: str, read_on: ReadOn) -> None:
        self.room_id, self.is_private, self.presence_id = room_id, is_private, presence_id
        self.sockets: dict[RoomSocket, None] = {}
        self.crowd = Crowd(self.sockets)
        self.last = self._arriving = 0
        self._read_on = read_on
        self._early: dict[int, Said] = {}
        self._target = 0
        self._filling: asyncio.Task[None] | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def begin(self, sight: Sight, as_of: int) -> None:
        self.last = self._target = max(self.last, sight.last)
        self.crowd.seen(sight.people, as_of)
        self._flush()

    def heard(self, payload: bytes) -> None:
        """A message that some worker has stored."""
        said = unpacked(payload)
        if said.sequence <= self.last:
            return
        self._early[said.sequence] = said
        self._flush()
        if self._early:
            self._target = max(self._target, *self._early)
            if self._waiting is None and self._filling is None:
                self._waiting = asyncio.get_running_loop().call_later(OVERTAKING_S, self._fill)

    def seen(self, sight: Sight, as_of: int) -> None:
        """What the store says."""
        self.crowd.seen(sight.people, as_of)
        if sight.last > self._target:
            self._target = sight.last
        if self._target > self.last and self._waiting is None:
            self._fill()

    @property
    def empty(self) -> bool:
        return not self.sockets and not self._arriving

    def come(self, socket: RoomSocket) -> bool:
        """Somebody is about to enter, and is online; answers whether this worker has them newly."""
        self._arriving += 1
        return self.crowd.come(socket.somebody)

    def enter(self, socket: RoomSocket) -> None:
        """Who is online, to who has come."""
        self._arriving -= 1
        self.sockets[socket] = None
        socket.send(self.crowd.frame())

    def turn_away(self, socket: RoomSocket) -> bool:
        """Who had come does not enter; answers whether that was their last socket on this worker."""
        self._arriving -= 1
        return self.crowd.go(socket.somebody.id)

    def remove(self, socket: RoomSocket) -> bool:
        """Answers whether it was their last socket on this worker."""
        if socket not in self.sockets:
            return False
        socket.ended = True
        del self.sockets[socket]
        return self.crowd.go(socket.somebody.id)

    async def bring_up(self, socket: RoomSocket, after: int | None) -> None:
        """What it missed behind `after`, then what is new: it is live in the same turn in which it has everything."""
        socket.last = self.last if after is None else after
        while not socket.ended and socket.last < self.last:
            for said in await self._read_on(self.room_id, socket.last, AT_ONCE):
                socket.send(frames.message(said))
                socket.last = said.sequence
            if not await self._drained(socket):
                socket.end(Close.TOO_SLOW, "reads too slowly", within_s=LAST_WORDS_S)
        socket.live = not socket.ended

    def end(self) -> None:
        self.crowd.end()
        for waiting in (self._waiting, self._filling):
            if waiting is not None:
                waiting.cancel()

    async def _drained(self, socket: RoomSocket) -> bool:
        """Whether it takes what it is sent; so much time has it for each go."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LAST_WORDS_S
        while socket.backlog > DRAINED and not socket.ended:
            if loop.time() > until:
                return False
            await asyncio.sleep(DRAINING_S)
        return True

    def _flush(self) -> None:
        while (said := self._early.pop(self.last + 1, None)) is not None:
            self._deliver(said)
        if self._early:
            self._early = {number: each for number, each in self._early.items() if number > self.last}

    def _deliver(self, said: Said) -> None:
        """Rendered once for all."""
        frame, sequence = frames.message(said), said.sequence
        self.last = sequence
        for socket in list(self.sockets):
            if socket.live and socket.last < sequence:
                socket.last = sequence
                socket.send(frame)

    def _fill(self) -> None:
        self._waiting = None
        if self._filling is None and self._target > self.last:
            self._filling = asyncio.create_task(self._read_missed())

    async def _read_missed(self) -> None:
        try:
            while self._target > self.last and self.sockets:
                try:
                    found = await self._read_on(self.room_id, self.last, AT_ONCE)
                except Refusal:
                    found = []
                for said in found:
                    self._early.setdefault(said.sequence, said)
                before = self.last
                self._flush()
                await asyncio.sleep(0 if self.last > before else RETRY_S)
        finally:
            self._filling = None
