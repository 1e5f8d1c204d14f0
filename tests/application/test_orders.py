"""Orders under the use cases: what is told of them, and what becomes of two that want the same at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest

from application.ports.unit_of_work import Answer, Operation
from domain.access import Actor, Role
from domain.errors import AlreadyExists, Refusal
from domain.orders import InvalidTransition, Order, OrderStatus, OutOfStock, Payment
from domain.wallets import InsufficientFunds
from tests.application.shop import Shop, opened
from tests.builders import new_id


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with opened(database_url) as shop:
        yield shop


async def outcomes(*work: Awaitable[Any]) -> Counter[str]:
    """How each ends that runs at the same time: `ok`, or the code of its refusal."""
    ended = await asyncio.gather(*work, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException) and not isinstance(error, Refusal):
            raise error
    return Counter(end.code if isinstance(end, Refusal) else "ok" for end in ended)


async def read(shop: Shop, buyer: Actor, order: Order) -> Order:
    return await shop.orders.read(buyer, order.id)


async def test_each_step_is_told_with_who_did_it_and_whose_it_is(shop: Shop) -> None:
    buyer, staff = await shop.person(1000), await shop.person(role=Role.STAFF)
    item = await shop.item(5, price=1000)

    order = await shop.order(buyer, item, Payment.WALLET)
    await shop.orders.ship(staff, order.id)
    await shop.orders.deliver(staff, order.id)
    refunded = await shop.order(buyer, await shop.item(1, discount=100), Payment.WALLET)
    await shop.orders.cancel(staff, refunded.id)

    steps = [f"order.{step}" for step in ("placed", "paid", "shipped", "delivered", "cancelled", "lapsed")]
    told = await shop.told(*steps)
    assert [(fact.type, fact.actor_id) for fact in told if fact.resource == f"order:{order.id}"] == [
        ("order.placed", buyer.id),
        ("order.paid", buyer.id),
        ("order.shipped", staff.id),
        ("order.delivered", staff.id),
    ]
    assert [fact.type for fact in told if fact.resource == f"order:{refunded.id}"][-1] == "order.cancelled"
    assert {(fact.owner_id, fact.public) for fact in told} == {(buyer.id, False)}


async def test_a_lapse_is_told_as_nobodys_deed(shop: Shop) -> None:
    buyer = await shop.person()
    order = await shop.order(buyer, await shop.item(1))
    shop.clock.advance(minutes=30)

    lapsed = await shop.lapse()

    (fact,) = await shop.told("order.lapsed", "order.cancelled")
    assert (lapsed, fact.type, fact.actor_id, fact.resource) == (1, "order.lapsed", None, f"order:{order.id}")


async def test_what_is_refused_tells_nothing(shop: Shop) -> None:
    buyer = await shop.person()
    item = await shop.item(1)

    refused = await outcomes(shop.order(buyer, item, Payment.WALLET), shop.order(buyer, {item: 2}))

    assert refused == {"insufficient_funds": 1, "out_of_stock": 1}
    assert await shop.told("order.placed", "order.paid") == []


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


async def test_one_operation_that_is_done_twice_at_once_is_done_once(shop: Shop) -> None:
    """As two processes do it, that do not know of each other."""
    buyer, item = await shop.person(5000), await shop.item(5, price=1000)
    operation = Operation(new_id(), "same", lambda order: Answer(201, {}, order.id))

    ended = await outcomes(*(shop.order(buyer, item, Payment.WALLET, operation) for _ in range(4)))

    assert ended == {"ok": 1, AlreadyExists.code: 3}
    assert (await shop.stock(item), await shop.balance(buyer)) == (4, 4000)
    (fact,) = await shop.told("order.placed")
    answer = await shop.units.answered(operation.id)
    assert fact.resource == f"order:{answer.body}"


@pytest.mark.parametrize("refusal", [OutOfStock, InsufficientFunds, InvalidTransition])
async def test_an_operation_that_was_refused_has_no_answer(shop: Shop, refusal: type[Refusal]) -> None:
    buyer, item = await shop.person(), await shop.item(1)
    operation = Operation(new_id(), "same", lambda _: Answer(200, {}, ""))
    order = await shop.order(buyer, {item: 1})
    await shop.orders.cancel(buyer, order.id)
    work = {
        OutOfStock: lambda: shop.order(buyer, {item: 2}, Payment.WALLET, operation),
        InsufficientFunds: lambda: shop.order(buyer, item, Payment.WALLET, operation),
        InvalidTransition: lambda: shop.orders.pay(buyer, order.id, None, operation),
    }

    with pytest.raises(refusal):
        await work[refusal]()

    assert await shop.units.answered(operation.id) is None
