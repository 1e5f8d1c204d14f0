"""An order that is asked for twice with one key is made once and answered twice; so are its transitions."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import Person, Served, offer, problem, unique
from tests.http.trade import ORDERS, an_order, balance, entries, move, moved, pay_in, placed, read, stock

WAY = {"pay": [], "cancel": [], "ship": ["pay"], "deliver": ["pay", "ship"]}
STAYS = ("content-type", "location", "etag", "cache-control")


async def ask(client: httpx.AsyncClient, person: Person, body: Any, key: str) -> httpx.Response:
    return await client.post(ORDERS, json=body, headers={**person.headers, "Idempotency-Key": key})


def same_answer(first: httpx.Response, again: httpx.Response) -> None:
    """The second one is the first one once more, and says so."""
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert [again.headers.get(name) for name in STAYS] == [first.headers.get(name) for name in STAYS]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert first.headers["x-request-id"] != again.headers["x-request-id"]


async def test_the_same_wish_with_the_same_key_is_one_order(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="2.00", stock=5)
    await pay_in(client, staff, somebody, "10.00")
    body, key = an_order((item, 1), payment="wallet"), unique("key")
    first = await ask(client, somebody, body, key)

    again = await ask(client, somebody, body, key)

    same_answer(first, again)
    assert first.status_code == 201
    assert (await stock(client, item), await balance(client, somebody)) == (4, "8.00")
    assert len(await entries(client, somebody, "payment")) == 1
    assert (await client.get(ORDERS, headers=somebody.headers)).json()["total"] == 1


async def test_of_many_at_once_one_is_done_and_the_others_are_told_the_same_or_to_wait(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=50), unique("key")

    answers = await asyncio.gather(*(ask(client, somebody, an_order((item, 1)), key) for _ in range(20)))

    told = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.text for answer in told}) == 1
    for answer in answers:
        if answer.status_code != 201:
            problem(answer, 409, "idempotency_in_flight")
    assert await stock(client, item) == 49


async def test_a_key_whose_first_request_is_being_worked_on_is_in_flight(
    client: httpx.AsyncClient, served: Served, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=5), unique("key")
    body, in_flight = an_order((item, 1)), served.container.idempotency()._in_flight
    async with served.container.units().open() as unit, asyncio.timeout(10):
        await unit.items.hold(item["id"])
        first = asyncio.create_task(ask(client, somebody, body, key))
        while not in_flight:
            await asyncio.wait([first], timeout=0.01)

        meanwhile = await ask(client, somebody, body, key)

    problem(meanwhile, 409, "idempotency_in_flight")
    assert (await first).status_code == 201
    same_answer(await first, await ask(client, somebody, body, key))
    assert await stock(client, item) == 4


async def test_what_is_answered_already_is_answered_to_many_at_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=50), unique("key")
    first = await ask(client, somebody, an_order((item, 1)), key)

    answers = await asyncio.gather(*(ask(client, somebody, an_order((item, 1)), key) for _ in range(20)))

    for again in answers:
        same_answer(first, again)


async def test_the_answer_stays_as_it_was_whatever_became_of_the_order(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    body, key = an_order((await offer(client, somebody, stock=1), 1)), unique("key")
    first = await ask(client, somebody, body, key)
    await moved(client, somebody, first.json(), "cancel")

    again = await ask(client, somebody, body, key)

    same_answer(first, again)
    assert again.json()["status"] == "placed"
    assert (await read(client, somebody, first.json()))["status"] == "cancelled"


@pytest.mark.parametrize("verb", WAY)
async def test_a_transition_with_a_key_is_done_once_and_answered_twice(
    client: httpx.AsyncClient, staff: Person, verb: str
) -> None:
    item = await offer(client, staff, price="2.00", stock=5)
    await pay_in(client, staff, staff, "10.00")
    made = await placed(client, staff, (item, 1))
    for step in WAY[verb]:
        await moved(client, staff, made, step)
    key = {"Idempotency-Key": unique("key")}
    first = await move(client, staff, made, verb, **key)

    again = await move(client, staff, made, verb, **key)
    without = await move(client, staff, made, verb)

    same_answer(first, again)
    assert first.status_code == 200
    problem(without, 409, "invalid_transition")
    assert (await balance(client, staff), await stock(client, item)) == (
        ("10.00", 5) if verb == "cancel" else ("8.00", 4)
    )


async def test_the_same_json_value_is_the_same_body_however_it_is_written(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=5), unique("key")
    body = an_order((item, 1), notes="\u00e9")
    first = await ask(client, somebody, body, key)
    headers = {**somebody.headers, "Idempotency-Key": key, "Content-Type": "application/json"}
    text = (
        '{ "notes":"\\u00e9", "shipping_address": {"city":"Springfield", "street":"1 Main St"},'
        ' "lines":[{"quantity":1, "item_id":"%s"}] }'
    )

    again = await client.post(ORDERS, content=text % item["id"], headers=headers)

    same_answer(first, again)


@pytest.mark.parametrize("over", [{"notes": "more"}, {"payment": "later"}, {"payment": "wallet"}])
async def test_another_body_with_the_key_is_refused(
    client: httpx.AsyncClient, somebody: Person, over: dict[str, str]
) -> None:
    item, key = await offer(client, somebody, stock=5), unique("key")
    await ask(client, somebody, an_order((item, 1)), key)

    response = await ask(client, somebody, an_order((item, 1), **over), key)

    problem(response, 422, "idempotency_key_reused")
    assert await stock(client, item) == 4


async def test_a_key_belongs_to_its_account_and_path(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item, key = await offer(client, somebody, stock=5), unique("key")
    mine = await ask(client, somebody, an_order((item, 1)), key)

    theirs = await ask(client, stranger, an_order((item, 1)), key)
    elsewhere = await move(client, somebody, mine.json(), "cancel", **{"Idempotency-Key": key})

    assert (theirs.status_code, elsewhere.status_code) == (201, 200)
    assert theirs.json()["id"] != mine.json()["id"]
    assert not {"idempotency-replayed"} & (theirs.headers.keys() | elsewhere.headers.keys())


async def test_what_was_refused_leaves_its_key_free(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item, key = await offer(client, somebody, price="2.00", stock=5), unique("key")
    body = an_order((item, 1), payment="wallet")
    refused = await ask(client, somebody, body, key)
    await pay_in(client, staff, somebody, "2.00")

    again = await ask(client, somebody, body, key)

    problem(refused, 402, "insufficient_funds")
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "\u00e9", "a\tb"])
async def test_a_key_is_visible_ascii(client: httpx.AsyncClient, somebody: Person, key: str) -> None:
    item = await offer(client, somebody, stock=5)
    headers = [(name, value.encode()) for name, value in somebody.headers.items()]

    response = await client.post(
        ORDERS, json=an_order((item, 1)), headers=[*headers, ("Idempotency-Key", key.encode("latin-1"))]
    )

    problem(response, 422, "invalid_idempotency_key")
    assert await stock(client, item) == 5


@pytest.mark.parametrize("key", ["!", "~" * 255])
async def test_the_shortest_and_the_longest_key_are_taken(
    client: httpx.AsyncClient, somebody: Person, key: str
) -> None:
    body = an_order((await offer(client, somebody, stock=5), 1))
    first = await ask(client, somebody, body, key)

    again = await ask(client, somebody, body, key)

    same_answer(first, again)
