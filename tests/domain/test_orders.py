from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.access import SCOPES, Actor, Role, UserId
from domain.catalogue import Item
from domain.errors import Forbidden, NotFound, NotOwner
from domain.money import AmountTooLarge, Money
from domain.orders import (
    TRANSITIONS,
    Address,
    InvalidTransition,
    ItemUnavailable,
    Line,
    Order,
    OrderId,
    OrderStatus,
    OutOfStock,
    put_back,
    take_stock,
)
from tests.builders import NOON, an_item, new_id

LATER = NOON + timedelta(minutes=5)
VERBS: dict[OrderStatus, Any] = {
    OrderStatus.PAID: lambda order: order.paid(LATER),
    OrderStatus.SHIPPED: lambda order: order.shipped(LATER),
    OrderStatus.DELIVERED: lambda order: order.delivered(LATER),
    OrderStatus.CANCELLED: lambda order: order.cancelled(LATER, "customer"),
}


def somebody(role: Role = Role.CUSTOMER) -> Actor:
    return Actor(UserId(new_id()), role, SCOPES[role])


def an_order(*wanted: tuple[Item, int], **over: Any) -> Order:
    lines = [Line.of(item, quantity) for item, quantity in wanted or [(an_item(), 1)]]
    given = {"id": OrderId(new_id()), "user_id": UserId(new_id()), "currency": "EUR", "expires_at": LATER}
    return Order.placed(lines=lines, at=NOON, shipping_address=Address(street="x", city="y"), **given | over)


items = st.builds(
    an_item,
    price=st.integers(1, 10**9).map(Money),
    discount=st.integers(0, 100),
    tax=st.integers(0, 10**6).map(Money),
)


@given(items, st.integers(1, 1000))
@example(an_item(price=Money(5), discount=50), 3)  # half a cent, three times
@example(an_item(price=Money(1), discount=51, tax=Money(1)), 2)
def test_a_line_costs_what_decimals_rounded_half_up_say(item: Item, quantity: int) -> None:
    line = Line.of(item, quantity)

    price, off = Decimal(item.price).scaleb(-2), Decimal(100 - item.discount) / 100
    final = (price * off).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(line.unit_final_price).scaleb(-2) == final
    assert Decimal(line.total).scaleb(-2) == quantity * (final + Decimal(item.tax).scaleb(-2))


@given(st.lists(st.tuples(items, st.integers(1, 1000)), min_size=1, max_size=5))
def test_subtotal_less_discount_plus_tax_is_the_total_of_all_lines(wanted: list[tuple[Item, int]]) -> None:
    order = an_order(*wanted)

    assert order.subtotal - order.discount_total + order.tax_total == order.total
    assert order.total == sum(line.total for line in order.lines)
    assert min(order.subtotal, order.discount_total, order.tax_total) >= 0


@pytest.mark.parametrize(
    "wanted",
    [
        [(an_item(price=Money(10**14 - 1)), 2)],
        [(an_item(price=Money(10**14 - 1), discount=100), 2)],
        [(an_item(price=Money(10**14 - 1)), 1), (an_item(price=Money(1)), 1)],
        [(an_item(price=Money(1), tax=Money(10**14 - 2)), 2)],
    ],
)
def test_no_sum_passes_twelve_digits(wanted: list[tuple[Item, int]]) -> None:
    with pytest.raises(AmountTooLarge):
        an_order(*wanted)


@pytest.mark.parametrize("wanted", VERBS)
@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_becomes_what_is_allowed_and_nothing_else(status: OrderStatus, wanted: OrderStatus) -> None:
    order = replace(an_order(), status=status)

    if wanted in TRANSITIONS[status]:
        now = VERBS[wanted](order)
        assert (now.status, now.updated_at, getattr(now, f"{wanted.value}_at")) == (wanted, LATER, LATER)
        assert (order.status, order.updated_at) == (status, NOON)
    else:
        with pytest.raises(InvalidTransition) as refused:
            VERBS[wanted](order)
        assert refused.value.members == {"state": status.value, "allowed": [s.value for s in TRANSITIONS[status]]}


@pytest.mark.parametrize("verb", [OrderStatus.PAID, OrderStatus.CANCELLED])
def test_what_is_paid_or_cancelled_has_no_time_to_lapse(verb: OrderStatus) -> None:
    order = VERBS[verb](an_order(expires_at=LATER))

    assert order.expires_at is None
    assert not order.has_lapsed(LATER + timedelta(days=1))


def test_an_order_lapses_at_its_time_and_not_before() -> None:
    order = an_order(expires_at=LATER)

    assert order.has_lapsed(LATER)
    assert not order.has_lapsed(LATER - timedelta(milliseconds=1))


def test_its_buyer_may_pay_staff_may_look_and_others_find_nothing() -> None:
    buyer, staff, stranger = somebody(), somebody(Role.STAFF), somebody()
    order = an_order(user_id=buyer.id)

    order.require_buyer(buyer)
    order.require_seen_by(staff)
    for refused, refusal, may in (
        (staff, NotOwner, order.require_buyer),
        (stranger, NotFound, order.require_buyer),
        (stranger, NotFound, order.require_seen_by),
        (buyer, Forbidden, order.require_handler),
        (stranger, NotFound, order.require_handler),
    ):
        with pytest.raises(refusal):
            may(refused)


def test_taking_answers_the_items_in_the_order_asked_with_less_in_stock() -> None:
    one, other = an_item(stock=5), an_item(stock=2)

    taken = take_stock([one, other], {other.id: 2, one.id: 1}, somebody(), LATER)

    assert [(item.id, item.stock, item.updated_at) for item in taken] == [(other.id, 0, LATER), (one.id, 4, LATER)]


def test_what_is_unavailable_is_named_before_what_is_short() -> None:
    buyer = somebody()
    own, hidden, short = an_item(owner_id=buyer.id, is_public=False), an_item(is_public=False), an_item(stock=1)
    gone = an_item()
    wanted = {own.id: 1, hidden.id: 1, short.id: 2, gone.id: 1}

    with pytest.raises(ItemUnavailable) as unavailable:
        take_stock([own, hidden, short], wanted, buyer, LATER)
    with pytest.raises(OutOfStock) as out:
        take_stock([own, short], {short.id: 2, own.id: 1}, buyer, LATER)

    assert unavailable.value.members["lines"] == [{"item_id": hidden.id}, {"item_id": gone.id}]
    assert out.value.members["lines"] == [
        {"item_id": short.id, "requested": 2, "available": 1},
        {"item_id": own.id, "requested": 1, "available": 0},
    ]


def test_what_several_orders_took_of_one_item_is_put_back_together() -> None:
    shared, other, gone = an_item(stock=10), an_item(stock=0), an_item()
    orders = [an_order((shared, 1), (gone, 5)), an_order((shared, 2), (other, 3))]

    back = put_back([shared, other], orders, LATER)

    assert [(item.id, item.stock) for item in back] == [(shared.id, 13), (other.id, 3)]


@given(st.integers(0, 50), st.integers(1, 60))
def test_what_was_taken_and_put_back_is_what_there_was(stock: int, quantity: int) -> None:
    item = an_item(stock=stock)
    if quantity > stock:
        with pytest.raises(OutOfStock):
            take_stock([item], {item.id: quantity}, somebody(), LATER)
        return

    (taken,) = take_stock([item], {item.id: quantity}, somebody(), LATER)

    assert taken.stock == stock - quantity
    assert put_back([taken], [an_order((item, quantity))], NOON)[0].stock == stock
