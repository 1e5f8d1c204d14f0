"""People with money, items with stock, and an audit of both that only asks what any client may ask."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.http.client import ADMIN, API, Person, offer, sign_in, sign_up
from tests.http.trade import ORDERS, WALLET, pay_in, stock

PATIENCE_S = 20.0
PRICE = "2.50"


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))


@dataclass
class Market:
    client: httpx.AsyncClient
    admin: Person
    buyers: list[Person]
    items: list[dict[str, Any]]
    put_in: dict[str, int]
    paid_in: dict[str, int]

    async def audit(self) -> "Books":
        return await audited(self)


@dataclass
class Books:
    """What was found, and each thing that is wrong with it, in a sentence."""

    orders: dict[str, dict[str, Any]]
    wrong: list[str] = field(default_factory=list)

    @property
    def by_notes(self) -> Counter[str]:
        """How many orders carry each note: wishes are told apart by theirs."""
        return Counter(order["notes"] for order in self.orders.values())


@asynccontextmanager
async def connected(address: str, clients: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_S, limits=limits) as client:
        yield client


async def signed_in(client: httpx.AsyncClient) -> Person:
    """The admin whom the settings named."""
    tokens = await sign_in(client, ADMIN["admin_username"], ADMIN["admin_password"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return Person((await client.get(f"{API}/users/me", headers=headers)).json(), tokens)


async def opened(client: httpx.AsyncClient, *, buyers: int, stocks: list[int], money: str) -> Market:
    """So many buyers with so much money each, and an item for each stock."""
    admin = await signed_in(client)
    people = [await sign_up(client) for _ in range(buyers)]
    items = [await offer(client, admin, price=PRICE, stock=many) for many in stocks]
    for person in people:
        await pay_in(client, admin, person, money)
    put_in = {item["id"]: many for item, many in zip(items, stocks, strict=True)}
    return Market(client, admin, people, items, put_in, {person.id: cents(money) for person in people})


async def all_orders(market: Market) -> dict[str, dict[str, Any]]:
    """By id, as staff see them."""
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = ""
    while cursor is not None:
        path = f"{ORDERS}?size=100&cursor={cursor}"
        page = (await market.client.get(path, headers=market.admin.headers)).json()
        found |= {order["id"]: order for order in page["items"]}
        cursor = page["next_cursor"]
    return found


async def all_entries(market: Market, person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"{WALLET}/entries?size=100&cursor={cursor}"
        page = (await market.client.get(path, headers=person.headers)).json()
        found, cursor = [*found, *page["items"]], page["next_cursor"]
    return found


async def audited(market: Market) -> Books:
    """Whether stock and what is sold are what was put in, and each wallet what its orders have left of it."""
    books = Books(await all_orders(market))
    sold: Counter[str] = Counter()
    owed: dict[str, Counter[str]] = defaultdict(Counter)
    for order in books.orders.values():
        paid, cancelled = order["paid_at"] is not None, order["status"] == "cancelled"
        if not cancelled:
            sold.update({line["item_id"]: line["quantity"] for line in order["lines"]})
        owed[order["user_id"]].update(_due(order, paid=paid, refunded=paid and cancelled))
    for item in market.items:
        left, put_in = await stock(market.client, item), market.put_in[item["id"]]
        if left + sold[item["id"]] != put_in:
            books.wrong.append(f"{item['id']}: {put_in} were put in, {left} are left and {sold[item['id']]} sold")
    for person in market.buyers:
        books.wrong += await _wrong_with(market, person, owed[person.id])
    return books


def _due(order: dict[str, Any], *, paid: bool, refunded: bool) -> dict[str, int]:
    """The entries that an order has to have: what kind, for which order, and how much."""
    total = cents(order["total"])
    due = {f"payment {order['id']} {-total}": 1} if paid else {}
    return due | ({f"refund {order['id']} {total}": 1} if refunded else {})


async def _wrong_with(market: Market, person: Person, owed: Counter[str]) -> list[str]:
    wrong: list[str] = []
    found = await all_entries(market, person)
    balance = cents((await market.client.get(WALLET, headers=person.headers)).json()["balance"])
    if balance != sum(cents(entry["amount"]) for entry in found):
        wrong.append(f"{person.id}: the entries do not sum to the balance of {balance}")
    of_orders = [entry for entry in found if entry["order_id"]]
    there = Counter(f"{entry['kind']} {entry['order_id']} {cents(entry['amount'])}" for entry in of_orders)
    wrong += [f"{person.id}: no entry for {due}" for due in (owed - there).elements()]
    wrong += [f"{person.id}: an entry too many: {entry}" for entry in (there - owed).elements()]
    return wrong
