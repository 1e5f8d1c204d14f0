from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import SCOPES, Actor, Role, UserId
from domain.catalogue import ItemId
from domain.money import Money
from domain.orders import Address, Line, Order, OrderId, OrderStatus, Payment
from domain.paging import PageRequest
from tests.builders import FIRST, GREATEST, LAST, MS, NASTY, NOON, new_id
from tests.contracts.support import kinds, page, paged, walked

TEXT = "".join(NASTY)


def a_line(**over: Any) -> Line:
    given = {"item_id": ItemId(new_id()), "name": "Kettle", "quantity": 2, "unit_price": Money(1000), "discount": 10}
    return Line(**given | {"unit_final_price": Money(900), "unit_tax": Money(5), "total": Money(1810)} | over)


def an_order(**over: Any) -> Order:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": OrderId(new_id()),
        "user_id": UserId(new_id()),
        "lines": (a_line(),),
        "subtotal": Money(2000),
        "discount_total": Money(200),
        "tax_total": Money(10),
        "total": Money(1810),
        "currency": "EUR",
        "shipping_address": Address(street="1 Main St", city="Springfield"),
        "created_at": at,
        "updated_at": at,
    }
    return Order(**given | over)


def a_full_order() -> Order:
    most = Money(10**14 - 1)
    return an_order(
        version=7,
        status=OrderStatus.CANCELLED,
        lines=tuple(a_line(name=TEXT, quantity=n, unit_price=most, total=most) for n in (1, 1000)),
        subtotal=most,
        total=most,
        currency="CHF",
        shipping_address=Address(street=TEXT, city="\U0010ffff", postal_code="$set.a", country="CH"),
        notes=TEXT,
        payment=Payment.WALLET,
        cancel_reason="staff",
        paid_at=FIRST,
        shipped_at=FIRST + MS,
        delivered_at=NOON + 999 * MS,
        cancelled_at=LAST - MS,
        expires_at=LAST,
        created_at=FIRST,
        updated_at=LAST,
    )


async def keep(units: StoredUnits, *orders: Order) -> None:
    async with units.open() as unit:
        for order in orders:
            unit.orders.add(order)
        await unit.commit(None)


async def seen(units: StoredUnits, actor: Actor, *statuses: OrderStatus) -> set[str]:
    async with units.open() as unit:
        found = page(await unit.orders.seen_by(actor, statuses, PageRequest(size=100)))
        assert found.total == len(found.items)
        return {order.id for order in found.items}


async def due(units: StoredUnits, at: Any, limit: int = 100) -> Sequence[Order]:
    async with units.open() as unit:
        return await unit.orders.lapsed(at, limit)


def acting(id: UserId, role: Role = Role.CUSTOMER) -> Actor:
    return Actor(id, role, SCOPES[role])


async def test_what_is_got_equals_what_was_put(units: StoredUnits) -> None:
    full, bare = a_full_order(), an_order()
    await keep(units, full, bare)

    for put in (full, bare):
        async with units.open() as unit:
            got = await unit.orders.get(put.id)
            assert await unit.orders.hold(put.id) == [put]
            assert page(await unit.orders.seen_by(acting(put.user_id), (), PageRequest())).items == [put]
        assert got == put
        assert kinds(got) == kinds(put)


async def test_everybody_sees_theirs_and_staff_see_all(units: StoredUnits) -> None:
    mine, theirs = an_order(), an_order()
    await keep(units, mine, theirs)

    assert await seen(units, acting(mine.user_id)) == {mine.id}
    assert await seen(units, acting(UserId(new_id()))) == set()
    assert await seen(units, acting(UserId(new_id()), Role.STAFF)) == {mine.id, theirs.id}
    assert await seen(units, acting(UserId(new_id()), Role.ADMIN)) == {mine.id, theirs.id}


async def test_statuses_are_any_of_those_given(units: StoredUnits) -> None:
    owner = UserId(new_id())
    by_status = {status: an_order(user_id=owner, status=status) for status in OrderStatus}
    await keep(units, *by_status.values(), an_order(status=OrderStatus.PAID))

    for wanted in ((OrderStatus.PAID,), (OrderStatus.SHIPPED, OrderStatus.PLACED), tuple(OrderStatus), ()):
        assert await seen(units, acting(owner), *wanted) == {by_status[status].id for status in wanted or OrderStatus}


async def test_lists_are_newest_first_and_of_one_moment_by_id(units: StoredUnits) -> None:
    owner = UserId(new_id())
    orders = [an_order(user_id=owner, created_at=NOON + timedelta(minutes=n // 3)) for n in range(8)]
    await keep(units, *orders)
    expected = sorted(sorted(orders, key=lambda order: order.id), key=lambda order: order.created_at, reverse=True)

    async with units.open() as unit:
        pages = await paged(lambda window: unit.orders.seen_by(acting(owner), (), window), 3)
        walk = await walked(lambda window: unit.orders.seen_by(acting(owner), (), window), 3)
        assert await unit.orders.all_of(owner) == expected

    assert pages == walk == expected


async def test_all_of_somebody_may_be_narrowed_by_status(units: StoredUnits) -> None:
    owner = UserId(new_id())
    placed, paid = an_order(user_id=owner), an_order(user_id=owner, status=OrderStatus.PAID)
    await keep(units, placed, paid, an_order())

    async with units.open() as unit:
        assert await unit.orders.all_of(owner, OrderStatus.PLACED) == [placed]


async def test_due_are_those_whose_time_has_come_the_longest_first(units: StoredUnits) -> None:
    times = [NOON + timedelta(minutes=n) for n in (3, 1, 2)]
    late, soon, next_one = orders = [an_order(expires_at=at) for at in times]
    await keep(units, *orders, an_order(expires_at=None))

    assert await due(units, NOON + timedelta(minutes=2)) == [soon, next_one]
    assert await due(units, NOON + timedelta(minutes=2) - MS) == [soon]
    assert await due(units, LAST, limit=2) == [soon, next_one]
    assert await due(units, LAST) == [soon, next_one, late]


async def test_the_greatest_integer_in_a_line_is_kept(units: StoredUnits) -> None:
    order = an_order(lines=(a_line(quantity=GREATEST),))
    await keep(units, order)

    async with units.open() as unit:
        assert (await unit.orders.get(order.id)).lines[0].quantity == GREATEST
