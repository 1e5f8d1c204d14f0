"""The event feed from a real server: at once, over all workers alike, and to an end when the server stops."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import httpx
import pytest

from tests.e2e.serving import DURABLE, Server, served
from tests.e2e.wire import wired
from tests.http.client import API, Person, offer, sign_up
from tests.http.listening import Said

PATIENCE_S = 20.0
CROWD = 60
"""Items that are made at once by several clients."""


@asynccontextmanager
async def listening(server: Server, person: Person, **headers: str) -> AsyncIterator[AsyncIterator[Said]]:
    """The blocks of a stream, on a connection of its own."""
    async with (
        httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as client,
        client.stream("GET", f"{API}/events", headers={**person.headers, **headers}) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream"
        async with aclosing(_blocks(response)) as blocks:
            assert (await anext(blocks)).text == "retry: 2000"
            yield blocks


async def _blocks(response: httpx.Response) -> AsyncIterator[Said]:
    text = ""
    async for part in response.aiter_text():
        *blocks, text = (text + part).split("\n\n")
        for block in blocks:
            yield Said(block)


async def ids(blocks: AsyncIterator[Said], number: int) -> list[tuple[str, str]]:
    """Of the next events: their ids, and those of what they are about."""
    found: list[tuple[str, str]] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(found) < number:
            said = await anext(blocks)
            if said.event:
                found.append((said.id, said.thing["id"]))
    return found


async def test_an_event_comes_at_once(store: str) -> None:
    async with served(store, workers=1) as server, httpx.AsyncClient(base_url=server.address) as client:
        person = await sign_up(client)
        async with listening(server, person) as blocks:
            waited = []
            for _ in range(10):
                item = await offer(client, person)
                began = time.perf_counter()
                assert [thing for _, thing in await ids(blocks, 1)] == [item["id"]]
                waited.append(time.perf_counter() - began)

    assert sorted(waited)[5] < 0.5


@pytest.mark.parametrize("durable", DURABLE)
async def test_over_all_workers_everybody_hears_all_of_it_once_and_in_one_order(durable: str) -> None:
    async with served(durable) as server, httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as client:
        person, other = await sign_up(client), await sign_up(client)
        async with (
            listening(server, person) as a,
            listening(server, other) as b,
            listening(server, person) as c,
            listening(server, other) as d,
        ):
            items = await asyncio.gather(*(offer(client, person) for _ in range(CROWD)))
            heard = await asyncio.gather(*(ids(each, CROWD) for each in (a, b, c, d)))

        middle = heard[0][CROWD // 2][0]
        async with listening(server, other, **{"Last-Event-ID": middle}) as late:
            rest = await ids(late, CROWD - CROWD // 2 - 1)

    assert heard[1:] == heard[:1] * 3
    assert len({id for id, _ in heard[0]}) == CROWD
    assert {thing for _, thing in heard[0]} == {item["id"] for item in items}
    assert rest == heard[0][CROWD // 2 + 1 :]


async def open_streams(server: Server, person: Person, streams: AsyncExitStack, number: int) -> list[int]:
    """Their statuses; each is a connection of its own, to whichever worker takes it."""
    statuses = []
    for _ in range(number):
        client = await streams.enter_async_context(httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S))
        stream = client.stream("GET", f"{API}/events", headers=person.headers)
        statuses.append((await streams.enter_async_context(stream)).status_code)
    return statuses


@pytest.mark.parametrize("durable", DURABLE)
async def test_five_streams_a_person_over_all_workers(durable: str) -> None:
    async with served(durable) as server, httpx.AsyncClient(base_url=server.address) as client:
        person, other = await sign_up(client), await sign_up(client)
        async with AsyncExitStack() as streams:
            statuses = await open_streams(server, person, streams, 8)
            assert await open_streams(server, other, streams, 1) == [200]
        async with AsyncExitStack() as streams:
            again = await open_streams(server, person, streams, 5)

    assert statuses == [200] * 5 + [429] * 3
    assert again == [200] * 5


async def test_who_does_not_read_holds_nobody_up() -> None:
    async with served("memory") as server, httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as client:
        person = await sign_up(client)
        token = person.tokens["access_token"]
        async with wired(server.port) as deaf, listening(server, person) as blocks:
            await deaf.send(f"GET {API}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())

            items = [(await offer(client, person, description="x" * 20_000))["id"] for _ in range(100)]

            assert [thing for _, thing in await ids(blocks, 100)] == items


async def test_a_server_that_stops_does_not_wait_for_those_who_listen() -> None:
    async with served("memory") as server, httpx.AsyncClient(base_url=server.address) as client:
        person = await sign_up(client)
        async with listening(server, person) as blocks:
            began = time.perf_counter()
            server.send_signal(signal.SIGTERM)

            last = [said async for said in blocks][-1]

            code = await server.exit_code()
            took = time.perf_counter() - began

    assert last.text.endswith("retry: 1000")
    assert code in (0, -signal.SIGTERM)
    assert took < 5


async def test_what_was_committed_before_a_kill_is_heard_after_it() -> None:
    async with served("sqlite", workers=1) as server:
        async with httpx.AsyncClient(base_url=server.address) as client:
            person = await sign_up(client)
            async with listening(server, person) as blocks:
                await offer(client, person)
                ((last, _),) = await ids(blocks, 1)
            missed = [(await offer(client, person))["id"] for _ in range(5)]
        await server.kill()
        await server.start()

        async with listening(server, person, **{"Last-Event-ID": last}) as blocks:
            assert [thing for _, thing in await ids(blocks, 5)] == missed


async def test_a_token_in_the_address_reaches_no_log() -> None:
    async with served("memory", LOG_LEVEL="DEBUG") as server, httpx.AsyncClient(base_url=server.address) as client:
        person = await sign_up(client)
        token = person.tokens["access_token"]

        assert (await client.head(f"{API}/events", params={"token": token})).status_code == 200
        assert (await client.get(f"{API}/events", params={"token": f"{token}x"})).status_code == 401

        said = server.said()

    assert "/api/v1/events" in said
    assert token not in said
    assert "token=" not in said
