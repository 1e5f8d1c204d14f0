"""`python -m tests.labour.worker`: what `portico worker` is, with two more kinds of task and leases of LEASE_S."""

import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from application.tasks.handler import Handler, Progress
from application.tasks.running import Pace
from application.wallets import Deposit
from domain.access import Role, UserId
from domain.money import Money
from domain.tasks import Task
from domain.wallets import ReferenceTaken
from entrypoints.background import working
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.application.support import acting

PAY, NOTHING = "test.pay", "test.nothing"


class PayOnce(Handler):
    """Pays one cent in, which everybody can count, and is found done by the task's id."""

    def __init__(self, deposit: Deposit) -> None:
        self._deposit = deposit

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any] | None:
        to = UserId(task.payload["to"])
        await asyncio.sleep(task.payload["before_s"])
        try:
            await self._deposit(acting(to, Role.STAFF), to, Money(1), task.id)
        except ReferenceTaken:
            return {"again": True}
        finally:
            await asyncio.sleep(task.payload["after_s"])
        return {"again": False}


class DoNothing(Handler):
    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any] | None:
        return None


def equipped(container: Any, lease_s: float | None = None) -> Any:
    """The container, with handlers for the kinds above."""
    handlers = {PAY: PayOnce(container.wallets().deposit), NOTHING: DoNothing()}
    container.handlers.override({**container.handlers(), **handlers})
    if lease_s is not None:
        container.pace.override(Pace(lease=timedelta(seconds=lease_s)))
    return container


async def main() -> None:
    lease_s = os.environ.get("LEASE_S")
    container = equipped(Container(settings=load_settings()), float(lease_s) if lease_s else None)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await container.store().start()
    await container.blobs().start()
    async with working(container, tasks=True):
        await stop.wait()
    await container.blobs().stop()
    await container.store().stop()


if __name__ == "__main__":
    asyncio.run(main())
