"""What runs beside the requests of a process, or instead of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def working(container: Any, *, tasks: bool) -> AsyncIterator[None]:
    """Scheduled jobs, and tasks where they are run here; what was begun is ended or handed back."""
    scheduler, dispatcher = container.scheduler(), container.dispatcher()
    await scheduler.start()
    if tasks:
        await dispatcher.start()
    try:
        yield
    finally:
        await scheduler.stop()
        await dispatcher.stop()
        await container.predictor().close()
