"""Money and stock against a model: any sequence of what people do, with the books looked at after each step."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from adapters.memory.store import MemoryStore
from domain.access import Actor, Role
from domain.catalogue import Item
from domain.errors import Refusal
from domain.money import Money
from domain.orders import Order, OrderStatus, Payment
from tests.application.money_model import Bought, Model
from tests.application.shop import Shop, opened
from tests.application.support import acting

HOLD_MINUTES = 30
EXAMPLES = {"memory": (50, 40), "sqlite": (6, 30), "postgresql": (6, 30), "mongodb": (6, 30)}
"""How many sequences on each store, and of how many steps."""


class Trade(RuleBasedStateMachine):
    """Each sequence has people and items of its own, on a shop that others may have been in before."""

    people, items, orders = Bundle("people"), Bundle("items"), Bundle("orders")

    def __init__(self, runner: asyncio.Runner, shop: Shop) -> None:
        super().__init__()
        self.runner, self.shop = runner, shop
        self.model, self.put_in, self.bought = Model(), Counter[str](), dict[str, Bought]()

    def ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What is answered, or the code of the refusal."""
        try:
            return self.runner.run(work)
        except Refusal as refusal:
            return refusal.code

    def said(self, work: Coroutine[Any, Any, Any]) -> str:
        answer = self.ask(work)
        return answer if isinstance(answer, str) else "ok"

    @initialize(target=people)
    def open_with_people(self) -> Any:
        return multiple(self.join(0), self.join(5000))

    @initialize(target=items)
    def open_with_items(self) -> Any:
        return multiple(self.offer(333, 50, 7, 9), self.offer(100, 0, 0, 9))

    @rule(target=people, balance=st.integers(0, 2000))
    def join(self, balance: int) -> Actor:
        person: Actor = self.ask(self.shop.person(balance))
        self.model.balance[person.id] = balance
        return person

    @rule(
        target=items,
        price=st.integers(1, 500),
        discount=st.integers(0, 100),
        tax=st.integers(0, 9),
        stock=st.sampled_from([0, 7]),
    )
    def offer(self, price: int, discount: int, tax: int, stock: int) -> Item:
        item: Item = self.ask(self.shop.item(stock, price=price, discount=discount, tax=tax))
        self.model.stock[item.id] = self.put_in[item.id] = stock
        self.model.price[item.id] = (price * (100 - discount) + 50) // 100 + tax
        return item

    @rule(item=items, stock=st.integers(0, 9))
    def restock(self, item: Item, stock: int) -> None:
        if item.id in self.model.stock:
            self.put_in[item.id] += stock - self.model.stock[item.id]
            self.model.stock[item.id] = stock
        catalogue, owner = self.shop.container.catalogue(), acting(item.owner_id)
        assert self.said(catalogue.revise(owner, item.id, {"stock": stock})) == self.there(item)

    @rule(item=items)
    def withdraw(self, item: Item) -> None:
        expected = self.there(item)
        self.model.stock.pop(item.id, None)
        assert self.said(self.shop.container.catalogue().withdraw(acting(item.owner_id), item.id)) == expected

    @rule(payer=people, payee=people, amount=st.integers(1, 1500))
    def send(self, payer: Actor, payee: Actor, amount: int) -> None:
        expected = self.model.send(payer.id, payee.id, amount)
        assert self.said(self.shop.wallets.transfer(payer, payee.id, Money(amount), None)) == expected

    @rule(person=people)
    def leave(self, person: Actor) -> None:
        if person.id not in self.model.gone:
            expected = self.model.leave(person.id, list(self.bought.values()))
            assert self.said(self.shop.accounts.erase(person)) == expected

    @rule(
        target=orders,
        buyer=people,
        wanted=st.dictionaries(items, st.integers(1, 4), min_size=1, max_size=3),
        how=st.sampled_from(Payment),
    )
    def place(self, buyer: Actor, wanted: dict[Item, int], how: Payment) -> Any:
        lines = {item.id: many for item, many in wanted.items()}
        total = sum(many * self.model.price[item] for item, many in lines.items())
        new = Bought(buyer.id, lines, total, self.model.now + HOLD_MINUTES)
        expected = self.model.place(new, how is Payment.WALLET)
        order = self.ask(self.shop.order(buyer, wanted, how))
        assert (order if isinstance(order, str) else "ok") == expected
        if expected != "ok":
            return multiple()
        assert order.total == total
        self.bought[order.id] = new
        return order

    @rule(order=orders, to=st.sampled_from(["paid", "cancelled", "shipped", "delivered"]))
    def move(self, order: Order, to: str) -> None:
        uses, actor = self.shop.orders, acting(order.user_id, Role.STAFF)
        verbs = {"paid": uses.pay, "cancelled": uses.cancel, "shipped": uses.ship, "delivered": uses.deliver}
        assert self.said(verbs[to](actor, order.id)) == self.model.move(self.bought[order.id], to)

    @rule(minutes=st.integers(1, HOLD_MINUTES))
    def wait(self, minutes: int) -> None:
        self.shop.clock.advance(minutes=minutes)
        self.model.now += minutes
        for order in self.bought.values():
            if order.due <= self.model.now and order.state == "placed":
                self.model.move(order, "cancelled")
        self.ask(self.shop.lapse())

    def there(self, item: Item) -> str:
        return "ok" if item.id in self.model.stock else "not_found"

    @invariant()
    def the_ledger_sums_to_zero_and_every_balance_to_its_entries(self) -> None:
        assert self.ask(self.shop.verdict()).sound
        for person, balance in self.model.balance.items():
            assert self.ask(self.shop.balance(acting(person))) == balance  # type: ignore[arg-type]

    @invariant()
    def stock_and_what_is_sold_are_what_was_put_in(self) -> None:
        sold: Counter[str] = Counter()
        for id, bought in self.bought.items():
            order: Order = self.ask(self.shop.orders.read(acting(bought.buyer), id))  # type: ignore[arg-type]
            assert order.status == bought.state
            if order.status is not OrderStatus.CANCELLED:
                sold.update({line.item_id: line.quantity for line in order.lines})
        for item, stock in self.model.stock.items():
            assert self.ask(self.shop.stock(item)) == stock == self.put_in[item] - sold[item]  # type: ignore[arg-type]


@asynccontextmanager
async def shops(store: str, url: str) -> AsyncIterator[Callable[[], Shop]]:
    """What answers a shop for each sequence: on memory a new one, elsewhere the same."""
    if store == "memory":
        yield lambda: Shop(MemoryStore())
    else:
        async with opened(url) as shop:
            yield lambda: shop


def test_money_and_stock_are_never_wrong(store: str, database_url: str) -> None:
    many, steps = EXAMPLES[store]
    with asyncio.Runner() as runner:
        opening = shops(store, database_url)
        shop = runner.run(opening.__aenter__())
        try:
            run_state_machine_as_test(
                lambda: Trade(runner, shop()),
                settings=settings(max_examples=many, stateful_step_count=steps, deadline=None),
            )
        finally:
            runner.run(opening.__aexit__(None, None, None))
