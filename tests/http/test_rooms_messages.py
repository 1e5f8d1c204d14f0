"""Messages over HTTP: one sequence, newest first, once for each key; and what becomes of all when somebody leaves."""

import asyncio

import httpx

from tests.http.client import API, Person, problem
from tests.http.test_rooms import ROOMS, a_room, add, person, read, say


async def test_messages_are_counted_and_listed_newest_first(client: httpx.AsyncClient, somebody: Person) -> None:
    room = await a_room(client, somebody)
    said = [(await say(client, somebody, room, f" {number} ")).json() for number in range(5)]

    walked, cursor = [], ""
    while cursor is not None:
        part = (await read(client, somebody, room, f"/messages?size=2&cursor={cursor}")).json()
        walked, cursor = [*walked, *part["items"]], part["next_cursor"]
    page = (await read(client, somebody, room, "/messages?page=2&size=2")).json()

    assert [each["sequence"] for each in said] == [1, 2, 3, 4, 5]
    assert said[0] == {
        "id": said[0]["id"], "created_at": said[0]["created_at"], "room_id": room["id"], "sequence": 1,
        "author": person(somebody), "text": "0", "client_id": None,
    }  # fmt: skip
    assert walked == said[::-1]
    assert (page["items"], page["total"]) == (walked[2:4], 5)
    problem(await read(client, somebody, room, "/messages?cursor=AAAA"), 422, "invalid_cursor")


async def test_many_at_once_are_counted_without_gap_or_double(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    room = await a_room(client, somebody)

    said = await asyncio.gather(*(say(client, (somebody, stranger)[n % 2], room, str(n)) for n in range(30)))

    assert {each.status_code for each in said} == {201}
    assert sorted(each.json()["sequence"] for each in said) == list(range(1, 31))


async def test_a_key_makes_one_of_two(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    headers = {**somebody.headers, "Idempotency-Key": "once"}
    rooms = [await client.post(ROOMS, json={"name": "x"}, headers=headers) for _ in range(2)]
    room = rooms[0].json()
    path = f"{ROOMS}/{room['id']}"
    said = [await client.post(f"{path}/messages", json={"text": "x"}, headers=headers) for _ in range(2)]
    other = await client.post(f"{path}/messages", json={"text": "y"}, headers=headers)
    added = [await client.post(f"{path}/members", json={"user_id": stranger.id}, headers=headers) for _ in range(2)]

    for first, second in (rooms, said, added):
        assert (first.status_code, second.status_code, second.content) == (201, 201, first.content)
        assert second.headers["idempotency-replayed"] == "true"
    problem(other, 422, "idempotency_key_reused")
    assert (await read(client, somebody, room, "/messages")).json()["total"] == 1


async def test_who_leaves_takes_private_rooms_along_and_leaves_what_was_published(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    public, private = (
        await a_room(client, somebody, stranger),
        await a_room(client, somebody, stranger, is_private=True),
    )
    others = await a_room(client, stranger, somebody, is_private=True)
    for room in (public, private, others):
        await say(client, somebody, room, "hi")

    assert (await client.delete(f"{API}/users/me", headers=somebody.headers)).status_code == 204

    deleted = {"id": somebody.id, "username": "deleted", "full_name": None, "avatar_url": None}
    problem(await read(client, stranger, private), 404, "not_found")
    assert (await read(client, stranger, public)).json() == {**public, "owner": deleted, "member_count": 1}
    for room in (public, others):
        (message,) = (await read(client, stranger, room, "/messages")).json()["items"]
        members = (await read(client, stranger, room, "/members")).json()["items"]
        assert (message["author"], message["text"]) == (deleted, "hi")
        assert [each["user"]["id"] for each in members] == [stranger.id]
    assert (await read(client, stranger, others)).json()["member_count"] == 1


async def test_the_export_has_ones_rooms_and_messages(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    room, other = await a_room(client, somebody), await a_room(client, stranger, somebody, is_private=True)
    said = [(await say(client, somebody, each, "x")).json() for each in (room, other)]
    await say(client, stranger, other, "y")

    held = (await client.get(f"{API}/users/me/export", headers=somebody.headers)).json()

    assert {each["id"] for each in held["rooms"]} == {room["id"], other["id"]}
    assert sorted(held["messages"], key=lambda each: str(each["id"])) == said


async def test_who_is_gone_cannot_be_added(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    room = await a_room(client, somebody)
    await client.delete(f"{API}/users/me", headers=stranger.headers)

    problem(await add(client, somebody, room, stranger.id), 404, "not_found")
