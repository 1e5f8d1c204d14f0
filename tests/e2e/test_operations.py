"""What whoever runs it relies on: figures of several workers add up, and a stop loses nobody's answer."""

import asyncio
import signal
import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.serving import served
from tests.e2e.wire import post, wired
from tests.http.client import API
from tests.stopping.__main__ import told_to_stop

ASKED = 200
INFO = f"{API}/info"


async def test_what_two_workers_counted_adds_up() -> None:
    async with served("sqlite", workers=2) as server:
        for _ in range(ASKED // 10):  # connections of their own reach both
            async with httpx.AsyncClient(base_url=server.address) as client:
                await asyncio.gather(*(client.get(INFO) for _ in range(10)))
        async with httpx.AsyncClient(base_url=server.address) as client:
            pages = [(await client.get("/metrics")).text for _ in range(4)]

    for page in pages:
        samples = [each for family in text_string_to_metric_families(page) for each in family.samples]
        counted = {each.name: each.value for each in samples if each.labels.get("route") == INFO}
        assert counted["http_requests_total"] == counted["http_request_duration_seconds_count"] == ASKED
        assert {each.name for each in samples} >= {"http_requests_in_flight", "store_connections_open"}


async def test_a_stop_under_load_loses_no_answer() -> None:
    async with served("sqlite", workers=2) as server:
        seen, took, said_no = await told_to_stop(server, clients=8, after_s=0.3)

        assert seen.lost == []
        assert set(seen.statuses) <= {200, 201}
        assert seen.statuses.total() > 20
        assert said_no
        assert took < 15
        assert await server.exit_code() == 0


async def test_a_second_signal_stops_at_once() -> None:
    for workers in (1, 2):
        async with served("sqlite", workers=workers, REQUEST_TIMEOUT_S="60") as server, wired(server.port) as wire:
            await wire.send(post(f"{API}/auth/register", b"{", "Content-Length: 2"))
            server.send_signal(signal.SIGTERM)
            await _not_ready(server.address)
            began = time.perf_counter()
            server.send_signal(signal.SIGTERM)

            await server.exit_code()

            assert time.perf_counter() - began < 3


async def _not_ready(address: str) -> None:
    async with asyncio.timeout(5), httpx.AsyncClient(base_url=address) as client:
        while (await client.get("/health/ready")).status_code != 503:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
