from collections.abc import Sequence
from datetime import datetime

from adapters.persistence.mapping import Collection
from adapters.persistence.query import NEWEST, Among, Compare, Condition, Equal, Key, Query
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.paging import Listing, Window
from domain.tasks import Schedule, Schedules, Task, Tasks, TaskStatus

TASKS = Collection("tasks", Task)
SCHEDULES = Collection("schedules", Schedule)


class StoredTasks(StoredRepository[Task], Tasks):
    collection = TASKS

    async def due(self, at: datetime, kinds: Sequence[str], limit: int) -> Sequence[Task]:
        """Only those that are not over have a time at which they are due."""
        return await self._some((Compare("due_at", "<=", at), Among("kind", kinds)), Key("due_at"), limit)

    async def take(self, *ids: str) -> Sequence[Task]:
        return self._load_all(await self._session.hold(TASKS, sorted(set(ids)), waits=False))

    async def leased_to(self, worker: str) -> Sequence[Task]:
        return await self._all(Equal("leased_to", worker))

    async def of(self, owner_id: UserId, status: TaskStatus | None, kind: str | None, window: Window) -> Listing[Task]:
        return await self._listing(window, Equal("owner_id", owner_id), *_which(status, kind))

    async def all_of(self, owner_id: UserId) -> Sequence[Task]:
        return await self._all(Equal("owner_id", owner_id))

    async def latest(self, status: TaskStatus | None, kind: str | None, limit: int) -> Sequence[Task]:
        return await self._some(_which(status, kind), *NEWEST, limit)

    async def over(self, before: datetime, limit: int) -> Sequence[Task]:
        """Only those that are over have a time at which they finished."""
        return await self._some((Compare("finished_at", "<=", before),), Key("finished_at"), limit)

    async def _some(self, where: tuple[Condition, ...], order: Key, limit: int) -> Sequence[Task]:
        return self._load_all(await self._session.find(TASKS, Query(where, (order,), limit)))


class StoredSchedules(StoredRepository[Schedule], Schedules):
    collection = SCHEDULES


def _which(status: TaskStatus | None, kind: str | None) -> tuple[Condition, ...]:
    return (
        *(() if status is None else (Equal("status", status.value),)),
        *(() if kind is None else (Equal("kind", kind),)),
    )
