"""Starting and stopping: from nothing to ready, several at once, and an end that leaves nobody without an answer."""

import asyncio
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.e2e.serving import DURABLE, Server, served
from tests.e2e.wire import GET, post, wired
from tests.http.client import ADMIN, API, offer, sign_in, sign_up
from tests.stores import fresh_url

AT_ONCE = 4


async def test_from_nothing_to_ready(store: str, record_property: Callable[[str, object], None]) -> None:
    """How long it takes is recorded, not judged: other work on the machine would decide."""
    async with served(store, workers=1) as server:
        again = await server.restart()

        async with httpx.AsyncClient(base_url=server.address) as client:
            ready = (await client.get("/health/ready")).json()

    record_property("restart_s", round(again, 2))
    assert ready["status"] == "ok"


@pytest.mark.parametrize("durable", DURABLE)
async def test_four_processes_that_start_at_once_on_an_empty_store_all_come_up(durable: str) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_url(durable))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = []
        for number in range(AT_ONCE):
            (folder / str(number)).mkdir()
            servers.append(Server(url, 1, folder / str(number)))
            stack.push_async_callback(servers[-1].stop)
        await asyncio.gather(*(server.start() for server in servers))
        clients = [await stack.enter_async_context(httpx.AsyncClient(base_url=each.address)) for each in servers]

        tokens = [await sign_in(each, ADMIN["admin_username"], ADMIN["admin_password"]) for each in clients]
        somebody = await sign_up(clients[0])
        item = await offer(clients[1], somebody)

        admin = {"Authorization": f"Bearer {tokens[0]['access_token']}"}
        for client in clients:
            people = (await client.get(f"{API}/users", headers=admin)).json()["items"]
            assert sorted(each["role"] for each in people) == ["admin", "customer"]
            assert (await client.get(f"{API}/items/{item['id']}")).json() == item


@pytest.mark.parametrize("durable", DURABLE)
async def test_what_was_kept_is_there_after_a_restart(durable: str) -> None:
    async with served(durable, workers=1) as server, httpx.AsyncClient(base_url=server.address) as client:
        person = await sign_up(client)
        item = await offer(client, person)
        cursor = (await client.get(f"{API}/items?cursor=&size=1")).json()["next_cursor"]
        await server.restart()

        assert (await client.get(f"{API}/users/me", headers=person.headers)).json() == person.user
        assert (await client.get(f"{API}/items/{item['id']}")).json() == item
        assert cursor is None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_server_without_work_stops_at_once(how: signal.Signals) -> None:
    async with served("memory") as server, wired(server.port) as idle:
        assert (await idle.ask(GET)).status == 200
        began = time.perf_counter()
        server.send_signal(how)

        assert await server.exit_code() == 0
        assert time.perf_counter() - began < 5
        assert await idle.ended()
        assert "Traceback" not in server.said()


async def test_a_request_that_has_begun_is_answered_before_the_server_stops() -> None:
    async with served("memory") as server, wired(server.port) as wire:
        await wire.send(post(f"{API}/auth/register", b"{", "Content-Length: 2"))
        async with wired(server.port) as other:
            await other.ask(GET)  # the half request has arrived before this one
        server.send_signal(signal.SIGTERM)
        await refusing(server.port)

        answer = await wire.ask(b"}")

        assert answer.status == 422
        assert await wire.ended()
        assert await server.exit_code() in (0, -signal.SIGTERM)


async def test_a_client_that_never_ends_its_request_does_not_hold_up_the_stop() -> None:
    async with served("memory", REQUEST_TIMEOUT_S="1") as server, wired(server.port) as wire:
        await wire.send(post(f"{API}/auth/register", b"{", "Content-Length: 2"))
        server.send_signal(signal.SIGTERM)

        assert await server.exit_code() in (0, -signal.SIGTERM)


async def refusing(port: int) -> None:
    """Waits until nobody listens there."""
    async with asyncio.timeout(10):
        while True:
            try:
                async with wired(port):
                    await asyncio.sleep(0.01)
            except ConnectionError:
                return


async def test_several_workers_end_with_the_first_process() -> None:
    async with served("sqlite", workers=2) as server:
        server.send_signal(signal.SIGTERM)

        assert await server.exit_code() in (0, -signal.SIGTERM)
        await refusing(server.port)


async def test_the_time_for_a_request_holds_in_every_worker() -> None:
    async with served("sqlite", workers=2, REQUEST_TIMEOUT_S="0.5") as server, AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(wired(server.port)) for _ in range(8)]
        for wire in wires:
            await wire.send(GET[:-2])

        assert {(await wire.answer()).status for wire in wires} == {408}
