"""Leaving: what ends, what goes, and what stays under another name."""

import httpx

from tests.http.client import API, PASSWORD, Person, api_key, offer, problem, sign_in, sign_up

ME = f"{API}/users/me"


async def leave(client: httpx.AsyncClient, person: Person) -> None:
    response = await client.delete(ME, headers=person.headers)
    assert (response.status_code, response.content) == (204, b"")


async def test_every_credential_ends_at_once(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    other = await sign_in(client, somebody.user["username"])
    credentials = [somebody.headers, {"Authorization": f"Bearer {other['access_token']}"}, key]
    for headers in credentials:
        assert (await client.get(ME, headers=headers)).status_code == 200

    await leave(client, somebody)

    for headers in credentials:
        problem(await client.get(ME, headers=headers), 401, "unauthenticated")
    refreshed = {"grant_type": "refresh_token", "refresh_token": other["refresh_token"]}
    again = {"grant_type": "password", "username": somebody.user["username"], "password": PASSWORD}
    for form in (refreshed, again):
        assert (await client.post(f"{API}/auth/token", data=form)).json()["error"] == "invalid_grant"


async def test_who_left_reads_as_deleted(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    await client.patch(ME, json={"full_name": "Ada", "bio": "Counts", "age": 36}, headers=somebody.headers)
    await leave(client, somebody)

    shown = (await client.get(f"{API}/users/{somebody.id}", headers=stranger.headers)).json()

    assert shown == {
        "id": somebody.id, "created_at": somebody.user["created_at"], "username": "deleted", "full_name": None,
        "bio": None, "avatar_url": None,
    }  # fmt: skip


async def test_staff_find_nothing_personal_of_who_left(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    await client.patch(ME, json={"full_name": f"Ada {somebody.user['username']}"}, headers=somebody.headers)
    await leave(client, somebody)

    whole = await client.get(f"{API}/users/{somebody.id}", headers=staff.headers)
    found = await client.get(f"{API}/users", params={"q": somebody.user["username"]}, headers=staff.headers)

    assert (whole.json()["is_active"], whole.json()["username"]) == (False, "deleted")
    assert somebody.user["username"] not in whole.text
    assert found.json()["items"] == []


async def test_the_name_and_the_address_become_free(client: httpx.AsyncClient, somebody: Person) -> None:
    await leave(client, somebody)

    again = await sign_up(client, username=somebody.user["username"], email=somebody.user["email"])

    assert again.id != somebody.id
    assert (await client.get(ME, headers=again.headers)).status_code == 200


async def test_several_may_leave(client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person) -> None:
    await leave(client, somebody)
    await leave(client, stranger)

    ids = [somebody.id, stranger.id]
    batch = (await client.get(f"{API}/users/batch", params={"ids": ids}, headers=staff.headers)).json()
    assert [(user["id"], user["username"]) for user in batch["items"]] == [(id, "deleted") for id in ids]


async def test_items_go_public_and_private_ones(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    items = [await offer(client, somebody, is_public=public) for public in (True, False)]

    await leave(client, somebody)

    for item in items:
        problem(await client.get(f"{API}/items/{item['id']}", headers=staff.headers), 404, "not_found")
    found = (await client.get(f"{API}/items", params={"owner": somebody.id})).json()
    assert (found["items"], found["total"]) == ([], 0)


async def test_items_of_others_stay(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    item = await offer(client, stranger)

    await leave(client, somebody)

    assert (await client.get(f"{API}/items/{item['id']}")).json() == item


async def test_an_admin_cannot_bring_back_who_left(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    await leave(client, somebody)

    response = await client.patch(f"{API}/users/{somebody.id}", json={"is_active": True}, headers=admin.headers)

    problem(response, 404, "not_found")


async def test_a_key_does_not_end_the_account(client: httpx.AsyncClient, somebody: Person) -> None:
    problem(await client.delete(ME, headers=await api_key(client, somebody)), 403, "forbidden")

    assert (await client.get(ME, headers=somebody.headers)).status_code == 200
