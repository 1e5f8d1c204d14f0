from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.persistence.mapping import Collection
from adapters.persistence.query import NEWEST, Compare, Condition, Equal, Key, Query
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.paging import Listing, Window
from domain.webhooks import Deliveries, Delivery, Webhook, WebhookId, Webhooks

WEBHOOKS = Collection("webhooks", Webhook, remembered=True)
DELIVERIES = Collection("deliveries", Delivery, remembered=True)

_THERE = Equal("ended_at", None)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Before all that is kept: what has a time at all comes after it."""


class StoredWebhooks(StoredRepository[Webhook], Webhooks):
    collection = WEBHOOKS

    async def of(self, owner_id: UserId, window: Window) -> Listing[Webhook]:
        return await self._listing(window, Equal("owner_id", owner_id), _THERE)

    async def all_of(self, owner_id: UserId) -> Sequence[Webhook]:
        return await self._all(Equal("owner_id", owner_id), _THERE)

    async def active(self) -> Sequence[Webhook]:
        return await self._all(Equal("is_active", True), order=(Key("id"),))

    async def ended(self, limit: int) -> Sequence[Webhook]:
        """Only those have a time at which they ended."""
        found = await self._session.find(WEBHOOKS, Query((Compare("ended_at", ">", _LONG_AGO),), (), limit))
        return self._load_all(found)


class StoredDeliveries(StoredRepository[Delivery], Deliveries):
    collection = DELIVERIES

    async def of(self, webhook_id: WebhookId, window: Window) -> Listing[Delivery]:
        return await self._listing(window, Equal("webhook_id", webhook_id))

    async def some_of(self, webhook_id: WebhookId, limit: int) -> Sequence[Delivery]:
        return await self._some((Equal("webhook_id", webhook_id),), NEWEST, limit)

    async def due(self, at: datetime, limit: int) -> Sequence[Delivery]:
        """Only those that are queued have a time at which they are due."""
        return await self._some((Compare("due_at", "<=", at),), (Key("due_at"),), limit)

    async def next_due(self) -> Sequence[Delivery]:
        return await self._some((Compare("due_at", ">", _LONG_AGO),), (Key("due_at"),), 1)

    async def old(self, before: datetime, limit: int) -> Sequence[Delivery]:
        where = (Compare("created_at", "<=", before), Equal("due_at", None))
        return await self._some(where, (Key("created_at"),), limit)

    async def _some(self, where: tuple[Condition, ...], order: tuple[Key, ...], limit: int) -> Sequence[Delivery]:
        return self._load_all(await self._session.find(DELIVERIES, Query(where, order, limit)))
