"""Tasks as whoever runs the shop sees them."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.use_case import use_case
from domain.errors import Conflict
from domain.repository import held
from domain.tasks import Task, TaskStatus

SWEEP = 500


@use_case
class LatestTasks:
    units: Units

    async def __call__(self, status: TaskStatus | None, kind: str | None, limit: int) -> Sequence[Task]:
        async with self.units.open() as unit:
            return await unit.tasks.latest(status, kind, limit)


@use_case
class RetryTask:
    """A failed one is tried again, from the beginning. Raises `NotFound`, `InvalidTransition`."""

    units: Units
    clock: Clock

    async def __call__(self, id: str) -> Task:
        async with self.units.open() as unit:
            task = await held(unit.tasks, id)
            return await unit.commit(unit.tasks.save(task.revived(self.clock())))


@use_case
class PurgeTasks:
    """Takes away what has been over for so long; answers how many."""

    units: Units
    clock: Clock
    kept: timedelta

    async def __call__(self, kept: timedelta | None = None, report: Callable[[int], None] = lambda _: None) -> int:
        """`report` hears how many went at a time."""
        purged, before = 0, self.clock() - (self.kept if kept is None else kept)
        while True:
            async with self.units.open() as unit:
                over = await unit.tasks.over(before, SWEEP)
                for task in over:
                    unit.tasks.remove(task)
                try:
                    await unit.commit(None)
                except Conflict:
                    return purged  # another process takes away the same ones
            purged += len(over)
            report(len(over))
            if len(over) < SWEEP:
                return purged
