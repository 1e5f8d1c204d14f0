"""How many tasks a second, and how long from the commit to the start of one where nothing else is to be done."""

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from application.tasks.handler import Handler, Progress
from domain.tasks import Task
from entrypoints.background import working
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.application.shop import opened
from tests.labour.trial import handing, labourers, queued, until_over
from tests.labour.worker import NOTHING
from tests.stores import fresh_url

PATIENCE_S = 300.0


async def rate(store: str, tasks: int, workers: int, broker: str | None = None) -> float:
    """Tasks that do nothing, a second, after the processes have started."""
    async with (
        fresh_url(store) as url,
        opened(url) as shop,
        handing(shop, broker),
        labourers(url, workers, None, broker),
    ):
        await queued(shop, 20, [{}], NOTHING)
        await until_over(shop, 20)
        began = time.perf_counter()
        await queued(shop, tasks, [{}], NOTHING)
        await until_over(shop, 20 + tasks)
        return tasks / (time.perf_counter() - began)


class Starts(Handler):
    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.at = 0.0

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any] | None:
        self.at = time.perf_counter()
        self.started.set()
        return None


async def latencies(
    store: str, times: int, broker: str | None = None, rest_s: float = 0.02
) -> tuple[list[float], float]:
    """Seconds from before the commit to the start, sorted; and the share of a core that it took to wait, idle."""
    async with fresh_url(store) as url:
        given = {"database_url": url, "secret_key": "s" * 32, "blob_url": "memory://", "task_broker_url": broker}
        container: Any = Container(settings=load_settings(**given))
        starts = Starts()
        container.handlers.override({NOTHING: starts})
        await container.store().start()
        await container.blobs().start()
        async with working(container, tasks=True):
            await _latency(container, starts, 1.0)  # the broker, where there is one, has been reached by then
            found = [await _latency(container, starts, rest_s) for _ in range(times)]
            used, began = os.times(), time.perf_counter()
            await asyncio.sleep(10)
            now, lasted = os.times(), time.perf_counter() - began
        await container.store().stop()
        return sorted(found), (now.user + now.system - used.user - used.system) / lasted


async def _latency(container: Any, starts: Starts, rest_s: float) -> float:
    await asyncio.sleep(rest_s)
    starts.started.clear()
    async with container.units().open() as unit:
        unit.tasks.add(Task.queued(id=container.ids()(), kind=NOTHING, payload={}, at=datetime.now(UTC)))
        began = time.perf_counter()
        await unit.commit(None)
    async with asyncio.timeout(PATIENCE_S):
        await starts.started.wait()
    return starts.at - began
