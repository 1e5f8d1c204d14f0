"""Who may read and change a file: private ones are their owner's alone, public ones everybody's to read."""

import httpx
import pytest

from tests.http.client import API, Person, api_key, limited, offer, problem
from tests.http.pictures import FILES, content, picture, put, share, stored


async def test_a_private_file_is_not_there_for_others(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    file = await stored(client, somebody)
    path = f"{FILES}/{file['id']}"

    for headers in ({}, stranger.headers, staff.headers):
        problem(await client.get(path, headers=headers), 404, "not_found")
        problem(await client.get(file["content_url"], headers=headers), 404, "not_found")
        problem(await client.get(file["content_url"], params={"width": 1}, headers=headers), 404, "not_found")
    for person in (stranger, staff):
        problem(await client.patch(path, json={"is_public": True}, headers=person.headers), 404, "not_found")
        problem(await client.delete(path, headers=person.headers), 404, "not_found")


async def test_a_public_file_is_read_by_all_and_changed_by_its_owner(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    file = await share(client, somebody, await stored(client, somebody))
    path = f"{FILES}/{file['id']}"

    assert (await client.get(path)).json() == file
    assert await content(client, file) == await content(client, file, stranger) == b"abc"
    for person in (stranger, staff):
        problem(await client.patch(path, json={"is_public": False}, headers=person.headers), 403, "not_owner")
        problem(await client.delete(path, headers=person.headers), 403, "not_owner")
    problem(await client.patch(path, json={}), 401, "unauthenticated")
    problem(await client.delete(path), 401, "unauthenticated")


async def test_scopes_count(client: httpx.AsyncClient, somebody: Person) -> None:
    file, public = await stored(client, somebody), await stored(client, somebody, data={"is_public": "true"})
    reader, writer = [await limited(client, somebody, f"files:{verb}") for verb in ("read", "write")]

    problem(await client.get(f"{FILES}/{file['id']}", headers=writer), 403, "insufficient_scope")
    problem(await client.get(file["content_url"], headers=writer), 403, "insufficient_scope")
    problem(await client.get(FILES, headers=writer), 403, "insufficient_scope")
    problem(await client.delete(f"{FILES}/{file['id']}", headers=reader), 403, "insufficient_scope")
    problem(await client.patch(f"{FILES}/{file['id']}", json={}, headers=reader), 403, "insufficient_scope")
    refused = await client.post(FILES, files={"files": b"x"}, headers=reader)
    problem(refused, 403, "insufficient_scope")
    assert (await client.get(public["content_url"], headers=writer)).status_code == 200
    assert (await client.get(file["content_url"], headers=reader)).status_code == 200
    assert (await client.get(FILES, headers=await api_key(client, somebody, "files:read"))).json()["total"] == 2
    problem(await client.get(FILES), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["x", "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"])
async def test_what_nothing_has_is_not_found(client: httpx.AsyncClient, somebody: Person, path: str) -> None:
    for url in (f"{FILES}/{path}", f"{FILES}/{path}/content"):
        problem(await client.get(url, headers=somebody.headers), 404, "not_found")
    problem(await client.delete(f"{FILES}/{path}", headers=somebody.headers), 404, "not_found")


async def test_a_key_is_answered_the_same_and_the_file_is_there_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    key = {"Idempotency-Key": "one"}

    first = await put(client, somebody, b"abc", picture(), headers=key)
    again = await put(client, somebody, b"abc", picture(), headers=key)
    other = [
        await put(client, somebody, b"abd", picture(), headers=key),
        await put(client, somebody, b"abc", headers=key),
        await put(client, somebody, b"abc", picture(), names=["other", "file1"], headers=key),
    ]

    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, first.json(), "true")
    for response in other:
        problem(response, 422, "idempotency_key_reused")
    assert (await client.get(FILES, headers=somebody.headers)).json()["total"] == 2


async def test_a_key_is_free_again_after_a_refusal(client: httpx.AsyncClient, somebody: Person) -> None:
    key = {"Idempotency-Key": "two"}

    problem(await put(client, somebody, b"\0", headers=key), 415, "unsupported_type")

    assert (await put(client, somebody, b"abc", headers=key)).status_code == 201


async def test_who_leaves_takes_what_is_private_and_leaves_what_was_published(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item = await offer(client, somebody)
    private, public = await stored(client, somebody), await stored(client, somebody, data={"is_public": "true"})
    form = {"full_name": "Ada", "bio": "x"}
    me = await client.put(f"{API}/users/me/profile", data=form, files={"avatar": picture()}, headers=somebody.headers)
    image = await client.post(f"{API}/items/{item['id']}/images", files={"image": picture()}, headers=somebody.headers)

    assert (await client.delete(f"{API}/users/me", headers=somebody.headers)).status_code == 204

    assert await content(client, public) == b"abc"
    for url in (private["content_url"], me.json()["avatar_url"], image.json()["url"]):
        problem(await client.get(url), 404, "not_found")
