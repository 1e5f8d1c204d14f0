"""Orders under the use cases: what becomes of many that want the same at the same time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from domain.access import Actor, Role
from domain.orders import Order, OrderStatus, Payment
from tests.application.shop import Shop, opened, outcomes


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with opened(database_url) as shop:
        yield shop


async def read(shop: Shop, buyer: Actor, order: Order) -> Order:
    return await shop.orders.read(buyer, order.id)


async def test_of_fifty_buyers_of_the_last_one_one_has_it(shop: Shop) -> None:
    buyers = [await shop.person() for _ in range(5)]
    item = await shop.item(1)

    ended = await outcomes(*(shop.order(buyer, item) for buyer in buyers * 10))

    assert ended == {"ok": 1, "out_of_stock": 49}
    assert await shop.stock(item) == 0


async def test_buyers_of_the_same_items_in_any_order_do_not_wait_for_each_other_in_a_ring(shop: Shop) -> None:
    buyers = [await shop.person() for _ in range(6)]
    items = [await shop.item(24) for _ in range(4)]
    turned = [dict.fromkeys(items[n % 4 :] + items[: n % 4], 1) for n in range(24)]

    ended = await outcomes(*(shop.order(buyers[n % 6], lines) for n, lines in enumerate(turned)))

    assert ended == {"ok": 24}
    assert [await shop.stock(item) for item in items] == [0, 0, 0, 0]


async def test_a_wallet_that_pays_many_orders_at_once_pays_no_more_than_it_holds(shop: Shop) -> None:
    buyer = await shop.person(1000)
    items = [await shop.item(5, price=300) for _ in range(4)]

    ended = await outcomes(*(shop.order(buyer, item, Payment.WALLET) for item in items * 3))

    assert ended == {"ok": 3, "insufficient_funds": 9}
    assert await shop.balance(buyer) == 100
    assert sum([await shop.stock(item) for item in items]) == 17
    assert (await shop.verdict()).sound


async def test_an_order_is_paid_once_however_many_pay_it(shop: Shop) -> None:
    buyer = await shop.person(5000)
    order = await shop.order(buyer, await shop.item(1, price=1000))

    ended = await outcomes(*(shop.orders.pay(buyer, order.id) for _ in range(5)))

    assert ended == {"ok": 1, "invalid_transition": 4}
    assert await shop.balance(buyer) == 4000


async def test_an_order_is_cancelled_once_however_many_cancel_it(shop: Shop) -> None:
    buyer, item = await shop.person(1000), await shop.item(3, price=1000)
    order = await shop.order(buyer, item, Payment.WALLET)

    ended = await outcomes(*(shop.orders.cancel(buyer, order.id) for _ in range(5)))

    assert ended == {"ok": 1, "invalid_transition": 4}
    assert (await shop.balance(buyer), await shop.stock(item)) == (1000, 3)


async def test_paying_and_lapsing_at_once_leave_one_of_the_two(shop: Shop) -> None:
    buyer, item = await shop.person(10_000), await shop.item(5, price=1000)
    made = [await shop.order(buyer, item) for _ in range(5)]
    shop.clock.advance(minutes=30)

    await outcomes(shop.lapse(), *(shop.orders.pay(buyer, order.id) for order in made), shop.lapse())

    now = Counter([(await read(shop, buyer, order)).status for order in made])
    assert now.keys() <= {OrderStatus.PAID, OrderStatus.CANCELLED}
    assert await shop.balance(buyer) == 10_000 - 1000 * now[OrderStatus.PAID]
    assert await shop.stock(item) == now[OrderStatus.CANCELLED]


async def test_shipping_and_cancelling_at_once_leave_one_of_the_two(shop: Shop) -> None:
    buyer, staff = await shop.person(1000), await shop.person(role=Role.STAFF)
    item = await shop.item(1, price=1000)
    order = await shop.order(buyer, item, Payment.WALLET)

    ended = await outcomes(shop.orders.ship(staff, order.id), shop.orders.cancel(buyer, order.id))

    shipped = (await read(shop, buyer, order)).status is OrderStatus.SHIPPED
    assert ended == {"ok": 1, "invalid_transition": 1}
    assert (await shop.balance(buyer), await shop.stock(item)) == ((0, 0) if shipped else (1000, 1))


async def test_an_order_has_the_prices_of_one_moment_while_they_change(shop: Shop) -> None:
    buyer, owner = await shop.person(), await shop.person()
    item = await shop.item(50, price=100, tax=1, owner_id=owner.id)
    revise = shop.container.catalogue().revise

    ended = await asyncio.gather(
        *(shop.order(buyer, item) for _ in range(10)), revise(owner, item.id, {"price": 900, "tax": 9})
    )

    assert {order.total for order in ended[:10]} <= {101, 909}
    assert await shop.stock(item) == 40
