"""Which of the events go to which webhooks: a hook of the relay, so that both are one commit."""

import asyncio
from collections.abc import Callable, Sequence

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.showing import Showing
from application.ports.unit_of_work import UnitOfWork
from application.use_case import use_case
from domain.access import SCOPES, Actor
from domain.errors import Refusal
from domain.events import Event
from domain.webhooks import Delivery, DeliveryId, Webhook


@use_case
class FanOut:
    """Adds a delivery for each active webhook that wants an event which its owner may hear of.

    What happened before a webhook was there is none of its business. An event that cannot be shown is told to `failed`
    and left out: it would be tried for ever, and everybody's events would wait behind it.
    """

    clock: Clock
    ids: Ids
    showing: Showing
    failed: Callable[[str, BaseException], None]

    async def __call__(self, unit: UnitOfWork, events: Sequence[Event]) -> None:
        webhooks = await unit.webhooks.active()
        wanting = [(event, [each for each in webhooks if _wants(each, event)]) for event in events]
        wanting = [(event, several) for event, several in wanting if several]
        if not wanting:
            return
        owners = await unit.users.among(sorted({webhook.owner_id for _, several in wanting for webhook in several}))
        receivers = {user.id: Actor(user.id, user.role, SCOPES[user.role]) for user in owners if user.is_active}
        for event, several in wanting:
            told = [webhook for webhook in several if webhook.owner_id in receivers]
            messages = await asyncio.gather(*[self._message(event, receivers[each.owner_id]) for each in told])
            for webhook, message in zip(told, messages, strict=True):
                if message is not None:
                    unit.deliveries.add(self._delivery(event, webhook, message.decode()))

    async def _message(self, event: Event, receiver: Actor) -> bytes | None:
        try:
            return await self.showing(event, receiver)
        except Refusal:
            raise  # the store is away, or met another unit: all of it is done again
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one event is not the others'
            self.failed(event.id, error)
            return None

    def _delivery(self, event: Event, webhook: Webhook, body: str) -> Delivery:
        at = self.clock()
        return Delivery(
            id=DeliveryId(self.ids()),
            webhook_id=webhook.id,
            message_id=event.id,
            event=event.type,
            body=body,
            next_attempt_at=at,
            due_at=at,
            created_at=at,
        )


def _wants(webhook: Webhook, event: Event) -> bool:
    return webhook.wants(event.type) and webhook.created_at <= event.occurred_at
