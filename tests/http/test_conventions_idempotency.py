"""`Idempotency-Key`: a POST that is repeated does its work once and is told the same answer."""

import asyncio
from typing import Any

import httpx
import pytest

from adapters.persistence.unit_of_work import StoredUnits
from application.catalogue import OfferItem
from domain.errors import Unavailable
from tests.http.client import API, Person, limited, problem, serving, sign_up

ITEMS, MINE = f"{API}/items", f"{API}/users/me/items"
JSON = {"Content-Type": "application/json"}


def keyed(person: Person, key: str) -> dict[str, str]:
    return {**person.headers, "Idempotency-Key": key}


async def post(client: httpx.AsyncClient, person: Person, key: str, **body: Any) -> httpx.Response:
    return await client.post(ITEMS, json={"name": "x", "price": 1, **body}, headers=keyed(person, key))


async def count(client: httpx.AsyncClient, person: Person) -> int:
    return int((await client.get(MINE, headers=person.headers)).json()["total"])


async def test_the_same_key_and_body_is_answered_the_same_and_done_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    first, second, third = [await post(client, somebody, "k") for _ in range(3)]

    assert "idempotency-replayed" not in first.headers
    for replay in (second, third):
        assert replay.headers["idempotency-replayed"] == "true"
        assert (replay.status_code, replay.content) == (201, first.content)
        for name in ("location", "etag", "content-type", "cache-control"):
            assert replay.headers[name] == first.headers[name]
    assert await count(client, somebody) == 1


async def test_a_replay_has_a_request_id_of_its_own(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = {**keyed(somebody, "k"), "X-Request-ID": "first"}
    body = {"name": "x", "price": 1}
    await client.post(ITEMS, json=body, headers=headers)

    replay = await client.post(ITEMS, json=body, headers={**headers, "X-Request-ID": "second"})

    assert replay.headers["x-request-id"] == "second"
    assert "server-timing" in replay.headers


async def test_a_replay_tells_what_was_even_if_it_is_no_more(client: httpx.AsyncClient, somebody: Person) -> None:
    first = await post(client, somebody, "k")
    await client.patch(first.headers["location"], json={"name": "changed"}, headers=somebody.headers)
    changed = await post(client, somebody, "k")
    await client.delete(first.headers["location"], headers=somebody.headers)

    deleted = await post(client, somebody, "k")

    assert changed.content == deleted.content == first.content


@pytest.mark.parametrize(
    "again",
    [
        b'{"price":1,"name":"x","tags":["a","b"]}', b'{ "name" : "x",\n"tags":["a","b"], "price":1 }',
        rb'{"n\u0061me": "x", "price": 1.0, "tags": ["a", "b"]}',
        b'{"name": "x", "price": 1e0, "tags": ["\\u0061","b"]}',
        b'{"name": "x", "price": 0.1E+1, "tags": ["a", "b"]}',
    ],
)  # fmt: skip
async def test_the_same_json_value_is_the_same_body_however_it_is_written(
    client: httpx.AsyncClient, somebody: Person, again: bytes
) -> None:
    headers = {**keyed(somebody, "k"), **JSON}
    first = await client.post(ITEMS, content=b'{"name": "x", "price": 1, "tags": ["a", "b"]}', headers=headers)

    second = await client.post(ITEMS, content=again, headers=headers)

    assert second.headers["idempotency-replayed"] == "true"
    assert second.content == first.content


@pytest.mark.parametrize(
    "other",
    [
        {"name": "y"}, {"price": 2}, {"price": "1"}, {"name": "x "}, {"is_public": True}, {"description": None},
        {"stock": 0}, {"tags": ["b", "a"]}, {"tags": ["a"]},
    ],
    ids=repr,
)  # fmt: skip
async def test_another_body_is_refused(client: httpx.AsyncClient, somebody: Person, other: dict[str, Any]) -> None:
    await post(client, somebody, "k", **({"tags": ["a", "b"]} if "tags" in other else {}))

    response = await post(client, somebody, "k", **other)

    problem(response, 422, "idempotency_key_reused")
    assert await count(client, somebody) == 1


async def test_a_refusal_frees_the_key(client: httpx.AsyncClient, somebody: Person) -> None:
    shapeless = await post(client, somebody, "k", price=-1)
    shy = await client.post(ITEMS, json={}, headers={"Idempotency-Key": "k"})
    weak = await client.post(
        ITEMS,
        json={"name": "x", "price": 1},
        headers={**(await limited(client, somebody, "items:read")), "Idempotency-Key": "k"},
    )
    large = await post(client, somebody, "k", price="999999999999.99", tax="0.01")

    made = await post(client, somebody, "k")

    assert [each.status_code for each in (shapeless, shy, weak, large)] == [422, 401, 403, 422]
    assert (made.status_code, "idempotency-replayed" in made.headers) == (201, False)


async def test_of_many_at_once_one_does_the_work(client: httpx.AsyncClient, somebody: Person) -> None:
    responses = await asyncio.gather(*(post(client, somebody, "k") for _ in range(8)))

    made = [each for each in responses if each.status_code == 201]
    for refused in (each for each in responses if each.status_code != 201):
        problem(refused, 409, "idempotency_in_flight")
    assert len({each.content for each in made}) == 1
    assert await count(client, somebody) == 1


async def test_while_the_first_is_in_flight_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, offer = asyncio.Event(), asyncio.Event(), OfferItem.__call__

    async def held(self: OfferItem, *given: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await offer(self, *given)

    monkeypatch.setattr(OfferItem, "__call__", held)
    async with serving() as served:
        person = await sign_up(served.client)
        first = asyncio.create_task(post(served.client, person, "k"))
        await begun.wait()

        second, other = await post(served.client, person, "k"), await post(served.client, person, "k", name="other")

        problem(second, 409, "idempotency_in_flight")
        problem(other, 409, "idempotency_in_flight")
        go_on.set()
        done = await first
        assert (await post(served.client, person, "k")).content == done.content


async def test_who_waited_for_the_store_in_vain_does_not_wait_for_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What became of it is told when it is asked again, with the key."""
    asked, answered = [], StoredUnits.answered

    async def away(self: OfferItem, *given: Any) -> Any:
        raise Unavailable

    async def counted(self: StoredUnits, operation_id: str) -> Any:
        asked.append(operation_id)
        return await answered(self, operation_id)

    monkeypatch.setattr(OfferItem, "__call__", away)
    monkeypatch.setattr(StoredUnits, "answered", counted)
    async with serving() as served:
        refused = await post(served.client, await sign_up(served.client), "k")

    problem(refused, 503, "unavailable")
    assert len(asked) == 1
