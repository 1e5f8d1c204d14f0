"""Ids that a broker brings one by one are claimed together: while the store answers, the next ones gather."""

import asyncio
from collections.abc import Mapping, Sequence

from application.tasks.running import Means, Run
from application.tasks.runs import HANDS_BACK_WITHIN_S, Runs
from domain.errors import Conflict, Refusal
from domain.tasks import Task

TIMES = 5
"""How often a claim is tried that meets another process's."""


class Claims:
    """What is claimed begins to run before anybody else is told, so that it can be handed back."""

    def __init__(self, kinds: Sequence[str], means: Means, runs: Runs) -> None:
        self._kinds, self._means, self._runs = kinds, means, runs
        self._asked: dict[str, asyncio.Future[Run | None]] = {}
        self._claiming: asyncio.Task[None] | None = None

    async def claimed(self, id: str) -> Run | None:
        """None where it is not due, is somebody's already, or cannot be claimed now."""
        if id in self._asked or id in self._runs:
            return None  # it came twice
        future: asyncio.Future[Run | None] = asyncio.get_running_loop().create_future()
        self._asked[id] = future
        if self._claiming is None or self._claiming.done():
            self._claiming = asyncio.create_task(self._claim())
        return await future

    async def settled(self) -> None:
        """Once nothing is being claimed."""
        if self._claiming is not None:
            await asyncio.wait([self._claiming], timeout=HANDS_BACK_WITHIN_S)

    async def _claim(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            begun: dict[str, Run] = {task.id: self._runs.begin(task) for task in await self._taken(asked)}
            for id, future in asked.items():
                if not future.done():
                    future.set_result(begun.get(id))

    async def _taken(self, asked: Mapping[str, object]) -> Sequence[Task]:
        for _ in range(TIMES):
            try:
                return await self._means.leases.claim_these(list(asked), self._kinds)
            except Conflict:
                await asyncio.sleep(self._means.jitter() * 0.05)  # another process took the same ones
            except Refusal:
                break
            except Exception as error:  # noqa: BLE001 - whoever waits for an answer has to get one
                self._means.failed("tasks", error)
                break
        return ()
