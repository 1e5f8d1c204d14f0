"""Tasks as a process runs them, on any store: the clock stands still, and looking is done every few milliseconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from adapters.persistence.events import EVENTS
from adapters.persistence.query import Query
from application.tasks.handler import Handler, Progress
from application.tasks.running import Pace
from domain.access import UserId
from domain.tasks import Task, TaskStatus
from entrypoints.container import Container
from entrypoints.settings import load_settings
from entrypoints.stores import open_store
from tests.application.shop import Quiet
from tests.builders import FixedClock, new_id

KIND = "test"
PACE = Pace(at_once=4, look_every_s=0.01, report_every_s=0.0, stops_within_s=0.2)
PATIENCE_S = 20.0

Work = Callable[[Task, Progress], Awaitable[Mapping[str, Any] | None]]


class Does(Handler):
    """What the test says, counted."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.ran: list[str] = []

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any] | None:
        self.ran.append(task.id)
        return await self._work(task, report)


class Log(Quiet):
    def __init__(self) -> None:
        self.failures: list[str] = []

    def failed(self, what: str, error: BaseException) -> None:
        self.failures.append(type(error).__name__)

    def said(self, event: str, **what: Any) -> None:
        self.failures.append(event)


class House:
    """A store, and as many processes as are asked for."""

    def __init__(self, store: Any) -> None:
        self.store, self.clock, self.log = store, FixedClock(), Log()
        self.container = self.process()
        self.units = self.container.units()

    def process(self, pace: Pace = PACE, **handlers: Handler) -> Any:
        container: Any = Container(settings=load_settings(database_url="memory://", secret_key="s" * 32))
        ports = {"clock": self.clock, "store": self.store, "log": self.log, "pace": pace, "handlers": handlers}
        for name, port in ports.items():
            getattr(container, name).override(port)
        return container

    @asynccontextmanager
    async def working(self, work: Work | None = None, pace: Pace = PACE) -> AsyncIterator[Any]:
        """A process that runs tasks of `KIND`."""
        container = self.process(pace, **({} if work is None else {KIND: Does(work)}))
        await container.dispatcher().start()
        try:
            yield container
        finally:
            await container.dispatcher().stop()

    async def queued(self, **over: Any) -> Task:
        given: dict[str, Any] = {"id": new_id(), "kind": KIND, "payload": {}, "at": self.clock()}
        async with self.units.open() as unit:
            return await unit.commit(unit.tasks.add(Task.queued(**given | over)))

    async def now(self, task: Task) -> Task:
        async with self.units.open() as unit:
            return await unit.tasks.get(task.id)

    async def until(self, task: Task, *statuses: TaskStatus) -> Task:
        """As it is when it has come to one of these."""
        return await self.when(task, lambda now: now.status in statuses)

    async def when(self, task: Task, fulfils: Callable[[Task], bool]) -> Task:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                now = await self.now(task)
                if fulfils(now):
                    return now
                await asyncio.sleep(0.005)

    async def told(self, task: Task) -> list[str]:
        session = self.store.session()
        try:
            events = [EVENTS.load(document) for document in await session.find(EVENTS, Query())]
        finally:
            await session.close()
        events.sort(key=lambda event: event.id)
        return [event.type for event in events if event.resource == f"task:{task.id}"]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[House]:
    store = open_store(url)
    await store.start()
    try:
        yield House(store)
    finally:
        await store.stop()


def an_owner() -> UserId:
    return UserId(new_id())
