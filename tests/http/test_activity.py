"""`GET /activity`: who did what, when, and from where."""

import re
from typing import Any

import httpx
import pytest

from domain.access import ALL_SCOPES
from domain.events import TOPICS
from tests.http.client import (
    API,
    PASSWORD,
    Person,
    limited,
    locations,
    offer,
    problem,
    serving,
    sign_in,
    sign_up,
    unique,
)

SHAPE = {"id", "at", "actor", "action", "resource", "ip", "request_id", "details"}
PERSON = {"id", "username", "full_name", "avatar_url"}


async def log(client: httpx.AsyncClient, admin: Person, **query: Any) -> list[dict[str, Any]]:
    response = await client.get(f"{API}/activity", params={"size": 100, **query}, headers=admin.headers)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def _by_id(told: dict[str, Any]) -> str:
    """In the order in which they happened, within a millisecond too."""
    return str(told["id"])


async def fail_to_sign_in(client: httpx.AsyncClient, username: str, password: str, **headers: str) -> None:
    form = {"grant_type": "password", "username": username, "password": password}
    response = await client.post(f"{API}/auth/token", data=form, headers=headers)
    assert response.json()["error"] == "invalid_grant"


async def test_a_change_is_told_with_who_what_when_and_from_where(client: httpx.AsyncClient, admin: Person) -> None:
    person = await sign_up(client, full_name="Ada L")
    request_id = unique("request-")
    sent = {"name": "Teapot", "price": "1.00"}
    made = await client.post(f"{API}/items", json=sent, headers={**person.headers, "X-Request-ID": request_id})
    item = made.json()

    (told,) = await log(client, admin, resource=f"item:{item['id']}")

    assert told.keys() == SHAPE
    assert told["actor"] == {"id": person.id, "username": person.user["username"], "full_name": "Ada L",
                             "avatar_url": None}  # fmt: skip
    assert (told["action"], told["resource"]) == ("item.created", f"item:{item['id']}")
    assert (told["request_id"], told["ip"]) == (request_id, "127.0.0.1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["at"])
    assert told["details"] == {}


async def test_the_filters_narrow_and_combine(client: httpx.AsyncClient, admin: Person) -> None:
    person, other = await sign_up(client), await sign_up(client)
    item, another = await offer(client, person), await offer(client, other)
    await client.patch(f"{API}/items/{item['id']}", json={"stock": 3}, headers=admin.headers)

    mine = await log(client, admin, actor=person.id)
    assert [each["action"] for each in sorted(mine, key=_by_id, reverse=True)] == [
        "item.created",
        "session.started",
        "user.registered",
    ]
    assert {each["actor"]["id"] for each in mine} == {person.id}
    about = await log(client, admin, resource=f"item:{item['id']}")
    assert [(each["action"], each["actor"]["id"]) for each in sorted(about, key=_by_id, reverse=True)] == [
        ("item.updated", admin.id),
        ("item.created", person.id),
    ]
    created = await log(client, admin, action="item.created", resource="item")
    assert {item["id"], another["id"]} <= {each["resource"].removeprefix("item:") for each in created}
    assert {each["action"] for each in created} == {"item.created"}
    assert await log(client, admin, actor=person.id, action="item.updated") == []


async def test_pages_and_walks_answer_the_same_newest_first(client: httpx.AsyncClient, admin: Person) -> None:
    person = await sign_up(client)
    for _ in range(5):
        await offer(client, person)
    whole = await log(client, admin, actor=person.id)

    walked: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"actor": person.id, "cursor": cursor, "size": 2}
        part = (await client.get(f"{API}/activity", params=params, headers=admin.headers)).json()
        walked, cursor = walked + part["items"], part["next_cursor"]

    assert walked == whole
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)


@pytest.mark.parametrize("known", [True, False])
async def test_a_failed_sign_in_is_written_down_without_what_was_sent(
    client: httpx.AsyncClient, admin: Person, known: bool
) -> None:
    person, request_id = await sign_up(client), unique("try-")
    name = person.user["username"] if known else unique("nobody")

    await fail_to_sign_in(client, name, "wrong horse 77", **{"X-Request-ID": request_id})

    (told,) = [each for each in await log(client, admin, action="session.failed") if each["request_id"] == request_id]
    assert told["actor"] is None
    assert told["ip"] == "127.0.0.1"
    assert re.fullmatch(r"session:[0-9a-f-]{36}", told["resource"])
    assert told["details"] == {"reason": "invalid_grant", **({"user_id": person.id} if known else {})}


@pytest.mark.parametrize("name", ["x" * 2000, "no\x00body", "@"])
async def test_a_sign_in_as_what_nobody_can_be_called_has_failed_too(
    client: httpx.AsyncClient, admin: Person, name: str
) -> None:
    request_id = unique("try-")

    await fail_to_sign_in(client, name, PASSWORD, **{"X-Request-ID": request_id})

    assert request_id in [each["request_id"] for each in await log(client, admin, action="session.failed")]


async def test_what_is_told_of_an_account_is_told(client: httpx.AsyncClient, admin: Person) -> None:
    person = await sign_up(client)
    await client.patch(f"{API}/users/me", json={"bio": "a secret of mine"}, headers=person.headers)
    body = {"current_password": PASSWORD, "new_password": "battery 22 x", "confirm_password": "battery 22 x"}
    await client.post(f"{API}/auth/password", json=body, headers=person.headers)
    for change in ({"role": "staff"}, {"is_active": False}, {"is_active": True}):
        await client.patch(f"{API}/users/{person.id}", json=change, headers=admin.headers)

    told = await log(client, admin, resource=f"user:{person.id}")

    assert [(each["action"], each["details"]) for each in sorted(told, key=_by_id)] == [
        ("user.registered", {}),
        ("user.updated", {"fields": ["bio"]}),
        ("user.updated", {"fields": ["password"]}),
        ("user.role_changed", {"role": "staff"}),
        ("user.deactivated", {}),
        ("user.updated", {"fields": ["is_active"]}),
    ]
    assert "secret" not in str(told)


async def test_money_that_moves_is_told(client: httpx.AsyncClient, admin: Person) -> None:
    person, other = await sign_up(client), await sign_up(client)
    deposit = {"user_id": person.id, "amount": "5.00", "reference": unique("ref")}
    await client.post(f"{API}/wallet/deposits", json=deposit, headers=admin.headers)
    await client.post(f"{API}/wallet/transfers", json={"to": other.id, "amount": "1.00"}, headers=person.headers)

    told = await log(client, admin, resource=f"wallet:{person.id}")

    assert [(each["action"], each["actor"]["id"]) for each in sorted(told, key=_by_id, reverse=True)] == [
        ("wallet.transferred", person.id),
        ("wallet.deposited", admin.id),
    ]


async def test_somebody_who_has_left_is_shown_as_deleted(client: httpx.AsyncClient, admin: Person) -> None:
    person = await sign_up(client, full_name="Ada")
    await client.delete(f"{API}/users/me", headers=person.headers)

    told = await log(client, admin, actor=person.id)

    assert max(told, key=_by_id)["action"] == "user.deactivated"
    assert told[0]["actor"] == {"id": person.id, "username": "deleted", "full_name": None, "avatar_url": None}


async def test_behind_a_trusted_proxy_the_address_is_the_clients() -> None:
    async with serving(trusted_proxies="127.0.0.1") as served:
        tokens = await sign_in(served.client, "root")
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "X-Forwarded-For": "203.0.113.9"}
        await served.client.patch(f"{API}/users/me", json={"bio": "x"}, headers=headers)

        found = await served.client.get(f"{API}/activity", params={"action": "user.updated"}, headers=headers)

    assert [each["ip"] for each in found.json()["items"]] == ["203.0.113.9"]


async def test_what_nobody_asked_for_has_no_address_and_an_id_of_its_own() -> None:
    async with serving() as served:
        tokens = await sign_in(served.client, "root")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        found = await served.client.get(f"{API}/activity", params={"action": "user.registered"}, headers=headers)

    (appointed,) = found.json()["items"]
    assert appointed["ip"] is None
    assert re.fullmatch(r"[0-9a-f-]{36}", appointed["request_id"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "me"),
        ("actor", ""),
        ("action", "item.sold"),
        ("action", "reset"),
        ("action", ""),
        ("resource", "teapot"),
        ("resource", "item:"),
        ("resource", "item:1"),
        ("resource", ""),
        ("page", "0"),
    ],
)
async def test_a_bad_filter_is_refused(memory: httpx.AsyncClient, name: str, value: str) -> None:
    tokens = await sign_in(memory, "root")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    response = await memory.get(f"{API}/activity", params={name: value}, headers=headers)

    assert locations(response) == [["query", name]]


@pytest.mark.parametrize("action", sorted(TOPICS))
async def test_every_type_of_event_is_an_action(memory: httpx.AsyncClient, action: str) -> None:
    tokens = await sign_in(memory, "root")

    response = await memory.get(
        f"{API}/activity", params={"action": action}, headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )

    assert response.status_code == 200


async def test_only_admins_with_the_scope_read_it(client: httpx.AsyncClient, admin: Person, staff: Person) -> None:
    narrow = await limited(client, admin, *(ALL_SCOPES - {"admin"}))

    problem(await client.get(f"{API}/activity"), 401, "unauthenticated")
    problem(await client.get(f"{API}/activity", headers=staff.headers), 403, "insufficient_scope")
    refused = await client.get(f"{API}/activity", headers=narrow)
    problem(refused, 403, "insufficient_scope")
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="admin"'


async def test_it_can_only_be_read(memory: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        problem(await memory.request(method, f"{API}/activity"), 405, "method_not_allowed")
