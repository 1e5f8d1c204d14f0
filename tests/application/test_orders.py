"""Orders under the use cases: what is told of them, and which operations have an answer."""

from collections.abc import AsyncIterator

import pytest

from application.ports.unit_of_work import Answer, Operation
from domain.access import Role
from domain.errors import AlreadyExists, Refusal
from domain.orders import InvalidTransition, OutOfStock, Payment
from domain.wallets import InsufficientFunds
from tests.application.shop import Shop, opened, outcomes
from tests.builders import new_id


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with opened(database_url) as shop:
        yield shop


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
