"""Tasks as their owners see them."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.tasks.queueing import tell
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.paging import Listing, Window
from domain.repository import held
from domain.tasks import Task, TaskStatus


@use_case
class ReadTask:
    units: Units

    async def __call__(self, actor: Actor, id: str) -> Task:
        async with self.units.open() as unit:
            task = await unit.tasks.get(id)
        task.require_owner(actor.id)
        return task


@use_case
class ListTasks:
    units: Units

    async def __call__(
        self, actor: Actor, status: TaskStatus | None, kind: str | None, window: Window
    ) -> Listing[Task]:
        async with self.units.open() as unit:
            return await unit.tasks.of(actor.id, status, kind, window)


@use_case
class CancelTask:
    """Where it runs, it is ended within a second. Raises `NotFound`, `PreconditionFailed`, `InvalidTransition`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            task = await held(unit.tasks, id)
            task.require_owner(actor.id)
            require_version(task.version, expected)
            tell(unit, "cancelled", unit.tasks.save(task.cancelled(self.clock())), by=actor.id)
            await unit.commit(None)


async def leave(unit: UnitOfWork, user_id: UserId) -> None:
    """What somebody asked for goes with them, whether it was done or not."""
    for task in await unit.tasks.hold(*(task.id for task in await unit.tasks.all_of(user_id))):
        unit.tasks.remove(task)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The use cases of this feature over HTTP."""

    read: ReadTask
    list: ListTasks
    cancel: CancelTask
