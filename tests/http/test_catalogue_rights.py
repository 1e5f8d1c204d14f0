"""Who sees and who changes which item."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, offer, problem

ITEMS = f"{API}/items"
MINE = f"{API}/users/me/items"
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("PUT", {"json": {"name": "theirs", "price": 1}}), ("PATCH", {"json": {"name": "theirs"}}), ("DELETE", {}),
]  # fmt: skip


@pytest.fixture(params=CHANGES, ids=["PUT", "PATCH", "DELETE"])
def way(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """A way of changing an item, with its body."""
    found: tuple[str, dict[str, Any]] = request.param
    return found


async def test_anybody_reads_a_public_item(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    item = await offer(client, somebody)
    url = f"{ITEMS}/{item['id']}"

    for headers in ({}, stranger.headers, await limited(client, stranger, "todos:read")):
        assert (await client.get(url, headers=headers)).json() == item


async def test_a_private_item_is_not_there_for_others(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item = await offer(client, somebody, is_public=False)
    url = f"{ITEMS}/{item['id']}"

    problem(await client.get(url), 404, "not_found")
    problem(await client.get(url, headers=stranger.headers), 404, "not_found")
    assert (await client.get(url, headers=somebody.headers)).json() == item


async def test_ones_own_private_item_needs_the_scope(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    item = await offer(client, somebody, is_public=False)
    url = f"{ITEMS}/{item['id']}"

    narrow = await limited(client, somebody, "items:write")
    problem(await client.get(url, headers=narrow), 403, "insufficient_scope")
    for person in (stranger, staff):
        problem(await client.get(url, headers=await limited(client, person, "items:write")), 404, "not_found")


async def test_an_item_that_becomes_private_is_gone_for_others_at_once(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item = await offer(client, somebody)
    url = f"{ITEMS}/{item['id']}"
    tag = (await client.get(url, headers=stranger.headers)).headers["etag"]

    await client.patch(url, json={"is_public": False}, headers=somebody.headers)

    problem(await client.get(url, headers={**stranger.headers, "If-None-Match": tag}), 404, "not_found")
    assert (await client.get(ITEMS, params={"owner": somebody.id}, headers=stranger.headers)).json()["items"] == []


async def test_a_public_item_of_another_cannot_be_changed(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, way: tuple[str, dict[str, Any]]
) -> None:
    item = await offer(client, somebody)
    method, body = way

    response = await client.request(method, f"{ITEMS}/{item['id']}", headers=stranger.headers, **body)

    problem(response, 403, "not_owner")
    assert (await client.get(f"{ITEMS}/{item['id']}")).json() == item


async def test_a_private_item_of_another_is_not_even_there_to_be_changed(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, way: tuple[str, dict[str, Any]]
) -> None:
    item = await offer(client, somebody, is_public=False)
    method, body = way

    response = await client.request(method, f"{ITEMS}/{item['id']}", headers=stranger.headers, **body)

    problem(response, 404, "not_found")


@pytest.mark.parametrize("public", [True, False])
async def test_staff_read_and_change_every_item(
    client: httpx.AsyncClient, somebody: Person, staff: Person, way: tuple[str, dict[str, Any]], public: bool
) -> None:
    item = await offer(client, somebody, is_public=public)
    url, (method, body) = f"{ITEMS}/{item['id']}", way
    assert (await client.get(url, headers=staff.headers)).json() == item

    response = await client.request(method, url, headers=staff.headers, **body)

    assert response.status_code in (200, 204)
    if method != "DELETE":
        assert (response.json()["name"], response.json()["owner_id"]) == ("theirs", somebody.id)


async def test_lists_show_even_staff_public_items_and_their_own_alone(
    client: httpx.AsyncClient, somebody: Person, staff: Person, stranger: Person
) -> None:
    public = await offer(client, somebody)
    private = await offer(client, somebody, is_public=False)

    async def seen(headers: dict[str, str]) -> set[str]:
        response = await client.get(ITEMS, params={"owner": somebody.id, "size": 100}, headers=headers)
        assert response.json()["total"] == len(response.json()["items"])
        return {item["id"] for item in response.json()["items"]}

    for headers in ({}, stranger.headers, staff.headers):
        assert await seen(headers) == {public["id"]}
    assert await seen(somebody.headers) == {public["id"], private["id"]}
    assert await seen(await limited(client, somebody, "todos:read")) == {public["id"]}


async def test_my_items_are_mine_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    mine = [await offer(client, somebody, is_public=public) for public in (True, False)]
    await offer(client, stranger)

    body = (await client.get(MINE, headers=somebody.headers)).json()

    assert sorted(item["id"] for item in body["items"]) == sorted(item["id"] for item in mine)
    assert (body["total"], body["page"], body["pages"]) == (2, 1, 1)
    assert (await client.get(MINE, headers=staff.headers)).json()["items"] == []


async def test_scopes_are_needed(client: httpx.AsyncClient, somebody: Person, way: tuple[str, dict[str, Any]]) -> None:
    item, (method, body) = await offer(client, somebody), way
    reader, writer = [await limited(client, somebody, f"items:{verb}") for verb in ("read", "write")]

    refused = await client.request(method, f"{ITEMS}/{item['id']}", headers=reader, **body)

    problem(refused, 403, "insufficient_scope")
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="items:write"'
    problem(await client.request(method, f"{ITEMS}/{item['id']}", **body), 401, "unauthenticated")
    problem(await client.get(MINE, headers=writer), 403, "insufficient_scope")
    problem(await client.get(MINE), 401, "unauthenticated")


@pytest.mark.parametrize("id", ["0197aaaa-0000-7000-8000-000000000000", "nonsense", "%00", "a" * 300, "0197AAAA"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, somebody: Person, id: str) -> None:
    for method, body in [("GET", {}), *CHANGES]:
        response = await client.request(method, f"{ITEMS}/{id}", headers=somebody.headers, **body)
        problem(response, 404, "not_found")


async def test_the_shape_is_looked_at_before_the_thing(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item = await offer(client, somebody)

    for id in (item["id"], "0197aaaa-0000-7000-8000-000000000000", "nonsense"):
        response = await client.patch(f"{ITEMS}/{id}", json={"price": 0}, headers=stranger.headers)
        problem(response, 422, "validation_failed")
