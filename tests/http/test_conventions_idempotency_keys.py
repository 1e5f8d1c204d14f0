"""What an `Idempotency-Key` is, and whose."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, api_key, limited, problem, unique

ITEMS = f"{API}/items"


def keyed(person: Person, key: str) -> dict[str, str]:
    return {**person.headers, "Idempotency-Key": key}


async def post(client: httpx.AsyncClient, person: Person, key: str, **body: Any) -> httpx.Response:
    return await client.post(ITEMS, json={"name": "x", "price": 1, **body}, headers=keyed(person, key))


async def test_another_caller_has_keys_of_their_own(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    mine, theirs = await post(client, somebody, "k"), await post(client, stranger, "k", name="other")

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


async def test_a_key_belongs_to_the_account_whatever_it_signs_in_with(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    first = await post(client, somebody, "k")
    body = {"name": "x", "price": 1}

    for headers in (await api_key(client, somebody), await limited(client, somebody, "items:write")):
        again = await client.post(ITEMS, json=body, headers={**headers, "Idempotency-Key": "k"})

        assert again.content == first.content


async def test_another_path_has_keys_of_its_own(client: httpx.AsyncClient, somebody: Person) -> None:
    item = (await post(client, somebody, "k", stock=5)).json()
    order = {"lines": [{"item_id": item["id"], "quantity": 1}], "shipping_address": {"street": "1", "city": "x"}}

    response = await client.post(f"{API}/orders", json=order, headers=keyed(somebody, "k"))

    assert response.status_code == 201
    assert "idempotency-replayed" not in response.headers


async def test_a_key_of_255_visible_characters_is_taken(client: httpx.AsyncClient, somebody: Person) -> None:
    for key in ("!", "~" * 255, '"quoted"', "%00", "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"):
        first, second = [await post(client, somebody, key) for _ in range(2)]

        assert (first.status_code, second.content) == (201, first.content)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "é", "a\tb", "\x7f", "日本"])
async def test_any_other_key_is_refused(memory: httpx.AsyncClient, member: Person, key: str) -> None:
    response = await memory.post(
        ITEMS, json={"name": "x", "price": 1}, headers={**member.headers, "Idempotency-Key": key.encode()}
    )

    problem(response, 422, "invalid_idempotency_key")


async def test_two_keys_at_once_are_refused(memory: httpx.AsyncClient, member: Person) -> None:
    headers = [*member.headers.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    response = await memory.post(ITEMS, json={"name": "x", "price": 1}, headers=headers)

    problem(response, 422, "invalid_idempotency_key")


async def test_a_key_is_ignored_where_nothing_is_made_or_nobody_is_known(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    bad = {"Idempotency-Key": "not visible"}
    name = unique()
    account = {"username": name, "email": f"{name}@example.com", "password": "correct horse 1"}

    got = await client.get(f"{API}/users/me", headers={**somebody.headers, **bad})
    joined = await client.post(f"{API}/auth/register", json=account, headers=bad)
    made = await client.post(
        f"{API}/auth/api-keys", json={"name": "k", "scopes": ["items:read"]}, headers={**somebody.headers, **bad}
    )

    assert [each.status_code for each in (got, joined, made)] == [200, 201, 201]
