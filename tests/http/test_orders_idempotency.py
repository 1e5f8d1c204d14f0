"""An order that is asked for twice with one key is made once and answered twice; so are its transitions."""

import httpx
import pytest

from tests.http.client import Person, offer, problem, unique
from tests.http.trade import (
    ORDERS,
    an_order,
    balance,
    entries,
    move,
    moved,
    order_once,
    pay_in,
    placed,
    read,
    same_answer,
    stock,
)

WAY = {"pay": [], "cancel": [], "ship": ["pay"], "deliver": ["pay", "ship"]}


async def test_the_same_wish_with_the_same_key_is_one_order(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="2.00", stock=5)
    await pay_in(client, staff, somebody, "10.00")
    body, key = an_order((item, 1), payment="wallet"), unique("key")
    first = await order_once(client, somebody, body, key)

    again = await order_once(client, somebody, body, key)

    same_answer(first, again)
    assert first.status_code == 201
    assert (await stock(client, item), await balance(client, somebody)) == (4, "8.00")
    assert len(await entries(client, somebody, "payment")) == 1
    assert (await client.get(ORDERS, headers=somebody.headers)).json()["total"] == 1


async def test_the_answer_stays_as_it_was_whatever_became_of_the_order(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    body, key = an_order((await offer(client, somebody, stock=1), 1)), unique("key")
    first = await order_once(client, somebody, body, key)
    await moved(client, somebody, first.json(), "cancel")

    again = await order_once(client, somebody, body, key)

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
    first = await order_once(client, somebody, body, key)
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
    await order_once(client, somebody, an_order((item, 1)), key)

    response = await order_once(client, somebody, an_order((item, 1), **over), key)

    problem(response, 422, "idempotency_key_reused")
    assert await stock(client, item) == 4


async def test_a_key_belongs_to_its_account_and_path(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item, key = await offer(client, somebody, stock=5), unique("key")
    mine = await order_once(client, somebody, an_order((item, 1)), key)

    theirs = await order_once(client, stranger, an_order((item, 1)), key)
    elsewhere = await move(client, somebody, mine.json(), "cancel", **{"Idempotency-Key": key})

    assert (theirs.status_code, elsewhere.status_code) == (201, 200)
    assert theirs.json()["id"] != mine.json()["id"]
    assert not {"idempotency-replayed"} & (theirs.headers.keys() | elsewhere.headers.keys())


async def test_what_was_refused_leaves_its_key_free(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item, key = await offer(client, somebody, price="2.00", stock=5), unique("key")
    body = an_order((item, 1), payment="wallet")
    refused = await order_once(client, somebody, body, key)
    await pay_in(client, staff, somebody, "2.00")

    again = await order_once(client, somebody, body, key)

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
    first = await order_once(client, somebody, body, key)

    again = await order_once(client, somebody, body, key)

    same_answer(first, again)
