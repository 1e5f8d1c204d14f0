"""Handing tasks to a broker: at once what this process commits, and again what is due and may have been lost."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from application.ports.broker import Broker
from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.ports.wake import Wake
from application.use_case import use_case
from domain.errors import Unavailable

MOST_WAITING = 10_000
AT_ONCE = 200
LATE = timedelta(seconds=1)
"""What is due for less than that is most likely on its way."""


class HandOver:
    """One in each process with a broker. Nobody waits for it, and what cannot be handed is left to `HandAgain`."""

    def __init__(self, broker: Broker, wake: Wake, failed: Callable[[str, BaseException], None]) -> None:
        self._broker, self._wake, self._failed = broker, wake, failed
        self._waiting: list[str] = []
        self._news = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._wake.follow("tasks", self._heard)
        self._loop = asyncio.create_task(self._hand())

    async def stop(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        await self._broker.close()

    def _heard(self, ids: Sequence[str]) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting += ids
            self._news.set()

    async def _hand(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                try:
                    await self._broker.hand(some)
                except Unavailable:
                    self._waiting.clear()
                except Exception as error:  # noqa: BLE001 - the loop has to go on
                    self._failed("tasks", error)


@use_case
class HandAgain:
    """What is due and nobody's, whyever nobody heard of it: it was retried, handed back, or lost by the broker."""

    units: Units
    clock: Clock
    broker: Broker
    kinds: Sequence[str]

    async def __call__(self) -> int:
        """How many; none where the broker is away, as then whoever works looks for itself."""
        try:
            room = await self.broker.room()
            if room == 0:
                return 0
            async with self.units.open() as unit:
                due = await unit.tasks.due(self.clock() - LATE, self.kinds, room)
            await self.broker.hand_again([task.id for task in due])
        except Unavailable:
            return 0
        return len(due)
