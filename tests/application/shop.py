"""The use cases of buying, on any store: people with money, items with stock, and a clock that stands still."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from adapters.persistence.events import EVENTS
from adapters.persistence.query import Query
from adapters.persistence.session import Store
from application.accounts import Accounts
from application.orders import Orders
from application.ports.observer import Observer
from application.wallets import Verdict, Wallets
from domain.access import Actor, Role
from domain.catalogue import Item
from domain.errors import Refusal
from domain.events import Event
from domain.orders import Address, Order, Payment
from entrypoints.container import Container
from entrypoints.settings import load_settings
from entrypoints.stores import open_store
from tests.application.support import PASSWORD, PlainHasher, acting
from tests.builders import FixedClock, an_item, new_id

HOME = Address(street="1 Main St", city="Springfield")

Lines = dict[Item, int] | Item
"""What is wanted: one of an item, or so many of several."""


class Quiet(Observer):
    """A machine of thousands of steps would log each of them."""

    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        """Nobody asks."""

    def slow(self, *_: Any, **what: Any) -> None:
        """Nobody asks."""


class Shop:
    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, FixedClock()
        container: Any = Container(settings=load_settings(database_url="memory://", secret_key="s" * 32))
        for name, port in {"clock": self.clock, "store": store, "hasher": PlainHasher(), "log": Quiet()}.items():
            getattr(container, name).override(port)
        self.container = container
        self.units = container.units()
        self.orders: Orders = container.orders()
        self.wallets: Wallets = container.wallets()
        self.accounts: Accounts = container.accounts()

    async def person(self, balance: int = 0, role: Role = Role.CUSTOMER) -> Actor:
        name = f"u{new_id().replace('-', '')[-20:]}"
        user = await self.accounts.register(
            username=name, email=f"{name}@example.com", password=PASSWORD, full_name=None
        )
        if balance:
            await self.pay_in(acting(user.id), balance)
        return acting(user.id, role)

    async def pay_in(self, to: Actor, amount: Any, reference: str | None = None) -> None:
        await self.wallets.deposit(acting(to.id, Role.STAFF), to.id, amount, reference or new_id())

    async def item(self, stock: int = 0, **over: Any) -> Item:
        item = an_item(id=self.container.ids()(), stock=stock, **over)
        async with self.units.open() as unit:
            unit.items.add(item)
            return await unit.commit(item)

    async def order(self, buyer: Actor, lines: Lines, payment: Payment = Payment.LATER, operation: Any = None) -> Order:
        wanted = {item.id: many for item, many in ({lines: 1} if isinstance(lines, Item) else lines).items()}
        return await self.orders.place(buyer, wanted, HOME, None, payment, operation)

    async def stock(self, item: Item | str) -> int:
        async with self.units.open() as unit:
            return (await unit.items.get(item if isinstance(item, str) else item.id)).stock

    async def balance(self, person: Actor) -> int:
        return (await self.wallets.read(person)).balance

    async def lapse(self) -> int:
        lapsed: int = await self.container.lapse_orders()()
        return lapsed

    async def verdict(self) -> Verdict:
        """On the books of this store."""
        verdict: Verdict = await self.container.verify_ledger()()
        return verdict

    async def told(self, *types: str) -> list[Event]:
        """What has been told of these types, in order."""
        session = self.store.session()
        try:
            events = [EVENTS.load(document) for document in await session.find(EVENTS, Query())]
        finally:
            await session.close()
        return sorted((event for event in events if event.type in types), key=lambda event: event.id)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Shop]:
    store = open_store(url)
    await store.start()
    try:
        yield Shop(store)
    finally:
        await store.stop()


async def outcomes(*work: Awaitable[Any]) -> Counter[str]:
    """How each ends that runs at the same time: `ok`, or the code of its refusal."""
    ended = await asyncio.gather(*work, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException) and not isinstance(error, Refusal):
            raise error
    return Counter(end.code if isinstance(end, Refusal) else "ok" for end in ended)
