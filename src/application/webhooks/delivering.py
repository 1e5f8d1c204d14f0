"""Delivering: due deliveries are claimed on a lease, sent side by side, and each outcome kept.

At least once: a process that dies in the middle leaves a lease that ends, and another one sends again. The receiver
tells a repetition by its `webhook-id`.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Units
from application.ports.wake import Bell, Wake
from application.ports.webhooks import Secrets, Sender
from domain.errors import Conflict, NotFound, Refusal
from domain.messages import Outcome, signature
from domain.webhooks import Delivery, Webhook

AT_ONCE = 64
AT_ONCE_EACH = 8
"""So many are under way to one webhook: a receiver that hangs does not hold up the others."""

LOOKED_AT = 256
CROWDED = timedelta(seconds=2)
"""How long what waits for its own webhook gives way to others."""

LEASE_BEYOND = timedelta(seconds=10)
"""How much longer than an attempt may take a lease is."""

POLL_S = 1.0
"""How soon what other processes commit is found."""

SHORTEST_S = 0.01
INACTIVE, UNREADABLE = "webhook_inactive", "secret_unreadable"


@dataclass(slots=True)
class Courier:
    """What this process delivers. `retry` are the pauses after failed attempts."""

    units: Units
    clock: Clock
    ids: Ids
    sender: Sender
    secrets: Secrets
    wake: Wake
    retry: Sequence[timedelta]
    timeout: timedelta
    _under_way: dict[str, tuple[asyncio.Task[None], Delivery]] = field(default_factory=dict)

    async def run(self) -> None:
        """Until it is cancelled. Raises what a store raises."""
        bell = self.wake.bell("deliveries")
        try:
            while True:
                began = self.clock()
                claimed = await self.claim()
                for delivery in claimed:
                    task = asyncio.create_task(self._deliver_and_ring(delivery))
                    self._under_way[delivery.id] = task, delivery
                if not claimed:
                    await self._rest(bell, began)
        finally:
            await self._stop()

    async def claim(self) -> Sequence[Delivery]:
        """Takes up what is due, as much as there is room for."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return []
        at = self.clock()
        async with self.units.open() as unit:
            due = await unit.deliveries.due(at, LOOKED_AT)
            if not due:
                return []
            taken, busy, claimed = 0, Counter(each.webhook_id for _, each in self._under_way.values()), []
            held = {each.id: each for each in await unit.deliveries.hold(*(each.id for each in due))}
            for delivery in (held[each.id] for each in due if each.id in held and held[each.id].is_due(at)):
                if taken == room:
                    break
                if busy[delivery.webhook_id] >= AT_ONCE_EACH:
                    if len(due) == LOOKED_AT:  # behind it there may be what is for others
                        unit.deliveries.save(delivery.put_off(at + CROWDED))
                    continue
                taken, busy[delivery.webhook_id] = taken + 1, busy[delivery.webhook_id] + 1
                lease = delivery.claimed(self.ids(), at + self.timeout + LEASE_BEYOND)
                claimed.append(unit.deliveries.save(lease))
            try:
                return await unit.commit(claimed)
            except Conflict:
                return []  # another process was faster

    async def deliver(self, claimed: Delivery) -> None:
        """One attempt, and what came of it; nothing where the lease was lost meanwhile."""
        webhook = await self._webhook(claimed)
        outcome = None if webhook is None or not webhook.is_active else await self._sent(webhook, claimed)
        while True:
            try:
                await self._keep(claimed, outcome)
            except Conflict:
                await asyncio.sleep(SHORTEST_S)  # several of one webhook end at once
            else:
                return

    async def _sent(self, webhook: Webhook, claimed: Delivery) -> Outcome:
        secret = self.secrets.open(webhook.sealed_secret)
        if secret is None:
            return Outcome(error=UNREADABLE)
        body, timestamp = claimed.body.encode(), int(self.clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": claimed.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(secret, claimed.message_id, timestamp, body),
        }
        return await self.sender.post(webhook.url, headers, body)

    async def _webhook(self, claimed: Delivery) -> Webhook | None:
        async with self.units.open() as unit:
            try:
                webhook = await unit.webhooks.get(claimed.webhook_id)
                owner = await unit.users.get(webhook.owner_id)
            except NotFound:
                return None
            return webhook if owner.is_active else None

    async def _keep(self, claimed: Delivery, outcome: Outcome | None) -> None:
        """`outcome` None says that it is not to be sent any more."""
        at = self.clock()
        async with self.units.open() as unit:
            found = [each for each in await unit.deliveries.hold(claimed.id) if each.lease == claimed.lease]
            for delivery in found:
                if outcome is None:
                    unit.deliveries.save(delivery.given_up(INACTIVE))
                    continue
                unit.deliveries.save(delivery.attempted(outcome, at, self.retry))
                for webhook in await unit.webhooks.hold(claimed.webhook_id):
                    succeeded = outcome.succeeded
                    unit.webhooks.save(webhook.reached() if succeeded else webhook.missed(at, outcome.status))
            await unit.commit(None)

    async def _deliver_and_ring(self, delivery: Delivery) -> None:
        try:
            await self.deliver(delivery)
        except Refusal:
            pass  # the store is away: the lease ends, and it is sent again
        finally:
            self._under_way.pop(delivery.id, None)
            self.wake.ring("deliveries")  # there is room again, and another pause to wait for

    async def _stop(self) -> None:
        """What is under way is given up, and due at once for whoever comes next; at worst its lease ends."""
        under_way = list(self._under_way.values())
        for task, _ in under_way:
            task.cancel()
        await asyncio.gather(*(task for task, _ in under_way), return_exceptions=True)
        with suppress(Refusal):
            leases = {each.lease for _, each in under_way}
            async with self.units.open() as unit:
                for delivery in await unit.deliveries.hold(*(each.id for _, each in under_way)):
                    if delivery.lease in leases:
                        unit.deliveries.save(delivery.put_off(self.clock()))
                await unit.commit(None)

    async def _rest(self, bell: Bell, began: datetime) -> None:
        """Until something is due that was not when the last claim `began`, or until something ends; and no longer than
        others' work may wait to be found."""
        async with self.units.open() as unit:
            following = await unit.deliveries.next_due()
        seconds = POLL_S
        for delivery in following:
            if delivery.due_at is not None and delivery.due_at > began:  # what was due has been seen: there is no room
                seconds = (delivery.due_at - self.clock()).total_seconds()
        await bell.wait(min(POLL_S, max(SHORTEST_S, seconds)))
