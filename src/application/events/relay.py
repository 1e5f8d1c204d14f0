"""The relay: an order after commit for what was told, and the one place where others hear of it exactly once.

Ids of events are made before their commit, so the order of ids is not the order of commits, and who reads on from the
last id would miss what was committed late. Hence every event gets a number after its commit, by whoever holds the
counter: any number of processes may do it, one after the other.
"""

from collections.abc import Awaitable, Callable, Sequence

from application.ports.unit_of_work import UnitOfWork, Units
from application.use_case import use_case
from domain.errors import AlreadyExists, Conflict
from domain.events import FEED, Counter, Event

Hook = Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]
"""Adds to the unit what follows from the events: it is committed with their places, so once for each event."""

Relaying = Callable[[], Awaitable[Sequence[Event]]]
"""The relay, observed."""

BATCH = 500


@use_case
class Relay:
    """Gives events that wait the next places in the feed; answers them, at most `BATCH` at a time, by their place.

    Raises `Conflict` where it met another one.
    """

    units: Units
    hooks: Sequence[Hook] = ()

    async def __call__(self) -> Sequence[Event]:
        if not await self._some_wait():
            return []
        async with self.units.open() as unit:
            counters = await unit.counters.hold(FEED)
            counter = counters[0] if counters else unit.counters.add(Counter(id=FEED))
            placed = await unit.events.place(counter.value, BATCH)
            if not placed:
                return []  # another process was faster
            unit.counters.save(counter.after(len(placed)))
            for hook in self.hooks:
                await hook(unit, placed)
            try:
                return await unit.commit(placed)
            except AlreadyExists as met:  # both found no counter yet
                raise Conflict() from met

    async def _some_wait(self) -> bool:
        """Looked at without holding anything, as mostly there is nothing to do."""
        async with self.units.open() as unit:
            return await unit.events.some_wait()
