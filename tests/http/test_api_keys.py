"""API keys: made by whoever signed in, shown once, and of no use for what concerns the sign-in itself."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.access import SCOPES, Role
from tests.http.client import API, Person, api_key, limited, locations, problem

KEYS = f"{API}/auth/api-keys"
ME = f"{API}/users/me"
MEMBERS = {"id", "created_at", "name", "prefix", "scopes", "expires_at", "last_used_at"}


async def make(client: httpx.AsyncClient, person: Person, **over: Any) -> httpx.Response:
    body = {"name": "deploy", "scopes": ["items:read", "profile:read"], **over}
    return await client.post(KEYS, json=body, headers=person.headers)


async def kept(client: httpx.AsyncClient, person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(KEYS, headers=person.headers)).json()["items"]
    return items


async def test_a_key_is_shown_once(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await make(client, somebody)

    made = response.json()
    assert response.status_code == 201
    assert response.headers["etag"]
    assert made.keys() == MEMBERS | {"key"}
    assert made["key"].startswith(made["prefix"])
    (listed,) = await kept(client, somebody)
    assert listed == {name: value for name, value in made.items() if name != "key"}


async def test_a_key_may_do_what_its_scopes_say(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody, "items:write")

    assert (await client.post(f"{API}/items", json={"name": "a", "price": 1}, headers=key)).status_code == 201
    problem(await client.get(f"{API}/users/me/items", headers=key), 403, "insufficient_scope")


async def test_scopes_are_cut_down_to_the_role_and_the_answer_says_so(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    made = (await make(client, somebody, scopes=["todos:read", "admin", "users:read", "items:read"])).json()

    assert made["scopes"] == ["items:read", "todos:read"]


async def test_a_key_may_no_more_than_the_token_that_made_it(client: httpx.AsyncClient, somebody: Person) -> None:
    narrow = await limited(client, somebody, "profile:write", "items:read")
    body = {"name": "ci", "scopes": ["items:read", "items:write", "wallet:write"]}

    made = await client.post(KEYS, json=body, headers=narrow)

    assert made.json()["scopes"] == ["items:read"]


async def test_scopes_follow_the_role_at_every_request(client: httpx.AsyncClient, staff: Person, admin: Person) -> None:
    key = await api_key(client, staff, *SCOPES[Role.STAFF])
    assert (await client.get(f"{API}/users", headers=key)).status_code == 200

    await client.patch(f"{API}/users/{staff.id}", json={"role": "customer"}, headers=admin.headers)

    problem(await client.get(f"{API}/users", headers=key), 403, "insufficient_scope")


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({"scopes": ["items:read", "no:such"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": "items:read"}, "scopes"),
        ({"scopes": [1]}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"name": None}, "name"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": "2999-12-31T23:59:59"}, "expires_at"),
        ({"expires_at": "3000-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"prefix": "mine"}, "prefix"),
    ],
    ids=str,
)
async def test_a_key_of_the_wrong_shape_is_refused(
    client: httpx.AsyncClient, somebody: Person, over: dict[str, Any], at: str
) -> None:
    response = await make(client, somebody, **over)

    assert {tuple(each[:2]) for each in locations(response)} == {("body", at)}
    assert await kept(client, somebody) == []


async def test_a_key_ends_at_its_time(client: httpx.AsyncClient, somebody: Person) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=600)
    made = (await make(client, somebody, expires_at=soon.isoformat())).json()
    async with asyncio.timeout(5):
        while (response := await client.get(ME, headers={"X-API-Key": made["key"]})).status_code == 200:
            pass

    assert datetime.now(UTC) >= datetime.fromisoformat(made["expires_at"])
    problem(response, 401, "unauthenticated")


async def test_a_key_that_was_ended_stops_at_once(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    assert (await client.get(ME, headers=key)).status_code == 200
    (one,) = await kept(client, somebody)

    response = await client.delete(f"{KEYS}/{one['id']}", headers=somebody.headers)

    assert (response.status_code, response.content) == (204, b"")
    problem(await client.get(ME, headers=key), 401, "unauthenticated")
    problem(await client.delete(f"{KEYS}/{one['id']}", headers=somebody.headers), 404, "not_found")


async def test_a_key_of_another_is_not_found_and_goes_on(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    key = await api_key(client, stranger)
    (one,) = await kept(client, stranger)

    problem(await client.delete(f"{KEYS}/{one['id']}", headers=somebody.headers), 404, "not_found")

    assert await kept(client, somebody) == []
    assert (await client.get(ME, headers=key)).status_code == 200


async def test_when_a_key_was_used_is_shown(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    assert [one["last_used_at"] for one in await kept(client, somebody)] == [None]

    await client.get(ME, headers=key)

    (one,) = await kept(client, somebody)
    assert one["created_at"] <= one["last_used_at"]


async def test_the_first_requests_of_a_key_may_come_together(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)

    responses = await asyncio.gather(*(client.get(ME, headers=key) for _ in range(30)))

    assert {response.status_code for response in responses} == {200}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/api-keys"),
        ("POST", "/auth/api-keys"),
        ("DELETE", "/auth/api-keys/0197aaaa-0000-7000-8000-000000000000"),
        ("GET", "/auth/sessions"),
        ("DELETE", "/auth/sessions/0197aaaa-0000-7000-8000-000000000000"),
        ("POST", "/auth/password"),
        ("DELETE", "/users/me"),
    ],
)
async def test_a_key_may_not_touch_the_sign_in_itself(
    client: httpx.AsyncClient, somebody: Person, method: str, path: str
) -> None:
    key = await api_key(client, somebody)

    body = {"json": {}} if method == "POST" else {}
    problem(await client.request(method, f"{API}{path}", headers=key, **body), 403, "forbidden")  # type: ignore[arg-type]


async def test_a_key_lives_on_when_its_maker_signs_out(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    await client.post(f"{API}/auth/revoke", data={"token": somebody.tokens["refresh_token"]})

    assert (await client.get(ME, headers=key)).json()["id"] == somebody.id


@pytest.mark.parametrize("key", ["", "nonsense", "ptc_", "ptc_" + "a" * 43, "é", "a" * 5000])
async def test_what_is_no_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    problem(await client.get(f"{API}/items", headers={"X-API-Key": key.encode()}), 401, "unauthenticated")


async def test_a_narrow_token_makes_no_keys(client: httpx.AsyncClient, somebody: Person) -> None:
    narrow = await limited(client, somebody, "profile:read")

    response = await client.post(KEYS, json={"name": "a", "scopes": ["items:read"]}, headers=narrow)

    problem(response, 403, "insufficient_scope")
    assert (await client.get(KEYS, headers=narrow)).status_code == 200
