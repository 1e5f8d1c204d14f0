"""Wishes with one Idempotency-Key that arrive at the same time."""

import asyncio

import httpx

from tests.http.client import Person, Served, offer, problem, unique
from tests.http.trade import an_order, order_once, same_answer, stock


async def test_of_many_at_once_one_is_done_and_the_others_are_told_the_same_or_to_wait(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=50), unique("key")

    answers = await asyncio.gather(*(order_once(client, somebody, an_order((item, 1)), key) for _ in range(20)))

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
        first = asyncio.create_task(order_once(client, somebody, body, key))
        while not in_flight:
            await asyncio.wait([first], timeout=0.01)

        meanwhile = await order_once(client, somebody, body, key)

    problem(meanwhile, 409, "idempotency_in_flight")
    assert (await first).status_code == 201
    same_answer(await first, await order_once(client, somebody, body, key))
    assert await stock(client, item) == 4


async def test_what_is_answered_already_is_answered_to_many_at_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item, key = await offer(client, somebody, stock=50), unique("key")
    first = await order_once(client, somebody, an_order((item, 1)), key)

    answers = await asyncio.gather(*(order_once(client, somebody, an_order((item, 1)), key) for _ in range(20)))

    for again in answers:
        same_answer(first, again)
