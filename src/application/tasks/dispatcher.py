"""The dispatcher: takes up what is due, runs a few at once, keeps their leases, and hands them back when it stops."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from application.ports.broker import Broker
from application.ports.wake import Wake
from application.tasks.handler import Handler
from application.tasks.leases import ON_TIME, Claim
from application.tasks.received import Claims
from application.tasks.running import Means
from application.tasks.runs import HANDS_BACK_WITHIN_S, Runs
from domain.errors import Conflict, Refusal

TASKS = "tasks"


class Dispatcher:
    """One in each process that works. What this process commits wakes it; what others do it finds by looking.

    With a `broker` it is told what is due. It looks while that is away, and else for what is long overdue: a Redis
    that is there and takes nothing, as its memory is full, holds nothing up for long.
    """

    def __init__(self, handlers: Mapping[str, Handler], means: Means, wake: Wake, broker: Broker | None = None) -> None:
        self._means, self._wake, self._broker = means, wake, broker
        self._kinds = sorted(handlers)
        self._runs = Runs(handlers, means, lambda: wake.ring(TASKS))
        self._claims = Claims(self._kinds, means, self._runs)
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._take_up()), asyncio.create_task(self._runs.watch())]
        if self._broker is not None:
            await self._broker.receive(self._received, self._means.pace.at_once)

    async def stop(self) -> None:
        """Takes up nothing more, gives what runs a little time, and hands back the rest."""
        self._stopping = True
        self._wake.ring(TASKS)
        deaf = None if self._broker is None else asyncio.create_task(self._broker.deafen())
        if self._loops:  # what is being claimed has to be known, to be handed back
            await asyncio.wait(self._loops[:1], timeout=HANDS_BACK_WITHIN_S)
        await self._claims.settled()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._runs.stop()
        if deaf is not None:
            await deaf

    async def _take_up(self) -> None:
        bell, now = self._wake.bell(TASKS), asyncio.get_running_loop().time
        overdue = self._means.pace.overdue_s
        looks_at = now() + overdue
        while not self._stopping:
            claim = Claim((), more=False)
            if self._broker is None or not self._broker.is_here:
                claim = await self._claim(self._runs.free, ON_TIME)
            elif now() >= looks_at:
                claim = await self._claim(self._runs.free, timedelta(seconds=overdue))
                looks_at = now() if claim.more else now() + overdue
            for task in claim.tasks:
                self._runs.begin(task)
            if not claim.more or self._runs.free <= 0:
                await bell.wait(self._means.pace.look_every_s)

    async def _claim(self, free: int, late: timedelta) -> Claim:
        if free <= 0:
            return Claim((), more=False)
        try:
            return await self._means.leases.claim(self._kinds, free, self._runs, late)
        except Conflict:
            await asyncio.sleep(self._means.jitter() * 0.05)  # another process took the same ones
            return Claim((), more=True)
        except Refusal:
            return Claim((), more=False)
        except Exception as error:  # noqa: BLE001 - the loop has to go on
            self._means.failed("tasks", error)
            return Claim((), more=False)

    async def _received(self, id: str) -> None:
        """Where its row says so, it is run to its end. What is not is handed again when it is due."""
        if not self._stopping and (run := await self._claims.claimed(id)) is not None:
            await asyncio.wait([run.work])
