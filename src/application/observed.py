"""Round every use case: how long it took and how it ended, and another try where two units met."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, ParamSpec, TypeVar

from application.ports.observer import Observer
from domain.errors import Conflict, Refusal

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 12
LONGEST_PAUSE_S = 0.1
PATIENCE_S = 3.0
"""No try begins after so long: a client hears within five seconds."""


class Observed(Generic[P, R]):
    """The use case, observed. A whole unit may be tried again: entities are values, and effects wait for commit."""

    def __init__(self, use_case: Callable[P, Awaitable[R]], observer: Observer) -> None:
        self._use_case, self._observer = use_case, observer
        self._name = type(use_case).__name__

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        began, outcome = time.perf_counter(), "ok"
        try:
            return await self._tried(*args, **kwargs)
        except Refusal as refusal:
            outcome = refusal.code
            raise
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            self._observer.done(self._name, time.perf_counter() - began, outcome)

    async def _tried(self, *args: P.args, **kwargs: P.kwargs) -> R:
        ends = time.perf_counter() + PATIENCE_S
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._use_case(*args, **kwargs)
            except Conflict:
                if time.perf_counter() > ends:
                    raise
                await asyncio.sleep(random.uniform(0, min(LONGEST_PAUSE_S, 0.001 * 2**attempt)))  # noqa: S311
        return await self._use_case(*args, **kwargs)


def observed(use_case: Any, observer: Observer) -> Any:
    """The use case, with its own signature, observed."""
    return Observed(use_case, observer)
