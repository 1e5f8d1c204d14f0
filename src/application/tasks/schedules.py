"""What is done again and again, once in a period however many processes there are."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from domain.errors import AlreadyExists, Conflict, NotFound, Refusal
from domain.tasks import Schedule

SHORTEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """Harmless when repeated: a time that fails is made up by the next."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Scheduler:
    """One in each process; the store says whose turn it is."""

    def __init__(
        self,
        units: Units,
        clock: Clock,
        jobs: Sequence[Job],
        said: Callable[..., None],
        failed: Callable[[str, BaseException], None],
    ) -> None:
        self._units, self._clock, self._jobs, self._said, self._failed = units, clock, jobs, said, failed
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._again(job)) for job in self._jobs]

    async def stop(self) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def _again(self, job: Job) -> None:
        while True:
            rest = job.every
            try:
                rest = await self.turn(job)
            except Refusal as refusal:
                self._said("job_failed", job=job.name, code=refusal.code)
            except Exception as error:  # noqa: BLE001 - the job has to go on
                self._failed(job.name, error)
            await asyncio.sleep(max(SHORTEST_S, rest.total_seconds()))

    async def turn(self, job: Job) -> timedelta:
        """Does the job where its time has come and nobody else does it; answers when to look again."""
        at = self._clock()
        try:
            async with self._units.open() as unit:
                try:
                    schedule = await unit.schedules.get(job.name)
                    if schedule.due_at > at:
                        return min(schedule.due_at - at, job.every)
                    unit.schedules.save(schedule.turned(at + job.every))
                except NotFound:
                    unit.schedules.add(Schedule(id=job.name, due_at=at + job.every))
                await unit.commit(None)
        except (AlreadyExists, Conflict):
            return job.every  # another process has this turn
        await job.run()
        return job.every
