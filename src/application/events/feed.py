"""The feed as this process reads it: once for all who listen."""

import asyncio
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from application.events.relay import BATCH, Relaying
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from domain.errors import Invalid, NotFound
from domain.events import FEED, Event, made_at

RECENT = 2000
"""How many events are at hand; who is further behind reads the store."""

PART = 100


class InvalidEventId(Invalid):
    """The feed never gave this id."""

    code = "invalid_event_id"
    detail = "Last-Event-ID is not the id of an event."


@dataclass(frozen=True, slots=True)
class Start:
    """The place behind which a listener begins; `expired` where what they saw last is older than what is kept."""

    sequence: int
    expired: bool = False


class Feed:
    """Whoever listens asks for what follows their place. What is recent is kept once, however many ask, and somebody
    slow holds nobody up: they ask later, and are answered by the store where that is too late.
    """

    def __init__(self, units: Units, clock: Clock, relay: Relaying, kept: timedelta) -> None:
        self._units, self._clock, self._relay, self._kept = units, clock, relay, kept
        self._recent: list[Event] = []
        self._head: int | None = None
        self._listeners = 0
        self._reading = asyncio.Lock()
        self._moved = asyncio.Event()
        self.is_closed = False

    @property
    def is_listened_to(self) -> bool:
        return self._listeners > 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """As long as somebody does, the feed is read."""
        self._listeners += 1
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._recent, self._head = [], None

    def close(self) -> None:
        """Everybody who waits hears of it."""
        self.is_closed = True
        self._wake()

    async def start(self, last_event_id: str | None = None) -> Start:
        """Behind all that is committed by now, or behind that event. Raises `InvalidEventId`."""
        while len(placed := await self._relay()) == BATCH:
            pass
        async with self._units.open() as unit:
            start = await self._now(unit) if last_event_id is None else await self._behind(unit, last_event_id.lower())
        if placed:
            await self.catch_up()
        return start

    async def following(self, sequence: int) -> Sequence[Event]:
        """Some of what is in the feed behind that place; nothing at its end."""
        if self._head is not None and sequence >= self._head:
            return []
        if self._recent and _place(self._recent[0]) <= sequence + 1:
            first = bisect_right(self._recent, sequence, key=_place)
            return self._recent[first : first + PART]
        async with self._units.open() as unit:
            return await unit.events.following(sequence, PART)

    def move(self) -> asyncio.Event:
        """Is set at the next move of the feed, or at its end. To be asked for before asking what follows."""
        return self._moved

    async def catch_up(self) -> None:
        """Reads what processes have put into the feed meanwhile, this one too."""
        async with self._reading:
            while self.is_listened_to:
                async with self._units.open() as unit:
                    if self._head is None:
                        self._head = (await self._now(unit)).sequence
                    head = self._head
                    found = await unit.events.following(head, BATCH)
                if found and self._head == head:
                    self._recent = [*self._recent, *found][-RECENT:]
                    self._head = _place(found[-1])
                    self._wake()
                if len(found) < BATCH:
                    return

    async def _now(self, unit: UnitOfWork) -> Start:
        try:
            return Start((await unit.counters.get(FEED)).value)
        except NotFound:
            return Start(0)

    async def _behind(self, unit: UnitOfWork, id: str) -> Start:
        oldest, made = self._clock() - self._kept, made_at(id)
        if made is None:
            raise InvalidEventId()
        try:
            event = await unit.events.get(id)
        except NotFound:
            if made > oldest:
                raise InvalidEventId() from None
            return Start((await self._now(unit)).sequence, expired=True)
        if event.occurred_at <= oldest:
            return Start((await self._now(unit)).sequence, expired=True)
        if event.sequence is None:
            raise InvalidEventId()
        return Start(event.sequence)

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def _place(event: Event) -> int:
    return event.sequence or 0
