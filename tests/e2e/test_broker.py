"""Tasks through a broker: whatever becomes of it and of those who work, each is done, and its effect is there once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from redis.asyncio import Redis as Client

from tests.e2e.serving import _PORTICO, DURABLE, Server, served
from tests.http.client import sign_up
from tests.http.work import queued, until
from tests.labour.trial import Trial, trial
from tests.redis_server import Redis, needs_redis, redis

LEASE_S = 3.0
STORES = [store for store in DURABLE if store != "mongodb"]
pytestmark = needs_redis


@pytest.fixture
async def broker() -> AsyncIterator[Redis]:
    async with redis() as server:
        yield server


def assert_all_once(result: Trial) -> None:
    assert result.wrong == []
    assert (result.succeeded, result.once) == (result.tasks, result.tasks)


@pytest.mark.parametrize("durable", STORES)
async def test_each_task_has_its_effect_once_though_workers_are_killed(broker: Redis, durable: str) -> None:
    result = await trial(durable, tasks=1000, kills=4, lease_s=LEASE_S, broker=broker.url)

    assert_all_once(result)
    assert sum(many for attempts, many in result.attempts.items() if attempts > 1) > 0


@pytest.mark.parametrize("durable", STORES)
async def test_nothing_is_lost_when_redis_forgets_everything(broker: Redis, durable: str) -> None:
    async def forget(_: int) -> None:
        async with Client.from_url(broker.url) as client:
            await client.flushall()

    result = await trial(durable, tasks=200, kills=2, lease_s=LEASE_S, broker=broker.url, meanwhile=forget)

    assert_all_once(result)


@pytest.mark.parametrize("durable", STORES)
async def test_tasks_end_though_redis_goes_and_stays_away(broker: Redis, durable: str) -> None:
    async def go(_: int) -> None:
        await broker.kill()

    result = await trial(durable, tasks=200, kills=2, lease_s=LEASE_S, broker=broker.url, meanwhile=go)

    assert_all_once(result)


@asynccontextmanager
async def worker(server: Server) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        _PORTICO, "worker", cwd=server._folder, env={**os.environ, **server._settings}
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await process.wait() == 0


@pytest.mark.parametrize("durable", STORES)
async def test_a_worker_runs_what_a_server_hands_over_and_goes_on_when_redis_goes(broker: Redis, durable: str) -> None:
    async with (
        served(durable, workers=1, WORKERS_INLINE="false", TASK_BROKER_URL=broker.url) as server,
        worker(server), httpx.AsyncClient(base_url=server.address, timeout=10) as client,
    ):  # fmt: skip
        person = await sign_up(client)
        ended = []
        for _ in range(2):
            id = await queued(client, person, text="Lovely!")
            ended.append((await until(client, person, id, "succeeded", "failed"))["status"])
            async with Client.from_url(broker.url) as redis:
                carried = await redis.xlen("portico:tasks")
        await broker.kill()
        id = await queued(client, person, text="Lovely!")
        ended.append((await until(client, person, id, "succeeded", "failed"))["status"])
        ready = await client.get("/health/ready")

    assert (ended, ready.status_code) == (["succeeded"] * 3, 200)
    assert carried >= 2


async def test_a_redis_that_takes_nothing_more_holds_nothing_up_for_long(broker: Redis) -> None:
    async with (
        served("sqlite", workers=1, TASK_BROKER_URL=broker.url) as server,
        httpx.AsyncClient(base_url=server.address, timeout=10) as client,
    ):
        person = await sign_up(client)
        async with Client.from_url(broker.url) as redis:
            await redis.config_set("maxmemory-policy", "noeviction")
            await redis.config_set("maxmemory", 1)
            carried = await redis.xlen("portico:tasks")
            task = await until(client, person, await queued(client, person, text="Lovely!"), "succeeded", "failed")
            now = await redis.xlen("portico:tasks")

    assert (task["status"], now) == ("succeeded", carried)


async def test_a_server_starts_without_redis_and_uses_it_when_it_comes(broker: Redis) -> None:
    await broker.kill()
    async with (
        served("sqlite", workers=1, TASK_BROKER_URL=broker.url) as server,
        httpx.AsyncClient(base_url=server.address, timeout=10) as client,
    ):
        person = await sign_up(client)
        first = await queued(client, person, text="Lovely!")
        one = await until(client, person, first, "succeeded", "failed")
        refused = await server.run("check")
        await broker.start()
        accepted = await server.run("check")
        async with asyncio.timeout(20), Client.from_url(broker.url) as redis:
            while not await redis.exists("portico:tasks"):  # noqa: ASYNC110 - what Redis does rings no bell here
                await asyncio.sleep(0.05)
        second = await queued(client, person, text="Lovely!")
        other = await until(client, person, second, "succeeded", "failed")

    assert (one["status"], other["status"]) == ("succeeded", "succeeded")
    assert (refused[0], "TASK_BROKER_URL" in refused[1]) == (1, True)
    assert (accepted[0], "broker" in accepted[1]) == (0, True)
