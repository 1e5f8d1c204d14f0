"""Managing one's own webhooks, and looking at what was delivered."""

from collections.abc import Sequence
from datetime import datetime

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.ports.wake import Wake
from application.ports.webhooks import Secrets, Sender
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.errors import Unauthenticated
from domain.events import Fact
from domain.messages import event_names
from domain.paging import Listing, Window
from domain.repository import held
from domain.webhooks import (
    MAX_WEBHOOKS,
    Delivery,
    DeliveryId,
    TooManyWebhooks,
    Webhook,
    WebhookId,
)


def _told(type: str, webhook: Webhook) -> Fact:
    return Fact(type=type, resource=f"webhook:{webhook.id}", owner_id=webhook.owner_id)


def _end(unit: UnitOfWork, webhook: Webhook, at: datetime) -> None:
    unit.webhooks.save(webhook.ended(at))
    unit.tell(_told("webhook.deleted", webhook), actor=webhook.owner_id)


async def leave(unit: UnitOfWork, owner_id: UserId, at: datetime) -> None:
    """Ends those of somebody who goes."""
    for webhook in await unit.webhooks.all_of(owner_id):
        _end(unit, webhook, at)


@use_case
class AddWebhook:
    """Answers what is kept of it, and its secret: this once.

    Raises `UnknownEvent`, `PrivateAddress`, `TooManyWebhooks`.
    """

    units: Units
    clock: Clock
    ids: Ids
    sender: Sender
    secrets: Secrets

    async def __call__(
        self, actor: Actor, url: str, events: Sequence[str], operation: Operation | None = None
    ) -> tuple[Webhook, str]:
        names = event_names(events)
        await self.sender.require_public(url)
        secret = self.secrets.new()
        async with self.units.open(operation) as unit:
            owner = await held(unit.users, actor.id)  # one after the other, so that they are counted
            if not owner.is_active:
                raise Unauthenticated()
            if len(await unit.webhooks.all_of(actor.id)) >= MAX_WEBHOOKS:
                raise TooManyWebhooks()
            webhook = Webhook(
                id=WebhookId(self.ids()),
                owner_id=actor.id,
                url=url,
                events=names,
                sealed_secret=self.secrets.seal(secret),
                created_at=self.clock(),
            )
            unit.webhooks.add(webhook)
            unit.tell(_told("webhook.created", webhook), actor=actor.id)
            return await unit.commit((webhook, secret))


@use_case
class ListWebhooks:
    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[Webhook]:
        async with self.units.open() as unit:
            return await unit.webhooks.of(actor.id, window)


@use_case
class EndWebhook:
    """Raises `NotFound`, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            webhook = await held(unit.webhooks, id)
            webhook.require_owner(actor)
            require_version(webhook.version, expected)
            _end(unit, webhook, self.clock())
            await unit.commit(None)


@use_case
class ListDeliveries:
    """Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, id: str, window: Window) -> Listing[Delivery]:
        async with self.units.open() as unit:
            webhook = await unit.webhooks.get(id)
            webhook.require_owner(actor)
            return await unit.deliveries.of(webhook.id, window)


@use_case
class Redeliver:
    """At once, whatever became of it before. Raises `NotFound`, `WebhookInactive`."""

    units: Units
    clock: Clock
    wake: Wake

    async def __call__(self, actor: Actor, id: str, operation: Operation | None = None) -> Delivery:
        async with self.units.open(operation) as unit:
            delivery = await held(unit.deliveries, DeliveryId(id))
            webhook = await unit.webhooks.get(delivery.webhook_id)
            webhook.require_owner(actor)
            webhook.require_active()
            queued = await unit.commit(unit.deliveries.save(delivery.queued_again(self.clock())))
        self.wake.ring("deliveries")
        return queued
