"""One trial: so many tasks, two workers, and so many kills of one of them, then of the other."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.persistence.query import Among, Equal, Query
from adapters.persistence.tasks import TASKS
from adapters.persistence.wallets import ENTRIES
from adapters.system.log import StructuredLog
from application.tasks.handing import HandOver
from domain.tasks import Task, TaskStatus
from entrypoints.broker import open_broker
from tests.application.shop import Shop, opened
from tests.http.client import SECRET
from tests.labour.worker import NOTHING, PAY
from tests.stores import fresh_url

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
WALLETS = 10
Meanwhile = Callable[[int], Awaitable[None]]
_PAYING, _OURS = Equal("kind", PAY), Among("kind", (PAY, NOTHING))
"""Whoever joins is written to, which is a task as well."""


@dataclass
class Trial:
    """`again` counts those whose effect was found done; `taken_up_s` how long those of the last kill took to go on."""

    tasks: int
    kills: int
    succeeded: int = 0
    once: int = 0
    again: int = 0
    attempts: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lasted: float = 0.0


class Labourer:
    """A process of `tests.labour.worker`, and another one in its place after a kill."""

    def __init__(self, url: str, folder: Path, lease_s: float | None, broker: str | None) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR", "LOG_FORMAT": "json"}
        lease = {} if lease_s is None else {"LEASE_S": str(lease_s)}
        between = {} if broker is None else {"TASK_BROKER_URL": broker}
        self._environment = {**kept, **settings, **lease, **between, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        self._folder = folder
        self._process: asyncio.subprocess.Process

    async def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.labour.worker", cwd=self._folder, env=self._environment,
                stdout=log, stderr=log,
            )  # fmt: skip

    async def end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        async with asyncio.timeout(PATIENCE_S):
            await self._process.wait()


@asynccontextmanager
async def labourers(
    url: str, many: int, lease_s: float | None = None, broker: str | None = None
) -> AsyncIterator[list[Labourer]]:
    with tempfile.TemporaryDirectory(prefix="portico_labour_") as folder:
        workers = [Labourer(url, Path(folder), lease_s, broker) for _ in range(many)]
        for worker in workers:
            await worker.start()
        try:
            yield workers
        finally:
            for worker in workers:
                await worker.end(signal.SIGTERM)


@asynccontextmanager
async def handing(shop: Shop, broker: str | None) -> AsyncIterator[None]:
    """What this process commits goes to the broker, as in a server that does not work itself."""
    if broker is None:
        yield
        return
    log = StructuredLog()
    hand_over = HandOver(open_broker(broker, log), shop.container.wake(), log.failed)
    await hand_over.start()
    try:
        yield
    finally:
        await hand_over.stop()


async def trial(
    store: str,
    tasks: int,
    kills: int,
    lease_s: float | None = None,
    broker: str | None = None,
    meanwhile: Meanwhile | None = None,
) -> Trial:
    """With a URL of Redis as `broker` that nobody else uses. `meanwhile` is done after each kill."""
    result = Trial(tasks, kills)
    async with fresh_url(store) as url, opened(url) as shop, handing(shop, broker):
        people = [await shop.person() for _ in range(WALLETS)]
        await queued(shop, tasks, [{"to": person.id, "before_s": 0.02, "after_s": 0.05} for person in people])
        began = time.perf_counter()
        async with labourers(url, 2, lease_s, broker) as workers:
            for kill in range(kills):
                await until_over(shop, (kill + 1) * tasks // (kills + 2))
                await workers[kill % 2].end(signal.SIGKILL)
                await workers[kill % 2].start()
                if meanwhile is not None:
                    await meanwhile(kill)
            await until_over(shop, tasks)
        result.lasted = time.perf_counter() - began
        await _compare(shop, result)
    return result


async def queued(shop: Shop, many: int, payloads: list[dict[str, object]], kind: str = PAY) -> None:
    async with shop.units.open() as unit:
        for number in range(many):
            payload = payloads[number % len(payloads)]
            unit.tasks.add(Task.queued(id=shop.container.ids()(), kind=kind, payload=payload, at=datetime.now(UTC)))
        await unit.commit(None)


async def over(shop: Shop) -> int:
    session = shop.store.session()
    try:
        return sum([await session.count(TASKS, (_OURS, Equal("status", status))) for status in ("succeeded", "failed")])
    finally:
        await session.close()


async def until_over(shop: Shop, many: int) -> None:
    end = time.perf_counter() + PATIENCE_S
    while (there := await over(shop)) < many:
        assert time.perf_counter() < end, f"{there} of {many} are over"
        await asyncio.sleep(0.02)


async def _compare(shop: Shop, result: Trial) -> None:
    session = shop.store.session()
    try:
        tasks = [TASKS.load(document) for document in await session.find(TASKS, Query((_PAYING,)))]
        entries = [ENTRIES.load(document) for document in await session.find(ENTRIES, Query())]
    finally:
        await session.close()
    paid = Counter(entry.reference for entry in entries if entry.reference is not None)
    result.succeeded = sum(task.status is TaskStatus.SUCCEEDED for task in tasks)
    result.again = sum(bool(task.result and task.result["again"]) for task in tasks)
    result.attempts = Counter(task.attempts for task in tasks)
    result.once = sum(paid[task.id] == 1 for task in tasks)
    result.wrong += [f"task {t.id} is {t.status}: {t.error}" for t in tasks if t.status is not TaskStatus.SUCCEEDED]
    result.wrong += [f"task {task.id} has paid {paid[task.id]} times" for task in tasks if paid[task.id] != 1]
    verdict = await shop.verdict()
    result.wrong += [] if verdict.sound else ["the ledger does not agree with itself"]
    result.wrong += [] if len(tasks) == result.tasks else [f"{len(tasks)} tasks are there"]
