"""The dispatcher: takes up what is due, runs a few at once, keeps their leases, and hands them back when it stops."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from application.ports.wake import Wake
from application.tasks.handler import Handler
from application.tasks.leases import Claim, LeaseLost
from application.tasks.running import Means, Run
from domain.errors import Conflict, Refusal

TASKS = "tasks"
HANDS_BACK_WITHIN_S = 5.0


class Dispatcher:
    """One in each process that works. What this process commits wakes it; what others do it finds by looking."""

    def __init__(self, handlers: Mapping[str, Handler], means: Means, wake: Wake) -> None:
        self._handlers, self._means, self._wake = handlers, means, wake
        self._kinds = sorted(handlers)
        self._runs: dict[str, Run] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._take_up()), asyncio.create_task(self._watch())]

    async def stop(self) -> None:
        """Takes up nothing more, gives what runs a little time, and hands back the rest."""
        self._stopping = True
        self._wake.ring(TASKS)
        if self._loops:  # what is being claimed has to be known, to be handed back
            await asyncio.wait(self._loops[:1], timeout=HANDS_BACK_WITHIN_S)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._runs:
            await asyncio.wait([run.work for run in self._runs.values()], timeout=self._means.pace.stops_within_s)
        runs = list(self._runs.values())
        for run in runs:
            run.hand_back()
        if runs:
            await asyncio.wait([run.work for run in runs], timeout=HANDS_BACK_WITHIN_S)

    async def _take_up(self) -> None:
        bell = self._wake.bell(TASKS)
        while not self._stopping:
            claim = await self._claim(self._means.pace.at_once - len(self._runs))
            for task in claim.tasks:
                self._begin(Run(task, self._handlers[task.kind], self._means))
            if not claim.more or len(self._runs) >= self._means.pace.at_once:
                await bell.wait(self._means.pace.look_every_s)

    async def _claim(self, free: int) -> Claim:
        if free <= 0:
            return Claim((), more=False)
        try:
            return await self._means.leases.claim(self._kinds, free, self._runs)
        except Conflict:
            await asyncio.sleep(self._means.jitter() * 0.05)  # another process took the same ones
            return Claim((), more=True)
        except Refusal:
            return Claim((), more=False)
        except Exception as error:  # noqa: BLE001 - the loop has to go on
            self._means.failed("tasks", error)
            return Claim((), more=False)

    def _begin(self, run: Run) -> None:
        self._runs[run.task.id] = run
        run.work.add_done_callback(lambda work: self._ended(run, work))

    def _ended(self, run: Run, work: "asyncio.Task[None]") -> None:
        del self._runs[run.task.id]
        if not work.cancelled() and (error := work.exception()) is not None:
            self._means.failed(f"task {run.task.id}", error)
        self._wake.ring(TASKS)

    async def _watch(self) -> None:
        """Renews leases, and ends what was cancelled or lost."""
        while True:
            await asyncio.sleep(self._means.pace.look_every_s)
            runs = list(self._runs.values())
            if not runs:
                continue
            try:
                own = await self._means.leases.running()
                for run in runs:
                    if run.task.id not in own:
                        run.lose()
                        continue
                    with suppress(LeaseLost):
                        await run.renew()
            except Refusal:
                continue  # the store is away: what runs goes on for as long as its lease does
            except Exception as error:  # noqa: BLE001 - the loop has to go on
                self._means.failed("tasks", error)
