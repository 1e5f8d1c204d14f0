"""What one process runs: leases are kept, what was cancelled or lost is ended, the rest handed back at a stop."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from application.tasks.handler import Handler
from application.tasks.leases import LeaseLost
from application.tasks.running import Means, Run
from domain.errors import Refusal
from domain.tasks import Task

HANDS_BACK_WITHIN_S = 5.0


class Runs:
    """`ended` hears of each that is over or given up."""

    def __init__(self, handlers: Mapping[str, Handler], means: Means, ended: Callable[[], None]) -> None:
        self._handlers, self._means, self._ended = handlers, means, ended
        self._runs: dict[str, Run] = {}

    @property
    def free(self) -> int:
        """How many more may run."""
        return self._means.pace.at_once - len(self._runs)

    def __contains__(self, id: object) -> bool:
        return id in self._runs

    def begin(self, task: Task) -> Run:
        run = self._runs[task.id] = Run(task, self._handlers[task.kind], self._means)
        run.work.add_done_callback(lambda work: self._end(run, work))
        return run

    def _end(self, run: Run, work: "asyncio.Task[None]") -> None:
        del self._runs[run.task.id]
        if not work.cancelled() and (error := work.exception()) is not None:
            self._means.failed(f"task {run.task.id}", error)
        self._ended()

    async def stop(self) -> None:
        """Gives what runs a little time, and hands back the rest."""
        if self._runs:
            await asyncio.wait([run.work for run in self._runs.values()], timeout=self._means.pace.stops_within_s)
        runs = list(self._runs.values())
        for run in runs:
            run.hand_back()
        if runs:
            await asyncio.wait([run.work for run in runs], timeout=HANDS_BACK_WITHIN_S)

    async def watch(self) -> None:
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
