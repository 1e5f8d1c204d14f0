"""Rooms over HTTP: what they show, who sees them, and who may do what."""

from typing import Any

import httpx

from tests.http.client import API, Person, limited, locations, problem, sign_up, unique

ROOMS = f"{API}/rooms"
NOBODY = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"


async def a_room(client: httpx.AsyncClient, owner: Person, *members: Person, **over: Any) -> dict[str, Any]:
    made = await client.post(ROOMS, json={"name": unique("room"), **over}, headers=owner.headers)
    assert made.status_code == 201, made.text
    for member in members:
        assert (await add(client, owner, made.json(), member.id)).status_code == 201
    room: dict[str, Any] = made.json()
    return room


async def add(client: httpx.AsyncClient, by: Person, room: dict[str, Any], user_id: str) -> httpx.Response:
    return await client.post(f"{ROOMS}/{room['id']}/members", json={"user_id": user_id}, headers=by.headers)


async def take_out(client: httpx.AsyncClient, by: Person, room: dict[str, Any], user_id: str) -> httpx.Response:
    return await client.delete(f"{ROOMS}/{room['id']}/members/{user_id}", headers=by.headers)


async def read(client: httpx.AsyncClient, by: Person, room: dict[str, Any], what: str = "") -> httpx.Response:
    return await client.get(f"{ROOMS}/{room['id']}{what}", headers=by.headers)


async def say(client: httpx.AsyncClient, by: Person, room: dict[str, Any], text: str) -> httpx.Response:
    return await client.post(f"{ROOMS}/{room['id']}/messages", json={"text": text}, headers=by.headers)


def person(of: Person) -> dict[str, Any]:
    return {"id": of.id, "username": of.user["username"], "full_name": None, "avatar_url": None}


async def test_a_new_room_has_its_owner_as_a_member(client: httpx.AsyncClient, somebody: Person) -> None:
    made = await client.post(ROOMS, json={"name": "  Te\u0301 "}, headers=somebody.headers)

    room = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"{ROOMS}/{room['id']}")
    assert room == {
        "id": room["id"], "created_at": room["created_at"], "name": "Té", "is_private": False,
        "owner": person(somebody), "member_count": 1,
    }  # fmt: skip
    got = await read(client, somebody, room)
    members = (await read(client, somebody, room, "/members")).json()
    assert (got.json(), got.headers["etag"]) == (room, made.headers["etag"])
    assert members["items"] == [{"user": person(somebody), "joined_at": room["created_at"]}]
    assert members["total"] == 1


async def test_names_and_texts_have_bounds(client: httpx.AsyncClient, somebody: Person) -> None:
    room = await a_room(client, somebody)

    for body in (
        {},
        {"name": " "},
        {"name": "x" * 101},
        {"name": 1},
        {"name": "x", "is_private": 1},
        {"name": "x", "a": 1},
    ):
        assert locations(await client.post(ROOMS, json=body, headers=somebody.headers))[0][0] == "body"
    for text in ("", " ", "x" * 4001):
        problem(await say(client, somebody, room, text), 422, "validation_failed")
    path = f"{ROOMS}/{room['id']}/messages"
    sent = await client.post(path, json={"text": "x", "client_id": "a"}, headers=somebody.headers)
    assert locations(sent) == [["body", "client_id"]]
    assert (await say(client, somebody, room, "x" * 4000)).status_code == 201
    assert locations(await add(client, somebody, room, "x")) == [["body", "user_id"]]


async def test_a_public_room_is_open_to_everybody_signed_in(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    room = await a_room(client, somebody)

    assert (await read(client, stranger, room)).json() == room
    assert (await say(client, stranger, room, "hi")).status_code == 201
    assert (await read(client, stranger, room, "/members")).json()["total"] == 1
    assert (await read(client, stranger, room, "/messages")).json()["total"] == 1
    problem(await add(client, stranger, room, stranger.id), 403, "not_owner")
    problem(await client.delete(f"{ROOMS}/{room['id']}", headers=stranger.headers), 403, "not_owner")
    for path in ("", f"/{room['id']}", f"/{room['id']}/messages"):
        problem(await client.get(f"{ROOMS}{path}"), 401, "unauthenticated")


async def test_a_private_room_is_not_there_for_others(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    room = await a_room(client, somebody, is_private=True)

    for other in (stranger, staff):
        for what in ("", "/members", "/messages"):
            problem(await read(client, other, room, what), 404, "not_found")
        problem(await say(client, other, room, "hi"), 404, "not_found")
        problem(await add(client, other, room, other.id), 404, "not_found")
        problem(await take_out(client, other, room, somebody.id), 404, "not_found")
        problem(await client.delete(f"{ROOMS}/{room['id']}", headers=other.headers), 404, "not_found")


async def test_the_list_has_public_rooms_and_ones_own(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    public = await a_room(client, somebody)
    shared = await a_room(client, somebody, stranger, is_private=True)
    private = await a_room(client, somebody, is_private=True)

    seen = {}
    for who in (somebody, stranger, staff):
        items = (await client.get(f"{ROOMS}?size=100", headers=who.headers)).json()["items"]
        seen[who.id] = {each["id"] for each in items} & {public["id"], shared["id"], private["id"]}
        assert [each["created_at"] for each in items] == sorted((each["created_at"] for each in items), reverse=True)

    assert seen == {
        somebody.id: {public["id"], shared["id"], private["id"]},
        stranger.id: {public["id"], shared["id"]},
        staff.id: {public["id"]},
    }


async def test_the_owner_adds_and_takes_out_and_members_go_themselves(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    room, third = await a_room(client, somebody, is_private=True), await sign_up(client)

    added, again = await add(client, somebody, room, stranger.id), await add(client, somebody, room, stranger.id)
    await add(client, somebody, room, third.id)
    assert (added.status_code, again.status_code) == (201, 200)
    assert added.json() == again.json() == {"user": person(stranger), "joined_at": added.json()["joined_at"]}
    assert (await read(client, stranger, room)).json()["member_count"] == 3
    problem(await add(client, stranger, room, NOBODY), 404, "not_found")
    problem(await add(client, somebody, room, NOBODY), 404, "not_found")
    problem(await add(client, stranger, room, third.id), 403, "not_owner")
    problem(await take_out(client, stranger, room, third.id), 403, "not_owner")
    problem(await take_out(client, somebody, room, somebody.id), 409, "owner_stays")

    assert (await take_out(client, stranger, room, stranger.id)).status_code == 204
    problem(await take_out(client, somebody, room, stranger.id), 404, "not_found")
    problem(await read(client, stranger, room), 404, "not_found")
    assert (await take_out(client, somebody, room, third.id)).status_code == 204
    assert (await read(client, somebody, room)).json()["member_count"] == 1


async def test_staff_keep_public_rooms(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    room = await a_room(client, somebody)

    assert (await add(client, staff, room, staff.id)).status_code == 201
    problem(await take_out(client, staff, room, somebody.id), 409, "owner_stays")
    assert (await client.delete(f"{ROOMS}/{room['id']}", headers=staff.headers)).status_code == 204


async def test_a_deleted_room_is_gone_with_all_in_it(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    room = await a_room(client, somebody, stranger)
    await say(client, somebody, room, "hi")
    path = f"{ROOMS}/{room['id']}"

    first = await client.delete(path, headers=somebody.headers)

    assert (first.status_code, first.content) == (204, b"")
    problem(await client.delete(path, headers=somebody.headers), 404, "not_found")
    for what in ("", "/members", "/messages"):
        problem(await read(client, somebody, room, what), 404, "not_found")
    problem(await say(client, somebody, room, "hi"), 404, "not_found")
    held = (await client.get(f"{API}/users/me/export", headers=somebody.headers)).json()
    assert (held["rooms"], held["messages"]) == ([], [])


async def test_if_match_guards_a_room(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    room = await a_room(client, somebody)
    path, tag = f"{ROOMS}/{room['id']}", (await read(client, somebody, room)).headers["etag"]
    fresh = await client.get(path, headers={**somebody.headers, "If-None-Match": tag})
    await add(client, somebody, room, stranger.id)

    late = await client.delete(path, headers={**somebody.headers, "If-Match": tag})
    now = await client.get(path, headers={**somebody.headers, "If-None-Match": tag})
    await client.patch(f"{API}/users/me", json={"full_name": "Ada"}, headers=somebody.headers)
    renamed = await client.get(path, headers={**somebody.headers, "If-None-Match": now.headers["etag"]})

    assert (fresh.status_code, now.status_code, renamed.status_code) == (304, 200, 200)
    assert renamed.json()["owner"]["full_name"] == "Ada"
    problem(late, 412, "precondition_failed")
    gone = await client.delete(path, headers={**somebody.headers, "If-Match": renamed.headers["etag"]})
    assert gone.status_code == 204


async def test_scopes(client: httpx.AsyncClient, somebody: Person) -> None:
    room = await a_room(client, somebody)
    reads, writes = await limited(client, somebody, "rooms:read"), await limited(client, somebody, "rooms:write")
    path = f"{ROOMS}/{room['id']}"

    assert (await client.get(f"{path}/messages", headers=reads)).status_code == 200
    problem(await client.post(f"{path}/messages", json={"text": "x"}, headers=reads), 403, "insufficient_scope")
    problem(await client.post(ROOMS, json={"name": "x"}, headers=reads), 403, "insufficient_scope")
    problem(await client.get(path, headers=writes), 403, "insufficient_scope")
    assert (await client.post(f"{path}/messages", json={"text": "x"}, headers=writes)).status_code == 201
