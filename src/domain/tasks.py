"""Tasks: work that is done after the commit that asked for it, by whichever process takes it up."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain.access import UserId
from domain.errors import NotFound, Rejected
from domain.paging import Listing, Window
from domain.repository import Repository

TaskId = NewType("TaskId", str)

FULL = 1000
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)

EXHAUSTED = "attempts_exhausted"


class TaskStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (TaskStatus.QUEUED, TaskStatus.RUNNING)
OVER = tuple(status for status in TaskStatus if status not in UNFINISHED)
TRANSITIONS: Mapping[TaskStatus, Sequence[TaskStatus]] = {
    TaskStatus.QUEUED: (TaskStatus.RUNNING, TaskStatus.FAILED, TaskStatus.CANCELLED),
    TaskStatus.RUNNING: (TaskStatus.QUEUED, *OVER),
    **dict.fromkeys(OVER, ()),
}
"""For clients: whoever runs the shop may also have a failed one tried again."""


class InvalidTransition(Rejected):
    """`state` is where the task is, `allowed` where it may go from there."""

    code = "invalid_transition"

    def __init__(self, state: TaskStatus, wanted: str) -> None:
        allowed = [each.value for each in TRANSITIONS[state]]
        super().__init__(f"A {state} task cannot be {wanted}.", state=state.value, allowed=allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskError:
    """`code` is a stable word, `detail` a sentence that its owner may read."""

    code: str
    detail: str


def pause(attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, half of it by `jitter` in [0, 1)."""
    longest = min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)
    return longest * (0.5 + jitter / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`payload` and `result` are plain JSON. Work of the house itself has no `owner_id`.

    What was asked for is kept for as long as it may be wanted: one that succeeded or was cancelled has no `payload`.

    `due_at` says from when on anybody may take it up: a queued one when its time has come, a running one when the lease
    of `leased_to` is over, which is how the work of a process that died is found. One that is over has none.
    `done` counts thousandths.
    """

    id: TaskId
    version: int = 1
    kind: str
    owner_id: UserId | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    status: TaskStatus = TaskStatus.QUEUED
    done: int = 0
    result: Mapping[str, Any] | None = None
    error: TaskError | None = None
    attempts: int = 0
    due_at: datetime | None
    leased_to: str | None = None
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @classmethod
    def queued(
        cls,
        *,
        id: str,
        kind: str,
        payload: Mapping[str, Any],
        at: datetime,
        owner_id: UserId | None = None,
        due_at: datetime | None = None,
    ) -> Self:
        """To be run once after the commit, or from `due_at` on. The same `id` again is `AlreadyExists`."""
        return cls(id=TaskId(id), kind=kind, owner_id=owner_id, payload=payload, due_at=due_at or at, created_at=at)

    @property
    def task_id(self) -> TaskId:
        return self.id

    @property
    def progress(self) -> float:
        """0 to 1."""
        return self.done / FULL

    @property
    def is_over(self) -> bool:
        return self.status not in UNFINISHED

    def is_due(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at

    def is_leased_to(self, worker: str) -> bool:
        return self.status is TaskStatus.RUNNING and self.leased_to == worker

    def claimed(self, worker: str, at: datetime, until: datetime) -> Self:
        """Running on a lease. Whose lease is over loses it to the next. Raises `InvalidTransition`."""
        if not self.is_due(at):
            raise InvalidTransition(self.status, "claimed")
        return replace(
            self,
            status=TaskStatus.RUNNING,
            leased_to=worker,
            due_at=until,
            attempts=self.attempts + 1,
            started_at=self.started_at or at,
        )

    def renewed(self, until: datetime) -> Self:
        self._require_running("renewed")
        return replace(self, due_at=until)

    def progressed(self, progress: float) -> Self:
        """It never goes back, and is full only when the task is over."""
        self._require_running("progressed")
        return replace(self, done=max(self.done, min(FULL - 1, int(progress * FULL))))

    def succeeded(self, at: datetime, result: Mapping[str, Any] | None) -> Self:
        self._require_running("succeeded")
        return self._over(TaskStatus.SUCCEEDED, at, payload={}, result=result, error=None, done=FULL)

    def failed(self, at: datetime, error: TaskError) -> Self:
        if self.is_over:
            raise InvalidTransition(self.status, "failed")
        return self._over(TaskStatus.FAILED, at, error=error)

    def retried(self, due_at: datetime) -> Self:
        """Queued again after an attempt that came to nothing."""
        self._require_running("retried")
        return replace(self, status=TaskStatus.QUEUED, due_at=due_at, leased_to=None)

    def released(self, at: datetime) -> Self:
        """Handed back by a process that stops: the attempt does not count."""
        return replace(self.retried(at), attempts=self.attempts - 1)

    def revived(self, at: datetime) -> Self:
        """A failed one with all its attempts before it again. Raises `InvalidTransition`."""
        if self.status is not TaskStatus.FAILED:
            raise InvalidTransition(self.status, "tried again")
        return replace(
            self, status=TaskStatus.QUEUED, due_at=at, attempts=0, done=0, error=None, started_at=None, finished_at=None
        )

    def cancelled(self, at: datetime) -> Self:
        """Raises `InvalidTransition` where it is over."""
        if self.is_over:
            raise InvalidTransition(self.status, "cancelled")
        return self._over(TaskStatus.CANCELLED, at, payload={})

    def require_owner(self, owner_id: UserId) -> None:
        """Raises `NotFound`: others' tasks are nobody's business."""
        if self.owner_id != owner_id:
            raise NotFound()

    def _require_running(self, wanted: str) -> None:
        if self.status is not TaskStatus.RUNNING:
            raise InvalidTransition(self.status, wanted)

    def _over(self, status: TaskStatus, at: datetime, **changes: Any) -> Self:
        return replace(self, status=status, due_at=None, leased_to=None, finished_at=at, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a job of that name is due: whoever moves that on does it."""

    id: str
    version: int = 1
    due_at: datetime

    def turned(self, due_at: datetime) -> Self:
        return replace(self, due_at=due_at)


class Tasks(Repository[Task], Protocol):
    @abstractmethod
    async def due(self, at: datetime, kinds: Sequence[str], limit: int) -> Sequence[Task]:
        """Some of those kinds that anybody may take up, the longest due first."""

    @abstractmethod
    async def take(self, *ids: str) -> Sequence[Task]:
        """Held, like `hold`; those that another unit holds may be left out instead of waited for."""

    @abstractmethod
    async def leased_to(self, worker: str) -> Sequence[Task]:
        """What it runs."""

    @abstractmethod
    async def of(self, owner_id: UserId, status: TaskStatus | None, kind: str | None, window: Window) -> Listing[Task]:
        """Theirs, newest first."""

    @abstractmethod
    async def all_of(self, owner_id: UserId) -> Sequence[Task]:
        """Theirs, for when they leave."""

    @abstractmethod
    async def latest(self, status: TaskStatus | None, kind: str | None, limit: int) -> Sequence[Task]:
        """Anybody's, newest first, for whoever runs the shop."""

    @abstractmethod
    async def over(self, before: datetime, limit: int) -> Sequence[Task]:
        """Some of those that finished before, oldest first."""


class Schedules(Repository[Schedule], Protocol):
    """By name alone."""
