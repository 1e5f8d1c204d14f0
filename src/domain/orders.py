"""Orders: what was bought at the prices of that day, and how far it has come."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain import money
from domain.access import Actor, UserId
from domain.catalogue import MOST_STOCK, Item, ItemId
from domain.errors import Forbidden, NotFound, NotOwner, Rejected
from domain.money import Money
from domain.paging import Listing, Window
from domain.repository import Repository

OrderId = NewType("OrderId", str)


class OrderStatus(StrEnum):
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Payment(StrEnum):
    WALLET = "wallet"
    LATER = "later"


TRANSITIONS: Mapping[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.PLACED: (OrderStatus.PAID, OrderStatus.CANCELLED),
    OrderStatus.PAID: (OrderStatus.SHIPPED, OrderStatus.CANCELLED),
    OrderStatus.SHIPPED: (OrderStatus.DELIVERED,),
    OrderStatus.DELIVERED: (),
    OrderStatus.CANCELLED: (),
}


class InvalidTransition(Rejected):
    """`state` is where the order is, `allowed` where it may go from there."""

    code = "invalid_transition"

    def __init__(self, state: OrderStatus, wanted: OrderStatus) -> None:
        super().__init__(
            f"A {state} order cannot become {wanted}.", state=state.value, allowed=[s.value for s in TRANSITIONS[state]]
        )


class ItemUnavailable(Rejected):
    """`lines` names the items that cannot be ordered."""

    code = "item_unavailable"
    detail = "Some of the items cannot be ordered."


class OutOfStock(Rejected):
    """`lines` says of each item at fault how many were requested and how many are available."""

    code = "out_of_stock"
    detail = "There are not enough of some of the items."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    street: str
    city: str
    postal_code: str | None = None
    country: str = "US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Prices and tax are for one, as on the day."""

    item_id: ItemId
    name: str
    quantity: int
    unit_price: Money
    discount: int
    unit_final_price: Money
    unit_tax: Money
    total: Money

    @classmethod
    def of(cls, item: Item, quantity: int) -> Self:
        """Raises `AmountTooLarge`."""
        return cls(
            item_id=item.id,
            name=item.name,
            quantity=quantity,
            unit_price=item.price,
            discount=item.discount,
            unit_final_price=item.final_price,
            unit_tax=item.tax,
            total=money.total(quantity * item.price_with_tax),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`subtotal - discount_total + tax_total = total`. An unpaid one lapses at `expires_at`."""

    id: OrderId
    version: int = 1
    user_id: UserId
    status: OrderStatus = OrderStatus.PLACED
    lines: tuple[Line, ...]
    subtotal: Money
    discount_total: Money
    tax_total: Money
    total: Money
    currency: str
    shipping_address: Address
    notes: str | None = None
    payment: Payment = Payment.LATER
    cancel_reason: str | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    expires_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def placed(cls, *, lines: Sequence[Line], at: datetime, **rest: Any) -> Self:
        """Raises `AmountTooLarge` where a sum passes twelve digits."""
        subtotal = money.total(*(line.quantity * line.unit_price for line in lines))
        final = sum(line.quantity * line.unit_final_price for line in lines)
        return cls(
            lines=tuple(lines),
            subtotal=subtotal,
            discount_total=money.total(subtotal - final),
            tax_total=money.total(*(line.quantity * line.unit_tax for line in lines)),
            total=money.total(*(line.total for line in lines)),
            created_at=at,
            updated_at=at,
            **rest,
        )

    def paid(self, at: datetime) -> Self:
        return self._became(OrderStatus.PAID, at, paid_at=at, expires_at=None)

    def shipped(self, at: datetime) -> Self:
        return self._became(OrderStatus.SHIPPED, at, shipped_at=at)

    def delivered(self, at: datetime) -> Self:
        return self._became(OrderStatus.DELIVERED, at, delivered_at=at)

    def cancelled(self, at: datetime, reason: str) -> Self:
        return self._became(OrderStatus.CANCELLED, at, cancelled_at=at, cancel_reason=reason, expires_at=None)

    def has_lapsed(self, at: datetime) -> bool:
        return self.status is OrderStatus.PLACED and self.expires_at is not None and self.expires_at <= at

    def _became(self, status: OrderStatus, at: datetime, **changes: Any) -> Self:
        """Raises `InvalidTransition`."""
        if status not in TRANSITIONS[self.status]:
            raise InvalidTransition(self.status, status)
        return replace(self, status=status, updated_at=at, **changes)

    def require_seen_by(self, actor: Actor) -> None:
        """Raises `NotFound`."""
        if not (actor.is_staff or actor.id == self.user_id):
            raise NotFound()

    def require_buyer(self, actor: Actor) -> None:
        """Raises `NotFound` where the actor may not see it, `NotOwner` where it is another's."""
        self.require_seen_by(actor)
        if actor.id != self.user_id:
            raise NotOwner("Only its buyer may pay an order.")

    def require_handler(self, actor: Actor) -> None:
        """Raises `NotFound` where the actor may not see it, `Forbidden` where they are not staff."""
        self.require_seen_by(actor)
        if not actor.is_staff:
            raise Forbidden("Only staff may do this.")


def take_stock(items: Sequence[Item], wanted: Mapping[ItemId, int], actor: Actor, at: datetime) -> list[Item]:
    """The items with what is wanted taken from their stock. Raises `ItemUnavailable`, then `OutOfStock`."""
    found = {item.id: item for item in items if item.is_public or item.owner_id == actor.id}
    missing = [{"item_id": id} for id in wanted if id not in found]
    if missing:
        raise ItemUnavailable(lines=missing)
    short = [
        {"item_id": id, "requested": quantity, "available": found[id].stock}
        for id, quantity in wanted.items()
        if found[id].stock < quantity
    ]
    if short:
        raise OutOfStock(lines=short)
    return [found[id].revised(at, stock=found[id].stock - quantity) for id, quantity in wanted.items()]


def put_back(items: Sequence[Item], orders: Sequence[Order], at: datetime) -> list[Item]:
    """Those items that there still are, with what the orders took of them in stock again, as far as one can count."""
    taken: Counter[ItemId] = Counter()
    for line in lines_of(orders):
        taken[line.item_id] += line.quantity
    return [item.revised(at, stock=min(item.stock + taken[item.id], MOST_STOCK)) for item in items]


def lines_of(orders: Sequence[Order]) -> list[Line]:
    return [line for order in orders for line in order.lines]


class Orders(Repository[Order], Protocol):
    @abstractmethod
    async def seen_by(self, actor: Actor, statuses: Sequence[OrderStatus], window: Window) -> Listing[Order]:
        """Theirs, all for staff; of any of the statuses where some are given; newest first."""

    @abstractmethod
    async def all_of(self, user_id: UserId, *statuses: OrderStatus) -> Sequence[Order]:
        """Theirs, for export and for cancelling them."""

    @abstractmethod
    async def lapsed(self, at: datetime, limit: int) -> Sequence[Order]:
        """Some of those whose time to be paid is over."""
