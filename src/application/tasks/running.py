"""One task while it runs: its handler, its progress and its end."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from application.ports.clock import Clock
from application.tasks.handler import Handler, Progress
from application.tasks.leases import LeaseLost, Leases, exhausted
from domain.errors import Conflict, Refusal, Unavailable
from domain.tasks import Task, TaskError, pause

STORE_PAUSE_S = 0.25
"""Where the store is away, what became of a task is said again, until its lease is over."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a process works: how many tasks at once, how long a lease, and how often it looks and tells.

    Where a broker tells it what is due, it looks every `overdue_s`, and for what has been due for so long.
    """

    at_once: int = 8
    max_attempts: int = 3
    lease: timedelta = timedelta(seconds=20)
    look_every_s: float = 1.0
    overdue_s: float = 10.0
    report_every_s: float = 1.0
    stops_within_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Means:
    """What every run needs. `jitter` answers a number in [0, 1); `failed` hears of what is no refusal."""

    leases: Leases
    clock: Clock
    pace: Pace
    jitter: Callable[[], float]
    failed: Callable[[str, BaseException], None]


class Run(Progress):
    """The work is a task of the event loop: `work`. Changes of the task come one after the other."""

    def __init__(self, task: Task, handler: Handler, means: Means) -> None:
        self.task, self._handler, self._means = task, handler, means
        self._changing = asyncio.Lock()
        self._reported = asyncio.get_running_loop().time()
        self._handed_back = self.ending = False
        self.work: asyncio.Task[None] = asyncio.create_task(self._work())

    def lose(self) -> None:
        """It was cancelled, or another process has it."""
        if not self.ending:
            self.work.cancel()

    def hand_back(self) -> None:
        if not self.ending:
            self._handed_back = True
            self.work.cancel()

    async def renew(self) -> None:
        """Where a good part of the lease is over."""
        at, lease = self._means.clock(), self._means.pace.lease
        if self.task.due_at is not None and self.task.due_at - at < lease * 0.75 and not self.ending:
            await self._change(lambda task: task.renewed(at + lease))

    async def __call__(self, progress: float) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._reported >= self._means.pace.report_every_s:
            self._reported = now
            try:
                await self._change(lambda task: task.progressed(progress), "progressed")
            except LeaseLost:
                self.lose()
                await asyncio.sleep(0)

    async def _work(self) -> None:
        try:
            await self._end(*await self._attempted())
        except asyncio.CancelledError:
            if not self._handed_back:
                return
            await self._end(lambda task: task.released(self._means.clock()))
        except LeaseLost:
            return

    async def _attempted(self) -> tuple[Callable[[Task], Task], str | None]:
        """What becomes of the task, and how that is told."""
        try:
            result = await self._handler(self.task, self)
        except (Unavailable, Conflict) as refusal:
            return self._another_time(str(refusal).rstrip("."))
        except Refusal as refusal:
            return self._failed(TaskError(code=refusal.code, detail=str(refusal)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the task has to have an end
            self._means.failed(f"task {self.task.id}", error)
            return self._another_time("an error that was not foreseen")
        return self._succeeded(result)

    def _succeeded(self, result: Mapping[str, Any] | None) -> tuple[Callable[[Task], Task], str]:
        return lambda task: task.succeeded(self._means.clock(), result), "succeeded"

    def _failed(self, error: TaskError) -> tuple[Callable[[Task], Task], str]:
        return lambda task: task.failed(self._means.clock(), error), "failed"

    def _another_time(self, reason: str) -> tuple[Callable[[Task], Task], str | None]:
        attempts = self.task.attempts
        if attempts >= self._means.pace.max_attempts:
            return self._failed(exhausted(attempts, reason))
        due_at = self._means.clock() + pause(attempts, self._means.jitter())
        return lambda task: task.retried(due_at), None

    async def _end(self, verb: Callable[[Task], Task], told: str | None = None) -> None:
        self.ending = True
        while True:
            try:
                return await self._change(verb, told)
            except (Unavailable, Conflict):
                if self.task.is_due(self._means.clock()):
                    raise LeaseLost from None
                await asyncio.sleep(STORE_PAUSE_S)

    async def _change(self, verb: Callable[[Task], Task], told: str | None = None) -> None:
        async with self._changing:
            self.task = await self._means.leases.change(self.task, verb, told)
