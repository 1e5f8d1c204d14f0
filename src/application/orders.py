"""Orders: placing, paying, cancelling, shipping and delivering them.

What a unit decides on is held in one order everywhere, orders before items before wallets, so that no two wait for each
other. Stock, money, the order and its facts are committed together or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from application.wallets import Book
from domain.access import Actor, UserId
from domain.catalogue import ItemId
from domain.events import Fact
from domain.orders import Address, Line, Order, OrderId, OrderStatus, Payment, lines_of, put_back, take_stock
from domain.paging import Listing, Window
from domain.repository import held

LAPSED = "lapsed"
SWEEP = 100


def _told(type: str, order: Order) -> Fact:
    return Fact(type=type, resource=f"order:{order.id}", owner_id=order.user_id)


async def cancel(
    unit: UnitOfWork, orders: Sequence[Order], *, reason: str, at: datetime, by: UserId | None
) -> list[Order]:
    """Puts their stock back, all at once: two may have taken from one item. Raises `InvalidTransition`."""
    cancelled = [order.cancelled(at, reason) for order in orders]
    for item in put_back(await unit.items.hold(*(line.item_id for line in lines_of(orders))), orders, at):
        unit.items.save(item)
    for order in orders:
        unit.tell(_told("order.lapsed" if reason == LAPSED else "order.cancelled", order), actor=by)
    return [unit.orders.save(order) for order in cancelled]


@use_case
class PlaceOrder:
    """All or nothing. Raises `ItemUnavailable`, `OutOfStock`, `InsufficientFunds`, `AmountTooLarge`."""

    units: Units
    clock: Clock
    ids: Ids
    book: Book
    currency: str
    hold_for: timedelta

    async def __call__(
        self,
        actor: Actor,
        wanted: Mapping[ItemId, int],
        address: Address,
        notes: str | None,
        payment: Payment,
        operation: Operation | None = None,
    ) -> Order:
        async with self.units.open(operation) as unit:
            items, at = await unit.items.hold(*wanted), self.clock()
            taken = take_stock(items, wanted, actor, at)
            order = Order.placed(
                id=OrderId(self.ids()),
                user_id=actor.id,
                lines=[Line.of(item, wanted[item.id]) for item in taken],
                currency=self.currency,
                shipping_address=address,
                notes=notes,
                payment=payment,
                expires_at=at + self.hold_for,
                at=at,
            )
            for item in taken:
                unit.items.save(item)
            unit.tell(_told("order.placed", order), actor=actor.id)
            if payment is Payment.WALLET:
                self.book.pay(unit, await held(unit.wallets, actor.id), order.total, order.id)
                order = order.paid(at)
                unit.tell(_told("order.paid", order), actor=actor.id)
            return await unit.commit(unit.orders.add(order))


@use_case
class ReadOrder:
    units: Units

    async def __call__(self, actor: Actor, id: str) -> Order:
        async with self.units.open() as unit:
            order = await unit.orders.get(id)
        order.require_seen_by(actor)
        return order


@use_case
class ListOrders:
    units: Units

    async def __call__(self, actor: Actor, statuses: Sequence[OrderStatus], window: Window) -> Listing[Order]:
        async with self.units.open() as unit:
            return await unit.orders.seen_by(actor, statuses, window)


@use_case
class PayOrder:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`, `InvalidTransition`, `InsufficientFunds`."""

    units: Units
    clock: Clock
    book: Book

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Order:
        async with self.units.open(operation) as unit:
            order = await held(unit.orders, id)
            order.require_buyer(actor)
            require_version(order.version, expected)
            paid = order.paid(self.clock())
            self.book.pay(unit, await held(unit.wallets, actor.id), order.total, order.id)
            unit.tell(_told("order.paid", order), actor=actor.id)
            return await unit.commit(unit.orders.save(paid))


@use_case
class CancelOrder:
    """By its buyer or staff. Raises `NotFound`, `PreconditionFailed`, `InvalidTransition`."""

    units: Units
    clock: Clock
    book: Book

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Order:
        async with self.units.open(operation) as unit:
            order = await held(unit.orders, id)
            order.require_seen_by(actor)
            require_version(order.version, expected)
            reason = "customer" if actor.id == order.user_id else "staff"
            (cancelled,) = await cancel(unit, [order], reason=reason, at=self.clock(), by=actor.id)
            if order.paid_at is not None:
                self.book.refund(unit, await held(unit.wallets, order.user_id), order.total, order.id)
            return await unit.commit(cancelled)


@use_case
class ShipOrder:
    """By staff. Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `InvalidTransition`."""

    units: Units
    clock: Clock

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Order:
        async with self.units.open(operation) as unit:
            order = await held(unit.orders, id)
            order.require_handler(actor)
            require_version(order.version, expected)
            unit.tell(_told("order.shipped", order), actor=actor.id)
            return await unit.commit(unit.orders.save(order.shipped(self.clock())))


@use_case
class DeliverOrder:
    """By staff. Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `InvalidTransition`."""

    units: Units
    clock: Clock

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Order:
        async with self.units.open(operation) as unit:
            order = await held(unit.orders, id)
            order.require_handler(actor)
            require_version(order.version, expected)
            unit.tell(_told("order.delivered", order), actor=actor.id)
            return await unit.commit(unit.orders.save(order.delivered(self.clock())))


@use_case
class LapseOrders:
    """Cancels those whose time to be paid is over, each in a unit of its own; answers how many."""

    units: Units
    clock: Clock

    async def __call__(self) -> int:
        lapsed, at = 0, self.clock()
        while due := await self._due(at):
            for order in due:
                lapsed += await self._lapse(order.id, at)
        return lapsed

    async def _due(self, at: datetime) -> Sequence[Order]:
        async with self.units.open() as unit:
            return await unit.orders.lapsed(at, SWEEP)

    async def _lapse(self, id: OrderId, at: datetime) -> bool:
        async with self.units.open() as unit:
            order = await held(unit.orders, id)
            if not order.has_lapsed(at):
                return False  # paid, or another process was faster
            await unit.commit(await cancel(unit, [order], reason=LAPSED, at=at, by=None))
            return True


@dataclass(frozen=True, slots=True)
class Orders:
    """The use cases of this feature."""

    place: PlaceOrder
    read: ReadOrder
    list: ListOrders
    pay: PayOrder
    cancel: CancelOrder
    ship: ShipOrder
    deliver: DeliverOrder
