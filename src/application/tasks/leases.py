"""What one process does to tasks in the store: it takes them on a lease, keeps the lease, and says what became of them.

A lease ends by time alone: whoever dies gives back what it ran by not renewing it. A change that comes after another
process has taken over, or after the task was cancelled, is refused, and so nothing is told twice.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from application.tasks.queueing import tell
from application.use_case import use_case
from domain.errors import Conflict
from domain.tasks import EXHAUSTED, Task, TaskError

ON_TIME = timedelta(0)


class LeaseLost(Exception):
    """The task is not this process's any more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`more` says that others were due too."""

    tasks: Sequence[Task]
    more: bool


@use_case
class Leases:
    """`worker` names this process, and no other one ever."""

    units: Units
    clock: Clock
    worker: str
    lease: timedelta
    max_attempts: int

    async def claim(
        self, kinds: Sequence[str], limit: int, running: Container[str], late: timedelta = ON_TIME
    ) -> Claim:
        """Up to so many that have been due for so long, but none of those that this process runs already."""
        async with self.units.open() as unit:
            at = self.clock()
            due = await unit.tasks.due(at - late, kinds, limit)
            ids = [task.id for task in due if task.id not in running]
            if not ids:
                return Claim((), more=False)
            taken = [self._taken(unit, task, at) for task in await unit.tasks.take(*ids) if task.is_due(at)]
            await unit.commit(None)
        return Claim([task for task in taken if not task.is_over], more=len(due) == limit)

    async def claim_these(self, ids: Sequence[str], kinds: Sequence[str]) -> Sequence[Task]:
        """Those of them that are due and of these kinds."""
        async with self.units.open() as unit:
            at = self.clock()
            due = [task for task in await unit.tasks.take(*ids) if task.is_due(at) and task.kind in kinds]
            taken = [self._taken(unit, task, at) for task in due]
            await unit.commit(None)
        return [task for task in taken if not task.is_over]

    def _taken(self, unit: UnitOfWork, task: Task, at: datetime) -> Task:
        if task.attempts >= self.max_attempts:
            tell(unit, "failed", task)
            return unit.tasks.save(task.failed(at, exhausted(task.attempts)))
        if task.started_at is None:
            tell(unit, "started", task)
        return unit.tasks.save(task.claimed(self.worker, at, at + self.lease))

    async def running(self) -> set[str]:
        async with self.units.open() as unit:
            return {task.id for task in await unit.tasks.leased_to(self.worker)}

    async def change(self, task: Task, verb: Callable[[Task], Task], told: str | None = None) -> Task:
        """`task` as it was last seen, changed. Raises `LeaseLost`, and `Unavailable`."""
        try:
            async with self.units.open() as unit:
                return await self._changed(unit, task, verb, told)
        except Conflict:
            async with self.units.open() as unit:
                found = await unit.tasks.hold(task.id)
                if not found:
                    raise LeaseLost from None
                return await self._changed(unit, found[0], verb, told)

    async def _changed(self, unit: UnitOfWork, task: Task, verb: Callable[[Task], Task], told: str | None) -> Task:
        if not task.is_leased_to(self.worker):
            raise LeaseLost
        changed = verb(task)
        if told is not None:
            tell(unit, told, changed)
        return await unit.commit(unit.tasks.save(changed))


def exhausted(attempts: int, last: str = "the process that ran it ended") -> TaskError:
    return TaskError(code=EXHAUSTED, detail=f"It was tried {attempts} times. The last time: {last}.")
