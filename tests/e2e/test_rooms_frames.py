"""Frames: what may be said, what comes back, who is there, and what one socket may do to the others."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed

from domain.rooms import LONGEST_TEXT
from tests.e2e.serving import Server, served
from tests.e2e.talk import a_room, talking
from tests.http.client import API, limited, sign_in, sign_up

MESSAGE = {"type", "id", "created_at", "room_id", "sequence", "author", "text", "client_id"}


@pytest_asyncio.fixture(loop_scope="session")
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.address) as client:
        yield client


async def test_everyone_gets_a_message_as_it_is_stored(store: str) -> None:
    async with served(store, 1) as server, httpx.AsyncClient(base_url=server.address) as client:
        ada, bob = await sign_up(client), await sign_up(client)
        room = await a_room(client, ada, bob, is_private=True)
        path = f"{API}/rooms/{room['id']}/messages"
        async with talking(server.port, room["id"], ada) as one, talking(server.port, room["id"], bob) as two:
            await one.say(" Tea\u0301? ", client_id="a-1")
            heard = [await each.hear("message") for each in (one, two)]
            await one.say("again", client_id="a-1")
            again = await one.hear("message")
            spoken = await client.post(path, json={"text": "yes"}, headers=bob.headers)
            answered = [await each.hear("message") for each in (one, two)]
        history = (await client.get(path, headers=ada.headers)).json()["items"]
        async with talking(server.port, room["id"], ada, query="?after=0") as late:
            missed = [await late.hear(), *await late.hear_all(2)]  # somebody may be leaving still

    assert heard[0] == heard[1] == again
    assert heard[0].keys() == MESSAGE
    assert (heard[0]["sequence"], heard[0]["text"], heard[0]["client_id"]) == (1, "Te\u00e1?", "a-1")
    assert heard[0]["author"] == {
        "id": ada.id, "username": ada.user["username"], "full_name": None, "avatar_url": None,
    }  # fmt: skip
    assert spoken.status_code == 201
    assert answered == [{"type": "message", **spoken.json()}] * 2
    assert [{"type": "message", **each} for each in history] == [answered[0], heard[0]]
    assert [each["type"] for each in missed] == ["presence", "message", "message"]
    assert missed[1:] == [heard[0], answered[0]]


async def test_what_is_missed_comes_first_and_what_is_new_follows(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)
    path = f"{API}/rooms/{room['id']}/messages"
    for number in range(250):
        await client.post(path, json={"text": str(number)}, headers=ada.headers)

    async with talking(server.port, room["id"], ada, query="?after=3") as talk:
        await talk.say("new")
        numbers = [each["sequence"] for each in await talk.hear_all(248)]
    async with talking(server.port, room["id"], ada, query="?after=99999") as ahead:
        await ahead.say("newer")
        following = await ahead.hear("message")

    assert numbers == list(range(4, 252))
    assert following["sequence"] == 252


async def test_presence_counts_people(server: Server, client: httpx.AsyncClient) -> None:
    ada, bob = await sign_up(client, username="ada_in_room"), await sign_up(client, username="Bob_in_room")
    room, here = await a_room(client, ada), {"id": ada.id, "username": "ada_in_room"}
    other = {"id": bob.id, "username": "Bob_in_room"}

    async with talking(server.port, room["id"], ada) as first:
        begun = await first.hear()
        async with talking(server.port, room["id"], ada) as second, talking(server.port, room["id"], bob) as third:
            again, theirs, joined = await second.hear(), await third.hear(), await first.hear()
        left = await first.hear()
        await first.send({"type": "ping"})
        after = await first.hear()

    assert begun == {"type": "presence", "joined": None, "left": None, "online": [here]}
    assert again == begun
    assert theirs == {"type": "presence", "joined": None, "left": None, "online": [here, other]}
    assert joined == {"type": "presence", "joined": other, "left": None, "online": [here, other]}
    assert left == {"type": "presence", "joined": None, "left": other, "online": [here]}
    assert after.keys() == {"type", "time"}
    assert after["time"].endswith("Z")


@pytest.mark.parametrize(
    ("sent", "code", "client_id"),
    [
        ("", "invalid_frame", None), ("x", "invalid_frame", None), ("[]", "invalid_frame", None),
        ("{}", "invalid_frame", None), ('{"type": "nonsense"}', "invalid_frame", None),
        ('{"type": 1, "client_id": "a"}', "invalid_frame", None), ('{"type": []}', "invalid_frame", None),
        ('{"type": "message", "text": NaN}', "invalid_frame", None), (b"[1]", "invalid_frame", None),
        ('{"type": "ping", "type": "ping"}', "invalid_frame", None),
        ({"type": "message"}, "validation_failed", None),
        ({"type": "message", "text": " ", "client_id": "a"}, "validation_failed", "a"),
        ({"type": "message", "text": "x" * (LONGEST_TEXT + 1), "client_id": "b"}, "validation_failed", "b"),
        ({"type": "message", "text": 1}, "validation_failed", None),
        ({"type": "message", "text": "a\0b"}, "validation_failed", None),
        ({"type": "message", "text": "x", "client_id": ""}, "validation_failed", None),
        ({"type": "message", "text": "x", "client_id": "é"}, "validation_failed", None),
        ({"type": "message", "text": "x", "client_id": "c" * 65}, "validation_failed", None),
        ({"type": "message", "text": "x", "client_id": "a b"}, "validation_failed", None),
        ({"type": "message", "text": "x", "more": 1, "client_id": "d"}, "validation_failed", "d"),
    ],
)  # fmt: skip
async def test_what_is_no_frame_is_an_error_and_the_socket_lives_on(
    server: Server, client: httpx.AsyncClient, sent: Any, code: str, client_id: str | None
) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        await talk.send(sent)
        error = await talk.hear()
        await talk.send({"type": "message", "text": "y" * LONGEST_TEXT, "client_id": "!" * 64})
        heard = await talk.hear()

    assert error.keys() == {"type", "code", "detail", "client_id"}
    assert (error["type"], error["code"], error["client_id"]) == ("error", code, client_id)
    assert heard["sequence"] == 1


async def test_without_the_scope_one_only_listens(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], headers=await limited(client, ada, "rooms:read")) as talk:
        await talk.hear()
        await talk.say("", client_id="x")
        error = await talk.hear()
        await talk.send({"type": "ping"})

        assert (error["code"], error["client_id"]) == ("insufficient_scope", "x")
        assert (await talk.hear())["type"] == "pong"


@pytest.mark.parametrize("compression", [None, "deflate"])
async def test_a_frame_may_have_64_kib_and_no_more(
    server: Server, client: httpx.AsyncClient, compression: str | None
) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], ada, compression=compression) as talk:
        await talk.hear()
        await talk.send("x" * 65536)
        assert (await talk.hear())["code"] == "invalid_frame"
        await talk.send("x" * 65537)
        assert await talk.code() == 1009
    async with talking(server.port, room["id"], ada, compression=compression) as talk:
        await talk.hear()
        await talk.socket.send(["x" * 40000, "y" * 40000])
        assert await talk.code() == 1009


async def test_a_flood_is_4429_and_harms_nobody_else() -> None:
    async with served("memory", ROOM_FLOOD="20/10") as server, httpx.AsyncClient(base_url=server.address) as client:
        ada, bob = await sign_up(client), await sign_up(client)
        room = await a_room(client, ada)
        async with talking(server.port, room["id"], ada) as flood, talking(server.port, room["id"], bob) as other:
            for _ in range(20):
                await flood.send({"type": "ping"})
            for _ in range(20):
                await flood.hear("pong")
            await flood.send({"type": "ping"})

            assert await flood.code() == 4429
            await other.say("fine")
            assert (await other.hear("message"))["text"] == "fine"


async def test_a_reader_that_stops_is_1013_and_the_others_go_on() -> None:
    async with (
        served("memory", ROOM_QUEUE="50", ROOM_FLOOD="100000/10") as server,
        httpx.AsyncClient(base_url=server.address) as client,
    ):
        ada, bob = await sign_up(client), await sign_up(client)
        room, text = await a_room(client, ada), "x" * LONGEST_TEXT
        async with (
            talking(server.port, room["id"], ada) as talk,
            talking(server.port, room["id"], bob, max_queue=1, ping_interval=None) as slow,
        ):
            slow.socket.transport.pause_reading()
            left = False
            for number in range(1, 5000):
                await talk.say(text)
                while (frame := await talk.hear())["type"] != "message":
                    left |= frame["type"] == "presence" and frame["left"] is not None
                assert frame["sequence"] == number
                if left:
                    break
            assert left
            slow.socket.transport.resume_reading()

            assert await slow.code() == 1013


async def test_signed_out_elsewhere_changes_nothing_here(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)
    other = await sign_in(client, ada.user["username"])

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        await client.post(f"{API}/auth/revoke", data={"token": other["refresh_token"]})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(talk.socket.recv(), 3)


async def test_what_was_sent_before_the_end_is_stored(server: Server, client: httpx.AsyncClient) -> None:
    ada, bob = await sign_up(client), await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], bob) as other:
        async with talking(server.port, room["id"], ada) as talk:
            for number in range(20):
                await talk.say(str(number))
        heard = [each["text"] for each in await other.hear_all(20)]

    assert heard == [str(number) for number in range(20)]


async def test_text_that_is_no_utf_8_is_1007(server: Server, client: httpx.AsyncClient) -> None:
    ada = await sign_up(client)
    room = await a_room(client, ada)

    async with talking(server.port, room["id"], ada) as talk:
        await talk.hear()
        await talk.socket.send(b'{"type": "\xff"}', text=True)
        with pytest.raises(ConnectionClosed) as closed:
            json.loads(await talk.socket.recv())

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1007
