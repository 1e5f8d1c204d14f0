"""Several workers: every member hears everything, once and in one order, whatever happens to what is between them."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.serving import DURABLE, Server
from tests.e2e.talk import Talk, a_room, talking
from tests.http.client import API, Person, sign_up
from tests.redis_server import Redis, needs_redis, redis
from tests.stores import fresh_url

SENDERS = 20
EACH = 50


@asynccontextmanager
async def two(store: str, **settings: str) -> AsyncIterator[list[Server]]:
    """Two servers on one store: which of them a socket is connected to is then known."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_url(store))
        servers = []
        for number in range(2):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / str(number)
            folder.mkdir()
            servers.append(Server(url, 1, folder, settings))
            await servers[-1].start()
            stack.push_async_callback(servers[-1].stop)
        yield servers


async def people(client: httpx.AsyncClient, count: int) -> list[Person]:
    return list(await asyncio.gather(*(sign_up(client) for _ in range(count))))


async def all_talk(servers: list[Server], meanwhile: Redis | None = None) -> list[list[tuple[int, str, str]]]:
    """What each of the members heard; half of them are connected to each server."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=servers[0].address, timeout=30))
        members = await people(client, SENDERS)
        room = await a_room(client, members[0])
        talks = [
            await stack.enter_async_context(talking(servers[n % 2].port, room["id"], person))
            for n, person in enumerate(members)
        ]

        async def speak(number: int, talk: Talk) -> None:
            for count in range(EACH):
                await talk.say(f"{number} {count}", client_id=f"{number}-{count}")
                await asyncio.sleep(0.02)

        async def hear(talk: Talk) -> list[tuple[int, str, str]]:
            heard = []
            async with asyncio.timeout(60):
                while len(heard) < SENDERS * EACH:
                    frame = await talk.hear()
                    assert frame["type"] in ("message", "presence"), frame
                    if frame["type"] == "message":
                        heard.append((frame["sequence"], frame["id"], frame["text"]))
            return heard

        async def disturb() -> None:
            if meanwhile is not None:
                await asyncio.sleep(0.5)
                await meanwhile.kill()
                await asyncio.sleep(1)
                await meanwhile.start()

        speaking = [speak(number, talk) for number, talk in enumerate(talks)]
        heard = await asyncio.gather(*(hear(talk) for talk in talks), *speaking, disturb())
        path = f"{API}/rooms/{room['id']}/messages"
        page = (await client.get(path, params={"size": 1}, headers=members[0].headers)).json()
        assert page["total"] == SENDERS * EACH
        return heard[:SENDERS]  # type: ignore[return-value]


def assert_one_order(heard: list[list[tuple[int, str, str]]]) -> None:
    assert [sequence for sequence, _, _ in heard[0]] == list(range(1, SENDERS * EACH + 1))
    assert all(each == heard[0] for each in heard)
    for number in range(SENDERS):
        own = [text for _, _, text in heard[0] if text.startswith(f"{number} ")]
        assert own == [f"{number} {count}" for count in range(EACH)]


@needs_redis
@pytest.mark.parametrize("durable", DURABLE)
async def test_with_redis_everybody_hears_all_once_in_one_order(durable: str) -> None:
    async with redis() as bus, two(durable, REDIS_URL=bus.url, ROOM_FLOOD="10000/10") as servers:
        assert_one_order(await all_talk(servers))


@needs_redis
async def test_with_redis_killed_and_restarted_too() -> None:
    async with redis() as bus, two("sqlite", REDIS_URL=bus.url, ROOM_FLOOD="10000/10") as servers:
        assert_one_order(await all_talk(servers, bus))


@pytest.mark.parametrize("durable", DURABLE)
async def test_without_redis_too(durable: str) -> None:
    async with two(durable, ROOM_FLOOD="10000/10") as servers:
        assert_one_order(await all_talk(servers))


async def test_presence_counts_people_over_all_workers() -> None:
    async with two("sqlite") as servers, httpx.AsyncClient(base_url=servers[0].address) as client:
        ada, bob = await people(client, 2)
        room = await a_room(client, ada, bob, is_private=True)
        here, there = servers[0].port, servers[1].port
        async with talking(here, room["id"], ada) as one:
            await one.hear()
            async with talking(there, room["id"], bob) as two_:
                joined, theirs = await one.hear(), await two_.hear()
                async with talking(there, room["id"], ada) as again:
                    await again.hear()
            left = await one.hear()

    assert (joined["joined"]["id"], joined["left"], len(joined["online"])) == (bob.id, None, 2)
    assert sorted(each["id"] for each in theirs["online"]) == sorted([ada.id, bob.id])
    assert (left["joined"], left["left"]["id"], len(left["online"])) == (None, bob.id, 1)


async def test_what_another_worker_ends_is_ended_here() -> None:
    async with two("sqlite") as servers, httpx.AsyncClient(base_url=servers[0].address) as client:
        ada, bob = await people(client, 2)
        rooms = [await a_room(client, ada, bob, is_private=True) for _ in range(2)]
        port = servers[1].port
        async with (
            talking(port, rooms[0]["id"], bob) as out, talking(port, rooms[1]["id"], bob) as closed,
            talking(port, rooms[0]["id"], ada) as revoked,
        ):  # fmt: skip
            await client.delete(f"{API}/rooms/{rooms[0]['id']}/members/{bob.id}", headers=ada.headers)
            await client.delete(f"{API}/rooms/{rooms[1]['id']}", headers=ada.headers)
            await client.post(f"{API}/auth/revoke", data={"token": ada.tokens["access_token"]})
            async with asyncio.timeout(5):
                codes = await asyncio.gather(out.code(), closed.code(), revoked.code())

    assert codes == [4403, 4404, 4401]


async def until_the_bus_is(client: httpx.AsyncClient, state: str, status: int) -> dict[str, object]:
    """What one answer of that status says of the bus, once it says that.

    Each part finds out for itself: others that use the same Redis may make the answer a 503 earlier.
    """
    async with asyncio.timeout(10):
        while True:
            answer = await client.get("/health/ready")
            part: dict[str, object] = answer.json()["parts"]["bus"]
            if (part["status"], answer.status_code) == (state, status):
                return part
            await asyncio.sleep(0.05)


@needs_redis
async def test_readiness_names_the_bus_and_waits_for_it_only_where_it_is_required() -> None:
    async with (
        redis() as bus, two("sqlite", REDIS_URL=bus.url, REDIS_REQUIRED="true") as (server, _),
        httpx.AsyncClient(base_url=server.address) as client,
    ):  # fmt: skip
        ready = await until_the_bus_is(client, "ok", 200)
        await bus.kill()
        down = await until_the_bus_is(client, "down", 503)
        await bus.start()
        await until_the_bus_is(client, "ok", 200)

    assert ready["needed"]
    assert down["needed"]


async def test_two_workers_of_one_server_talk_and_say_how() -> None:
    secret = secrets.token_hex(2)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_url("sqlite"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = Server(url, 2, folder, {"LOG_LEVEL": "WARNING"})
        await server.start()
        stack.push_async_callback(server.stop)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=server.address))
        members = await people(client, 6)
        room = await a_room(client, members[0])
        talks = [await stack.enter_async_context(talking(server.port, room["id"], person)) for person in members]
        await talks[0].say(secret)

        assert {(await talk.hear("message"))["text"] for talk in talks} == {secret}
        assert "workers_poll" in server.said()
