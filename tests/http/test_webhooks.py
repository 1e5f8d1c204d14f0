"""Webhooks over HTTP: one's own, up to twenty, to public addresses, with a secret that is shown once."""

import asyncio
import base64
from typing import Any

import httpx
import pytest

from domain.messages import TYPES
from tests.http.client import API, Person, limited, locations, problem

HOOKS = f"{API}/webhooks"
PUBLIC = "https://93.184.216.34/hook?shop=1"
MEMBERS = {"id", "created_at", "url", "events", "is_active"}
NOBODY = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"


async def ask(client: httpx.AsyncClient, person: Person, **over: Any) -> httpx.Response:
    return await client.post(HOOKS, json={"url": PUBLIC, "events": ["item.created"], **over}, headers=person.headers)


async def hook(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    response = await ask(client, person, **over)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def kept(client: httpx.AsyncClient, person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(HOOKS, headers=person.headers)).json()["items"]
    return items


async def test_a_new_one_shows_its_secret_this_once(client: httpx.AsyncClient, served: Any, somebody: Person) -> None:
    response = await ask(client, somebody, events=["order.paid", "*", "order.paid"])

    made = response.json()
    assert response.status_code == 201
    assert response.headers["etag"]
    assert made.keys() == MEMBERS | {"secret"}
    assert (made["url"], made["events"], made["is_active"]) == (PUBLIC, ["order.paid", "*"], True)
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"), validate=True)) == 32
    (listed,) = await kept(client, somebody)
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    async with served.container.units().open() as unit:
        stored = await unit.webhooks.get(made["id"])
    assert made["secret"].removeprefix("whsec_") not in repr(stored)


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({"url": "ftp://93.184.216.34/"}, "url"),
        ({"url": "https://user:password@93.184.216.34/"}, "url"),
        ({"url": "https://user@93.184.216.34/"}, "url"),
        ({"url": "/hook"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "https://" + "a" * 2000 + ".example/"}, "url"),
        ({"url": None}, "url"),
        ({"url": 1}, "url"),
        ({"events": []}, "events"),
        ({"events": "item.created"}, "events"),
        ({"events": [1]}, "events"),
        ({"events": ["item.created"] * 51}, "events"),
        ({"events": None}, "events"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"is_active": True}, "is_active"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_the_wrong_shape_is_refused(memory: httpx.AsyncClient, member: Person, over: Any, at: str) -> None:
    response = await ask(memory, member, **over)

    assert {tuple(each[:2]) for each in locations(response)} == {("body", at)}
    assert await kept(memory, member) == []


@pytest.mark.parametrize(
    "name", ["item.eaten", "items", "", "item.*", "**", "task.progressed", "session.failed", "reset"]
)
async def test_an_event_that_there_is_not_is_refused(memory: httpx.AsyncClient, member: Person, name: str) -> None:
    problem(await ask(memory, member, events=["item.created", name]), 422, "unknown_event")


async def test_every_event_of_the_vocabulary_may_be_named(memory: httpx.AsyncClient, member: Person) -> None:
    made = await hook(memory, member, events=sorted(TYPES))

    assert made["events"] == sorted(TYPES)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[::]", "224.0.0.1", "2130706433", "0x7f000001",
        "127.1", "LOCALHOST", "localhost:8000", "localhost.", "foo.localhost", "foo.bar.localhost.",
    ],
)  # fmt: skip
async def test_a_private_address_is_refused(memory: httpx.AsyncClient, member: Person, host: str) -> None:
    problem(await ask(memory, member, url=f"http://{host}/hook"), 422, "private_address")

    assert await kept(memory, member) == []


async def test_of_twenty_five_at_once_twenty_are_added(client: httpx.AsyncClient, somebody: Person) -> None:
    responses = await asyncio.gather(*(ask(client, somebody) for _ in range(25)))

    refused = [response for response in responses if response.status_code != 201]
    assert len(refused) == 5
    for response in refused:
        problem(response, 409, "too_many_webhooks")
    assert (await client.get(HOOKS, headers=somebody.headers)).json()["total"] == 20


async def test_one_that_is_deleted_makes_room_and_is_gone(client: httpx.AsyncClient, somebody: Person) -> None:
    made = [await hook(client, somebody) for _ in range(20)]
    path = f"{HOOKS}/{made[0]['id']}"

    gone = await client.delete(path, headers=somebody.headers)

    assert (gone.status_code, gone.content) == (204, b"")
    problem(await client.delete(path, headers=somebody.headers), 404, "not_found")
    problem(await client.get(f"{path}/deliveries", headers=somebody.headers), 404, "not_found")
    assert (await ask(client, somebody)).status_code == 201
    problem(await ask(client, somebody), 409, "too_many_webhooks")


async def test_a_version_that_no_longer_holds_is_not_deleted(client: httpx.AsyncClient, somebody: Person) -> None:
    made = await hook(client, somebody)
    headers = {**somebody.headers, "If-Match": '"7"'}

    problem(await client.delete(f"{HOOKS}/{made['id']}", headers=headers), 412, "precondition_failed")
    assert len(await kept(client, somebody)) == 1


async def test_they_are_their_owners_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, admin: Person
) -> None:
    path = f"{HOOKS}/{(await hook(client, somebody))['id']}"

    for other in (stranger, staff, admin):
        problem(await client.delete(path, headers=other.headers), 404, "not_found")
        problem(await client.get(f"{path}/deliveries", headers=other.headers), 404, "not_found")
        assert await kept(client, other) == []


async def test_they_need_the_scope(client: httpx.AsyncClient, somebody: Person) -> None:
    made = await hook(client, somebody)
    reads, writes = [await limited(client, somebody, f"webhooks:{verb}") for verb in ("read", "write")]
    again = f"{HOOKS}/deliveries/{NOBODY}/redeliver"

    problem(await client.get(HOOKS), 401, "unauthenticated")
    problem(await client.get(HOOKS, headers=writes), 403, "insufficient_scope")
    problem(await client.get(f"{HOOKS}/{made['id']}/deliveries", headers=writes), 403, "insufficient_scope")
    problem(await client.delete(f"{HOOKS}/{made['id']}", headers=reads), 403, "insufficient_scope")
    problem(await client.post(again, headers=reads), 403, "insufficient_scope")
    problem(await client.post(again, headers=writes), 404, "not_found")


async def test_a_repeated_request_adds_one_and_is_told_the_same_secret(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    headers = {**somebody.headers, "Idempotency-Key": "one"}
    body = {"url": PUBLIC, "events": ["*"]}

    answers = [await client.post(HOOKS, json=body, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(await kept(client, somebody)) == 1


async def test_they_are_in_the_export_without_secrets_and_end_with_their_owner(
    client: httpx.AsyncClient, served: Any, somebody: Person
) -> None:
    made = await hook(client, somebody)
    export = await client.get(f"{API}/users/me/export", headers=somebody.headers)

    assert (await client.delete(f"{API}/users/me", headers=somebody.headers)).status_code == 204

    assert export.json()["webhooks"] == [{name: made[name] for name in made if name != "secret"}]
    assert "whsec_" not in export.text
    async with served.container.units().open() as unit:
        ended = await unit.webhooks.get(made["id"])
    assert (ended.is_active, ended.url, ended.sealed_secret) == (False, "", "")
