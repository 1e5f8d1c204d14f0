"""Webhooks and deliveries in every store: whose they are, and what is due."""

import asyncio
from collections.abc import Sequence

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.paging import PageRequest
from domain.webhooks import Delivery, Webhook, WebhookId
from tests.builders import LAST, MS, NOON, a_user, new_id
from tests.builders.webhooks import a_delivery, a_webhook
from tests.contracts.support import keep, page, paged, together, until_done, walked

MINE, YOURS = UserId(new_id()), UserId(new_id())


async def test_each_owner_has_their_own_and_those_that_were_deleted_are_nobodys(units: StoredUnits) -> None:
    mine = [a_webhook(owner_id=MINE, created_at=NOON - n * MS, is_active=n != 1) for n in range(3)]
    gone, yours = a_webhook(owner_id=MINE).ended(NOON), a_webhook(owner_id=YOURS)
    await keep(units, *mine, gone, yours)

    async with units.open() as unit:
        assert page(await unit.webhooks.of(MINE, PageRequest())).items == mine
        assert await unit.webhooks.all_of(MINE) == mine
        assert await unit.webhooks.all_of(YOURS) == [yours]
        assert await unit.webhooks.active() == sorted([mine[0], mine[2], yours], key=lambda webhook: webhook.id)
        assert await unit.webhooks.ended(10) == [gone]


async def test_deliveries_of_a_webhook_come_newest_first(units: StoredUnits) -> None:
    webhook = WebhookId(new_id())
    made = [a_delivery(webhook_id=webhook, created_at=NOON + (n // 2) * MS) for n in range(7)]
    await keep(units, *made, a_delivery())
    expected = sorted(sorted(made, key=lambda each: each.id), key=lambda each: each.created_at, reverse=True)

    async with units.open() as unit:
        pages = await paged(lambda window: unit.deliveries.of(webhook, window), 3)
        walk = await walked(lambda window: unit.deliveries.of(webhook, window), 3)
        some = await unit.deliveries.some_of(webhook, 3)

    assert pages == walk == expected
    assert some == expected[:3]


async def test_what_is_due_comes_longest_due_first(units: StoredUnits) -> None:
    first, second, later = (a_delivery(due_at=NOON + n * MS) for n in (-5, 0, 1))
    over = a_delivery(due_at=None, status="delivered")
    await keep(units, later, over, second, first)

    async with units.open() as unit:
        assert await unit.deliveries.due(NOON, 10) == [first, second]
        assert await unit.deliveries.due(NOON, 1) == [first]
        assert await unit.deliveries.next_due() == [first]


async def test_nothing_that_waits_is_old(units: StoredUnits) -> None:
    older, old, new = (a_delivery(created_at=NOON + n * MS, due_at=None) for n in (-1, 0, 1))
    waiting = a_delivery(created_at=NOON - MS, due_at=LAST)
    await keep(units, old, new, waiting, older)

    async with units.open() as unit:
        assert await unit.deliveries.old(NOON, 10) == [older, old]
        assert await unit.deliveries.old(NOON, 1) == [older]


async def test_of_many_that_claim_one_delivery_one_has_it(units: StoredUnits) -> None:
    delivery = a_delivery()
    await keep(units, delivery)

    async def claim() -> Sequence[Delivery]:
        async with units.open() as unit:
            held = [each for each in await unit.deliveries.hold(delivery.id) if each.is_due(NOON)]
            await asyncio.sleep(0)
            return await unit.commit([unit.deliveries.save(each.claimed(new_id(), LAST)) for each in held])

    claimed = await together([until_done(claim) for _ in range(8)])

    assert sorted(len(each) for each in claimed) == [0] * 7 + [1]  # type: ignore[arg-type]


async def test_what_is_counted_under_a_hold_is_never_too_many(units: StoredUnits) -> None:
    """As webhooks are limited: whoever adds one holds their own account first."""
    user = a_user()
    await keep(units, user)

    async def add() -> Webhook | None:
        async with units.open() as unit:
            await unit.users.hold(user.id)
            if len(await unit.webhooks.all_of(user.id)) >= 3:
                return None
            return await unit.commit(unit.webhooks.add(a_webhook(owner_id=user.id)))

    added = await together([until_done(add) for _ in range(10)])

    assert sum(isinstance(each, Webhook) for each in added) == 3
    async with units.open() as unit:
        assert len(await unit.webhooks.all_of(user.id)) == 3
