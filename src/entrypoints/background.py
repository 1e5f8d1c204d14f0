"""What runs beside the requests of a process, or instead of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from domain.errors import Refusal

Job = Callable[[], Awaitable[object]]
AGAIN_S = 1.0
"""How long a job that goes on for ever is left alone after it failed."""


@asynccontextmanager
async def working(container: Any, *, tasks: bool) -> AsyncIterator[None]:
    """Scheduled jobs, and where they are run here tasks and deliveries; what was begun is ended or handed back."""
    scheduler, dispatcher, hand_over = container.scheduler(), container.dispatcher(), container.hand_over()
    await scheduler.start()
    if hand_over is not None:
        await hand_over.start()
    if tasks:
        await dispatcher.start()
    try:
        async with going_on(container, *([(AGAIN_S, container.webhook_courier().run)] if tasks else [])):
            yield
    finally:
        await scheduler.stop()
        await dispatcher.stop()
        if hand_over is not None:
            await hand_over.stop()
        await container.predictor().close()
        await container.webhook_sender().close()


@asynccontextmanager
async def going_on(container: Any, *jobs: tuple[float, Job]) -> AsyncIterator[None]:
    """Each of the jobs again and again, with so many seconds between two times."""
    running = [asyncio.create_task(_every(seconds, job, container)) for seconds, job in jobs]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _every(seconds: float, job: Job, container: Any) -> None:
    """A time that fails is made up by the next."""
    while True:
        try:
            await job()
        except Refusal as refusal:
            container.log().said("job_failed", code=refusal.code)
        except Exception as error:  # noqa: BLE001 - the job has to go on
            container.log().failed("job", error)
        await asyncio.sleep(seconds)
