"""Versions over HTTP: `ETag`, `If-None-Match` and `If-Match`."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, offer, problem

ITEMS = f"{API}/items"


async def get(client: httpx.AsyncClient, item: dict[str, Any], **headers: str) -> httpx.Response:
    return await client.get(f"{ITEMS}/{item['id']}", headers=headers)


async def patch(
    client: httpx.AsyncClient, person: Person, item: dict[str, Any], tag: str | None = None, **body: Any
) -> httpx.Response:
    headers = {**person.headers, **({"If-Match": tag} if tag is not None else {})}
    return await client.patch(f"{ITEMS}/{item['id']}", json=body, headers=headers)


async def test_one_resource_carries_the_same_strong_tag_wherever_it_is_answered(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    made = await client.post(ITEMS, json={"name": "x", "price": 1}, headers=somebody.headers)
    path = f"{ITEMS}/{made.json()['id']}"
    read, head = await client.get(path), await client.head(path)
    put = await client.put(path, json={"name": "y", "price": 1}, headers=somebody.headers)
    patched = await client.patch(path, json={"name": "z"}, headers=somebody.headers)

    assert made.headers["etag"] == read.headers["etag"] == head.headers["etag"]
    assert len({read.headers["etag"], put.headers["etag"], patched.headers["etag"]}) == 3
    assert (await client.get(path)).headers["etag"] == patched.headers["etag"]
    assert all(each.headers["etag"].startswith('"') for each in (made, put, patched))


@pytest.mark.parametrize("path", ["/items", "/users/me/items", "/tags", "/wallet", "/wallet/entries", "/auth/sessions"])
async def test_lists_and_wallets_have_no_tag(client: httpx.AsyncClient, somebody: Person, path: str) -> None:
    response = await client.get(f"{API}{path}", headers={**somebody.headers, "If-None-Match": "*"})

    assert response.status_code == 200
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    "sent", ["{}", "W/{}", '"x", {}', '{} , "y"', "*", ' "a",W/{}', '"a,b", {}', "{gzip}", "W/{gzip}"]
)
async def test_what_the_client_has_already_is_not_sent_again(
    client: httpx.AsyncClient, somebody: Person, sent: str
) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]
    known = sent.replace("{gzip}", f'{tag[:-1]}-gzip"').replace("{}", tag)

    for method in ("GET", "HEAD"):
        response = await client.request(method, f"{ITEMS}/{item['id']}", headers={"If-None-Match": known})

        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
        assert "content-type" not in response.headers


@pytest.mark.parametrize(
    "sent", ['"x"', 'W/"x"', "{bare}", '"{bare}', "w/{}", "W/ {}", "", ",", "**", '"*"', '"{bare}-GZIP"']
)
async def test_any_other_tag_gets_the_whole(client: httpx.AsyncClient, somebody: Person, sent: str) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]

    response = await get(client, item, **{"If-None-Match": sent.replace("{bare}", tag.strip('"')).replace("{}", tag)})

    assert (response.status_code, response.json()) == (200, item)


async def test_a_tag_in_a_second_header_counts_too(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]
    path = f"{ITEMS}/{item['id']}"

    known = await client.get(path, headers=[("If-None-Match", tag), ("If-None-Match", '"x"')])
    matched = await client.patch(
        path, json={"name": "y"}, headers=[*somebody.headers.items(), ("If-Match", tag), ("If-Match", '"x"')]
    )

    assert (known.status_code, matched.status_code) == (304, 200)


async def test_a_refusal_is_no_matter_of_versions(client: httpx.AsyncClient, somebody: Person) -> None:
    missing = await client.get(f"{ITEMS}/019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b", headers={"If-None-Match": "*"})

    problem(missing, 404, "not_found")


@pytest.mark.parametrize("sent", ["{}", '"x", {}', "*", " {} ", '{},"y"', "{gzip}"])
async def test_a_version_that_holds_lets_a_change_through(
    client: httpx.AsyncClient, somebody: Person, sent: str
) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]
    expected = sent.replace("{gzip}", f'{tag[:-1]}-gzip"').replace("{}", tag)

    response = await patch(client, somebody, item, expected, name="changed")

    assert (response.status_code, response.json()["name"]) == (200, "changed")
    assert response.headers["etag"] != tag


@pytest.mark.parametrize(
    "sent",
    ["W/{}", '"x"', '"999"', '"01"', '"+1"', '""', '"x", W/{}', '"99999999999999999999999"', '"é"', '"1-00000000"'],
)
async def test_a_version_that_does_not_hold_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, sent: str
) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]
    headers = {**somebody.headers, "If-Match": sent.replace("{}", tag).encode("latin-1")}

    for method, body in (("PATCH", {"name": "y"}), ("PATCH", {}), ("PUT", {"name": "y", "price": 1}), ("DELETE", None)):
        response = await client.request(method, f"{ITEMS}/{item['id']}", json=body, headers=headers)

        problem(response, 412, "precondition_failed")
    assert (await get(client, item)).json() == item


@pytest.mark.parametrize("sent", ["1", "x", '"1', '1"', '"a" "b"', ",", "W/1", "**", '"a", *'])
async def test_what_is_no_tag_is_a_wrong_shape(client: httpx.AsyncClient, somebody: Person, sent: str) -> None:
    item = await offer(client, somebody)

    response = await patch(client, somebody, item, sent, name="y")

    assert locations(response) == [["header", "If-Match"]]


async def test_the_second_of_two_writers_of_one_version_is_told(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    tag = (await get(client, item)).headers["etag"]

    first, second = [await patch(client, somebody, item, tag, name=name) for name in ("one", "two")]

    assert first.status_code == 200
    problem(second, 412, "precondition_failed")
    assert (await get(client, item)).json()["name"] == "one"


async def test_a_change_of_nothing_keeps_the_version(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, description="d")
    tag = (await get(client, item)).headers["etag"]

    for body in ({}, {"name": item["name"]}, {"description": " d "}, {"tags": None, "stock": 0, "price": 10}):
        response = await patch(client, somebody, item, **body)

        assert (response.status_code, response.headers["etag"], response.json()) == (200, tag, item)


async def test_a_profile_has_versions_too(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    me, them = f"{API}/users/me", f"{API}/users/{somebody.id}"
    tag = (await client.get(me, headers=somebody.headers)).headers["etag"]
    known = await client.get(me, headers={**somebody.headers, "If-None-Match": tag})
    await client.patch(me, json={"bio": "x"}, headers={**somebody.headers, "If-Match": tag})

    stale = await client.patch(me, json={"bio": "y"}, headers={**somebody.headers, "If-Match": tag})
    administered = await client.patch(them, json={"role": "staff"}, headers={**admin.headers, "If-Match": tag})
    left = await client.delete(me, headers={**somebody.headers, "If-Match": tag})

    assert known.status_code == 304
    for response in (stale, administered, left):
        problem(response, 412, "precondition_failed")
