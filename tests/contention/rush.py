"""A rush: so many orders by so many clients at once, and what was answered, how soon, and whether the books agree."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.e2e.market import Books, Market, connected, opened
from tests.e2e.serving import served
from tests.http.client import Person
from tests.http.trade import ORDERS, an_order


@dataclass
class Rush:
    """`answers` counts `201` and the codes of refusals; `seconds` are each client's waits."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    lasted: float = 0.0
    wrong: list[str] = field(default_factory=list)
    ledger: str = ""

    def quantile(self, share: float) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


async def rush(store: str, *, orders: int, clients: int, seed: int = 1) -> Rush:
    """The hot item is in most orders and sells out half-way; wallets pay every other order, until they are empty."""
    async with served(store) as server, connected(server.address, clients) as client:
        stocks, money = [orders * 3 // 5, *([orders * 3] * 4)], f"{orders * 3 // clients // 2}.00"
        market = await opened(client, buyers=clients, stocks=stocks, money=money)
        result, random = Rush(), Random(seed)
        wishes = iter([_wish(market, random, number) for number in range(orders)])
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for buyer in market.buyers:
                group.create_task(_buy(market, buyer, wishes, result))
        result.lasted = time.perf_counter() - began
        _compare(result, await market.audit())
        if store != "memory":
            code, said = await server.run("ledger", "verify")
            result.ledger = said.strip()
            result.wrong += [said] if code else []
        return result


def _wish(market: Market, random: Random, number: int) -> dict[str, Any]:
    """Items in any order, so that two may want what the other one holds."""
    hot, *others = market.items
    items = [*random.sample(others, random.randint(0, 2)), *([hot] if random.random() < 0.8 else [])] or [hot]
    random.shuffle(items)
    payment = random.choice(["wallet", "later"])
    return an_order(*((item, random.randint(1, 2)) for item in items), notes=str(number), payment=payment)


async def _buy(market: Market, buyer: Person, wishes: Any, result: Rush) -> None:
    """One client: the next wish as soon as the last one was answered."""
    for wish in wishes:
        began = time.perf_counter()
        response = await market.client.post(
            ORDERS, json=wish, headers={**buyer.headers, "Idempotency-Key": wish["notes"]}
        )
        result.seconds.append(time.perf_counter() - began)
        made = response.status_code == 201
        result.answers["201" if made else f"{response.status_code} {response.json().get('code')}"] += 1
        if made:
            result.acknowledged.add(response.json()["id"])


def _compare(result: Rush, books: Books) -> None:
    result.wrong += books.wrong
    there = set(books.orders)
    result.wrong += [f"acknowledged and not there: {id}" for id in result.acknowledged - there]
    result.wrong += [f"there and never acknowledged: {id}" for id in there - result.acknowledged]
    result.wrong += [f"{many} orders for one wish: {note}" for note, many in books.by_notes.items() if many > 1]
