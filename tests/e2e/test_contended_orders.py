"""Many buyers at once on a real server with several workers: counts are exact, and nobody is turned away.

How long they wait is for `python -m tests.contention` to say, as it is the machine's, too.
"""

import asyncio
from collections import Counter
from typing import Any

import httpx

from tests.contention.rush import rush
from tests.e2e.market import connected, opened
from tests.e2e.serving import DURABLE, WORKERS, served
from tests.http.client import Person
from tests.http.trade import ORDERS, an_order

AT_ONCE = 20


async def test_a_hot_item_is_sold_to_the_last_one_and_no_further(store: str) -> None:
    result = await rush(store, orders=400, clients=16)

    assert result.wrong == []
    assert sum(result.answers.values()) == 400
    assert result.answers.keys() == {"201", "409 out_of_stock", "402 insufficient_funds"}
    if store in DURABLE:
        assert result.ledger == "17 wallets agree with their entries; all accounts sum to zero."


async def ask_at_once(client: httpx.AsyncClient, buyer: Person, body: Any, key: str) -> list[httpx.Response]:
    headers = {**buyer.headers, "Idempotency-Key": key}
    return await asyncio.gather(*(client.post(ORDERS, json=body, headers=headers) for _ in range(AT_ONCE)))


def made_once(answers: list[httpx.Response]) -> str:
    """The one body of all that were not told to wait; at most one of them is not a replay."""
    told = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert set(waiting) <= {"idempotency_in_flight"}
    assert len({(answer.text, answer.headers["location"], answer.headers["etag"]) for answer in told}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in told) <= 1
    return told[0].text


async def test_a_key_that_is_sent_twenty_times_at_once_is_one_order_and_is_known_after_a_restart(store: str) -> None:
    async with served(store, min(2, WORKERS[store])) as server, connected(server.address, AT_ONCE) as client:
        market = await opened(client, buyers=1, stocks=[50], money="100.00")
        body = an_order((market.items[0], 1), notes="once", payment="wallet")

        first = made_once(await ask_at_once(client, market.buyers[0], body, "key-1"))
        if store in DURABLE:
            await server.restart()
        again = await ask_at_once(client, market.buyers[0], body, "key-1")

        assert Counter((answer.status_code, answer.text) for answer in again) == {(201, first): AT_ONCE}
        assert {answer.headers["idempotency-replayed"] for answer in again} == {"true"}
        books = await market.audit()
        assert (books.wrong, books.by_notes) == ([], {"once": 1})
