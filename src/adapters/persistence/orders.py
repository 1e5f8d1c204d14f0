from collections.abc import Sequence
from datetime import datetime

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, Compare, Condition, Equal, Key, Query
from adapters.persistence.repository import StoredRepository
from domain.access import Actor, UserId
from domain.orders import Order, Orders, OrderStatus
from domain.paging import Listing, Window

ORDERS = Collection("orders", Order, remembered=True)


class StoredOrders(StoredRepository[Order], Orders):
    collection = ORDERS

    async def seen_by(self, actor: Actor, statuses: Sequence[OrderStatus], window: Window) -> Listing[Order]:
        own = () if actor.is_staff else (Equal("user_id", actor.id),)
        return await self._listing(window, *own, *_any_of(statuses))

    async def all_of(self, user_id: UserId, *statuses: OrderStatus) -> Sequence[Order]:
        return await self._all(Equal("user_id", user_id), *_any_of(statuses))

    async def lapsed(self, at: datetime, limit: int) -> Sequence[Order]:
        """Only unpaid ones have a time at which they expire."""
        query = Query((Compare("expires_at", "<=", at),), (Key("expires_at"),), limit)
        return self._load_all(await self._session.find(ORDERS, query))


def _any_of(statuses: Sequence[OrderStatus]) -> tuple[Condition, ...]:
    return (Among("status", [status.value for status in statuses]),) if statuses else ()
