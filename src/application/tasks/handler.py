"""What a feature gives to have its tasks run: a handler, registered by kind in `entrypoints/container/work.py`."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

from domain.tasks import Task


class Progress(Protocol):
    @abstractmethod
    async def __call__(self, progress: float) -> None:
        """How far it has come, 0 to 1. It is kept at most once a second, so it may be said as often as one likes."""


class Handler(Protocol):
    """Does the work of one kind of task.

    It may be run more than once for one task, also after it was done, where a process died: whatever it changes has to
    be found done by the task's id. What it answers becomes the task's `result`.

    `Unavailable`, `Conflict` and what is no refusal are tried again after a pause, `TASK_MAX_ATTEMPTS` times in all;
    any other refusal is final, and its code and text become the task's `error`. It is cancelled (`CancelledError`) when
    the task is, or when its lease is lost.
    """

    @abstractmethod
    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any] | None: ...
