"""Connecting: three ways to bring a token, and each code with which a connection is ended."""

import asyncio
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.e2e.serving import Server, served
from tests.e2e.talk import Talk, a_room, talking
from tests.http.client import API, Person, api_key, limited, sign_in, sign_up

NOWHERE = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
PAGE = "https://shop.example"


@pytest_asyncio.fixture(loop_scope="session")
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.address) as client:
        yield client


async def ended(server: Server, room_id: str, person: Person | None = None, **how: Any) -> int:
    async with talking(server.port, room_id, person, **how) as talk:
        return await talk.code()


async def test_a_token_comes_in_three_ways_and_a_key_in_its_own(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room, token = await a_room(client, ada), ada.tokens["access_token"]
    ways: list[dict[str, Any]] = [
        {"headers": ada.headers}, {"query": f"?token={token}"}, {"subprotocols": ["bearer", token]},
        {"headers": await api_key(client, ada)},
    ]  # fmt: skip

    for way in ways:
        async with talking(server.port, room["id"], **way) as talk:
            assert (await talk.hear())["type"] == "presence"
            assert talk.socket.subprotocol == ("bearer" if "subprotocols" in way else None)


async def test_without_a_good_token_it_is_4401(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room, token = await a_room(client, ada), ada.tokens["access_token"]
    other = await sign_in(client, ada.user["username"])
    await client.post(f"{API}/auth/revoke", data={"token": other["access_token"]})

    for way in (
        {}, {"headers": {"Authorization": "Bearer x.y.z"}}, {"headers": {"Authorization": "Basic eDp5"}},
        {"query": "?token="}, {"subprotocols": ["bearer"]}, {"query": f"?token={other['access_token']}"},
        {"query": f"?token={token}", "headers": ada.headers},
    ):  # fmt: skip
        assert await ended(server, room["id"], **way) == 4401
        assert await ended(server, NOWHERE, **way) == 4401


async def test_without_the_scope_or_from_another_page_it_is_4403(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)
    unscoped = await limited(client, ada, "items:read", "rooms:write")

    assert await ended(server, room["id"], headers=unscoped) == 4403
    assert await ended(server, NOWHERE, headers=unscoped) == 4403
    assert await ended(server, room["id"], ada, origin="https://elsewhere.example") == 4403
    assert await ended(server, room["id"], ada, origin="null") == 4403
    async with talking(server.port, room["id"], ada, origin=f"http://127.0.0.1:{server.port}") as talk:
        assert (await talk.hear())["type"] == "presence"


async def test_a_page_that_is_named_may_connect() -> None:
    async with served("memory", CORS_ORIGINS=PAGE) as server, httpx.AsyncClient(base_url=server.address) as client:
        ada = await sign_up(client)
        room = await a_room(client, ada)

        async with talking(server.port, room["id"], ada, origin=PAGE) as talk:
            assert (await talk.hear())["type"] == "presence"


async def test_what_is_not_there_or_private_is_4404(server: Server, client: httpx.AsyncClient) -> None:
    ada, bob = await sign_up(client), await sign_up(client)
    room = await a_room(client, ada, is_private=True)

    assert await ended(server, NOWHERE, ada) == 4404
    assert await ended(server, "no-id", ada) == 4404
    assert await ended(server, room["id"], bob) == 4404


async def test_an_end_of_the_sign_in_ends_the_socket(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        await client.post(f"{API}/auth/revoke", data={"token": ada.tokens["refresh_token"]})
        async with asyncio.timeout(5):
            assert await talk.code() == 4401


async def test_an_account_that_leaves_ends_its_sockets(server: Server, client: httpx.AsyncClient) -> None:
    ada, bob = await sign_up(client), await sign_up(client)
    room = await a_room(client, bob)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        await client.delete(f"{API}/users/me", headers=ada.headers)
        async with asyncio.timeout(5):
            assert await talk.code() == 4401


async def test_a_key_that_ends_ends_its_socket(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room, key = await a_room(client, ada), await api_key(client, ada)
    (kept,) = (await client.get(f"{API}/auth/api-keys", headers=ada.headers)).json()["items"]

    async with talking(server.port, room["id"], headers=key) as talk:
        await talk.hear()
        await client.delete(f"{API}/auth/api-keys/{kept['id']}", headers=ada.headers)
        async with asyncio.timeout(5):
            assert await talk.code() == 4401


async def test_who_is_taken_out_of_a_private_room_is_4403(server: Server, client: httpx.AsyncClient) -> None:
    ada, bob = await sign_up(client), await sign_up(client)
    room = await a_room(client, ada, bob, is_private=True)

    async with talking(server.port, room["id"], bob) as out, talking(server.port, room["id"], ada) as stays:
        await out.hear()
        await client.delete(f"{API}/rooms/{room['id']}/members/{bob.id}", headers=ada.headers)
        async with asyncio.timeout(5):
            assert await out.code() == 4403
        await stays.say("still here")
        assert (await stays.hear("message"))["text"] == "still here"
    assert await ended(server, room["id"], bob) == 4404


@pytest.mark.parametrize("is_private", [False, True])
async def test_a_room_that_is_deleted_is_4404(server: Server, client: httpx.AsyncClient, is_private: bool) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada, is_private=is_private)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        assert (await client.delete(f"{API}/rooms/{room['id']}", headers=ada.headers)).status_code == 204
        async with asyncio.timeout(5):
            assert await talk.code() == 4404


async def test_a_token_that_expires_ends_the_socket() -> None:
    """The shortest that can be set is a minute; the clock of the recheck is what is tested elsewhere."""
    from datetime import timedelta

    from application.authentication import Credentials
    from application.rooms.presence import Recheck
    from domain.access import Actor, Role, UserId
    from tests.builders import NOON, FixedClock, a_session, a_user

    clock, user, session = FixedClock(), a_user(), a_session()
    actor = Actor(UserId(user.id), Role.CUSTOMER, frozenset({"rooms:read"}))
    token = Credentials(actor, session.id, "token", NOON + timedelta(minutes=1))
    recheck = Recheck(None, clock)  # type: ignore[arg-type]

    assert recheck._now(token, session, user) == actor
    clock.advance(minutes=1)
    assert recheck._now(token, session, user) is None


async def test_a_restart_is_1012() -> None:
    async with served("memory") as server, httpx.AsyncClient(base_url=server.address) as client:
        ada = await sign_up(client)
        room = await a_room(client, ada)
        async with talking(server.port, room["id"], ada) as talk:
            await talk.hear()
            server.send_signal(signal.SIGTERM)

            assert await talk.code() == 1012
        assert await server.exit_code() in (0, -signal.SIGTERM)


async def test_a_token_in_the_query_is_not_in_the_log() -> None:
    async with served("memory", LOG_LEVEL="DEBUG") as server, httpx.AsyncClient(base_url=server.address) as client:
        ada = await sign_up(client)
        room, token = await a_room(client, ada), ada.tokens["access_token"]
        async with talking(server.port, room["id"], query=f"?token={token}") as talk:
            assert isinstance(talk, Talk)
            await talk.say("hi")
            await talk.hear("message")
        await ended(server, room["id"], query="?token=hush-hush")
        async with talking(server.port, room["id"], subprotocols=["bearer", token]) as talk:
            await talk.hear()
        await client.get(f"{API}/rooms?token={token}")
        await server.stop()

        said = (server._folder / "log").read_text()
        assert "WEBSOCKET" in said
        assert token not in said
        assert "hush-hush" not in said


async def test_a_path_without_a_socket_is_refused(server: Server) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus

    for path in ("/", f"{API}/rooms", f"{API}/rooms/a/b/ws", f"{API}/rooms//ws"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://127.0.0.1:{server.port}{path}"):
                pass
        assert refused.value.response.status_code == 404


async def test_an_open_socket_outlives_the_time_for_a_request(server: Server, client: httpx.AsyncClient) -> None:
    """`REQUEST_TIMEOUT_S` is a second here."""
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(talk.socket.recv(), 1.5)
        await talk.send({"type": "ping"})
        assert (await talk.hear())["type"] == "pong"
