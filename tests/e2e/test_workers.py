"""Processes that run tasks: they die and nothing is lost, they stop and hand back, the command line looks at them."""

import asyncio
import os
import signal
from datetime import UTC, datetime

import httpx
import pytest

from domain.tasks import Task, TaskError
from tests.application.shop import opened
from tests.e2e.serving import _PORTICO, DURABLE, served
from tests.http.client import sign_up
from tests.http.work import queued, read, until
from tests.labour.trial import trial

LEASE_S = 3.0
"""Shorter than what is the default, so that the suite waits less."""


@pytest.mark.parametrize("durable", [store for store in DURABLE if store != "mongodb"])
async def test_each_task_has_its_effect_once_though_workers_are_killed(durable: str) -> None:
    result = await trial(durable, tasks=200, kills=3, lease_s=LEASE_S)

    assert result.wrong == []
    assert (result.succeeded, result.once) == (200, 200)
    assert sum(many for attempts, many in result.attempts.items() if attempts > 1) > 0


@pytest.mark.parametrize("durable", [store for store in DURABLE if store != "mongodb"])
async def test_a_worker_runs_what_a_server_queues(durable: str) -> None:
    async with (
        served(durable, workers=1, WORKERS_INLINE="false") as server,
        httpx.AsyncClient(base_url=server.address, timeout=10) as client,
    ):
        person = await sign_up(client)
        id = await queued(client, person, text="Lovely!")
        before = await read(client, person, id)
        worker = await asyncio.create_subprocess_exec(
            _PORTICO, "worker", cwd=server._folder, env={**os.environ, **server._settings}
        )
        task = await until(client, person, id, "succeeded", "failed")
        worker.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            code = await worker.wait()

    assert (before["status"], task["status"], task["result"]["prediction"]) == ("queued", "succeeded", "positive")
    assert code == 0


async def test_the_command_line_lists_retries_and_takes_away() -> None:
    async with (
        served("sqlite", workers=1, WORKERS_INLINE="false") as server,
        opened(server._settings["DATABASE_URL"]) as shop,
    ):
        now, error = datetime.now(UTC), TaskError(code="unknown", detail="It is not known.")
        fresh = [Task.queued(id=shop.container.ids()(), kind="of.nobody", payload={}, at=now) for _ in range(2)]
        made = [fresh[0].cancelled(now), fresh[1].failed(now, error)]
        async with shop.units.open() as unit:
            for task in made:
                unit.tasks.add(task)
            await unit.commit(None)

        listed = await server.run("tasks", "list", "--status", "cancelled")
        none = await server.run("tasks", "list", "--kind", "other")
        refused = await server.run("tasks", "retry", made[0].id)
        unsaid = await server.run("tasks", "retry")
        retried = await server.run("tasks", "retry", "--all")
        purged = await server.run("tasks", "purge", "--hours", "0")

    assert (listed[0], [task.id in listed[1] for task in made]) == (0, [True, False])
    assert (none[0], [task.id in none[1] for task in made]) == (0, [False, False])
    assert (refused[0], unsaid[0]) == (1, 1)
    assert (retried[0], "1 queued" in retried[1]) == (0, True)
    assert (purged[0], "1 taken away" in purged[1]) == (0, True)


async def test_a_worker_without_a_store_to_share_says_so() -> None:
    async with served("memory", workers=1) as server:
        code, said = await server.run("worker")

    assert (code, "memory://" in said) == (1, True)
