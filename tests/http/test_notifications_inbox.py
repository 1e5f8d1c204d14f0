"""One's own inbox: its list, and what was read."""

import httpx

from tests.http.client import API, Person, limited, locations, problem, unique
from tests.http.test_notifications import PATH, inbox, told


async def read(client: httpx.AsyncClient, person: Person, id: str, **headers: str) -> httpx.Response:
    return await client.post(f"{PATH}/{id}/read", headers={**person.headers, **headers})


async def test_newest_come_first_by_page_and_by_cursor(
    client: httpx.AsyncClient, staff: Person, somebody: Person
) -> None:
    found = await told(client, staff, somebody, 5)

    pages = [(await inbox(client, somebody, page=page, size=2)) for page in (1, 2, 3, 4)]
    walk, cursor = [], ""
    while cursor is not None:
        part = await inbox(client, somebody, cursor=cursor, size=2)
        walk += part["items"]
        cursor = part["next_cursor"]

    times = [each["created_at"] for each in found]
    assert times == sorted(times, reverse=True)
    assert [each for page in pages for each in page["items"]] == walk == found
    assert {(page["total"], page["pages"]) for page in pages} == {(5, 3)}


async def test_reading_says_when_and_is_harmless_when_repeated(
    client: httpx.AsyncClient, staff: Person, somebody: Person
) -> None:
    (found,) = await told(client, staff, somebody)

    first, again = [await read(client, somebody, found["id"]) for _ in range(2)]

    assert first.status_code == again.status_code == 200
    assert first.json()["read_at"] >= found["created_at"]
    assert first.json() == {**found, "read_at": first.json()["read_at"]} == again.json()
    assert first.headers["etag"] == again.headers["etag"]


async def test_the_filter_parts_read_from_unread(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    found = await told(client, staff, somebody, 3)
    seen = (await read(client, somebody, found[1]["id"])).json()

    assert (await inbox(client, somebody, unread="true"))["items"] == [found[0], found[2]]
    assert (await inbox(client, somebody, unread="false"))["items"] == [seen]
    assert (await inbox(client, somebody))["items"] == [found[0], seen, found[2]]


async def test_a_bad_filter_is_refused(client: httpx.AsyncClient, somebody: Person) -> None:
    for value in ("1", "yes", "", "True"):
        response = await client.get(PATH, params={"unread": value}, headers=somebody.headers)
        assert locations(response) == [["query", "unread"]]


async def test_a_cursor_holds_for_its_filter(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    await told(client, staff, somebody, 2)
    cursor = (await inbox(client, somebody, cursor="", size=1))["next_cursor"]

    response = await client.get(PATH, params={"cursor": cursor, "unread": "true"}, headers=somebody.headers)

    problem(response, 422, "invalid_cursor")


async def test_an_inbox_is_its_owners_alone(
    client: httpx.AsyncClient, staff: Person, somebody: Person, stranger: Person, admin: Person
) -> None:
    (found,) = await told(client, staff, somebody)

    for other in (stranger, staff, admin):
        problem(await read(client, other, found["id"]), 404, "not_found")
        assert found["id"] not in [each["id"] for each in (await inbox(client, other))["items"]]
    assert (await inbox(client, somebody, unread="true"))["items"] == [found]


async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, somebody: Person) -> None:
    for id in ("019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b", "x", "1"):
        problem(await read(client, somebody, id), 404, "not_found")


async def test_scopes_are_those_of_the_profile(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    (found,) = await told(client, staff, somebody)
    reads, writes = await limited(client, somebody, "profile:read"), await limited(client, somebody, "profile:write")
    path = f"{PATH}/{found['id']}/read"

    problem(await client.get(PATH), 401, "unauthenticated")
    problem(await client.post(path), 401, "unauthenticated")
    problem(await client.get(PATH, headers=writes), 403, "insufficient_scope")
    problem(await client.post(path, headers=reads), 403, "insufficient_scope")
    assert (await client.get(PATH, headers=reads)).status_code == 200
    assert (await client.post(path, headers=writes)).status_code == 200


async def test_a_key_replays_and_a_version_is_looked_at(
    client: httpx.AsyncClient, staff: Person, somebody: Person
) -> None:
    (found,) = await told(client, staff, somebody)

    problem(await read(client, somebody, found["id"], **{"If-Match": '"7"'}), 412, "precondition_failed")
    key = {"Idempotency-Key": unique("key")}
    first, again = [await read(client, somebody, found["id"], **key) for _ in range(2)]

    assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"


async def test_there_is_no_body(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    (found,) = await told(client, staff, somebody)

    response = await client.post(f"{API}/notifications/{found['id']}/read", json={}, headers=somebody.headers)

    problem(response, 415, "unsupported_media_type")
