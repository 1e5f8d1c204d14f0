"""Webhooks: who is told what, and that a message arrives at least once and a claimed one once at a time."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from adapters.webhooks.secrets import SealedSecrets
from application.ports.showing import Showing
from application.ports.webhooks import Sender
from application.webhooks import AddWebhook, Courier, EndWebhook, FanOut, Redeliver, TidyDeliveries
from application.webhooks.delivering import AT_ONCE_EACH
from domain.access import Actor
from domain.errors import NotFound, Unauthenticated
from domain.events import Event
from domain.messages import Outcome
from domain.webhooks import Delivery, Webhook, WebhookInactive
from tests.application.support import World
from tests.builders import CountedIds, new_id

RETRY = [timedelta(seconds=5), timedelta(seconds=30)]
TIMEOUT = timedelta(seconds=10)


class Told(Sender):
    """Answers what it is told to; waits first where `hangs` says so."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, str], bytes]] = []
        self.outcome, self.hangs = Outcome(204), dict[str, asyncio.Event]()

    async def require_public(self, url: str) -> None:
        """Everything is."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.sent.append((url, headers, body))
        if url in self.hangs:
            await self.hangs[url].wait()
        return self.outcome


class Plain(Showing):
    async def __call__(self, event: Event, actor: Actor) -> bytes | None:
        if event.resource == "item:broken":
            raise LookupError(event.id)
        return event.id.encode() if event.public or event.owner_id == actor.id else None


class Post:
    """A world with webhooks in it."""

    def __init__(self, world: World) -> None:
        self.world, self.sender, self.ids = world, Told(), CountedIds(series=3)
        container = world.worker().container
        self.units, self.wake = container.units(), container.wake()
        self.secrets, self.failed = SealedSecrets(["key"]), list[str]()

    def courier(self) -> Courier:
        parts = (self.units, self.world.clock, self.ids, self.sender, self.secrets, self.wake)
        return Courier(*parts, RETRY, TIMEOUT)

    async def add(self, actor: Actor, *events: str, url: str = "https://shop.example/") -> Webhook:
        use_case = AddWebhook(self.units, self.world.clock, self.ids, self.sender, self.secrets)
        return (await use_case(actor, url, events or ("*",)))[0]

    def event(
        self, type: str = "item.created", owner: Actor | None = None, public: bool = True, resource: str = "item:1"
    ) -> Event:
        return Event(
            id=new_id(),
            type=type,
            resource=resource,
            occurred_at=self.world.clock(),
            actor_id=None,
            owner_id=owner.id if owner else None,
            public=public,
            details={},
        )

    async def happens(self, type: str = "item.created", owner: Actor | None = None, public: bool = True) -> Event:
        event = self.event(type, owner, public)
        await self.fan_out(event)
        return event

    async def fan_out(self, *events: Event) -> None:
        async with self.units.open() as unit:
            await FanOut(self.world.clock, self.ids, Plain(), lambda event_id, _: self.failed.append(event_id))(
                unit, events
            )
            await unit.commit(None)

    async def deliveries(self, webhook: Webhook) -> list[Delivery]:
        async with self.units.open() as unit:
            return list(await unit.deliveries.some_of(webhook.id, 1000))

    async def turn(self) -> int:
        """Claims and delivers once; answers how many."""
        courier = self.courier()
        claimed = await courier.claim()
        for delivery in claimed:
            await courier.deliver(delivery)
        return len(claimed)


@pytest.fixture
def post(world: World) -> Post:
    return Post(world)


async def test_each_hears_what_they_asked_for_and_may_hear(world: World, post: Post) -> None:
    ada, bob = await world.joined("ada"), await world.joined("bob")
    all_of_adas, bobs = await post.add(ada), await post.add(bob)
    items, orders = await post.add(ada, "item.created"), await post.add(ada, "order.paid")

    await post.happens("item.created", ada, public=False)
    await post.happens("item.created", bob, public=True)
    await post.happens("task.progressed", ada)
    await post.happens("session.failed", ada)

    assert [len(await post.deliveries(each)) for each in (all_of_adas, items, orders, bobs)] == [2, 2, 0, 1]


async def test_what_happened_before_is_not_told(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    event = await post.happens("item.created", ada)
    world.clock.advance(milliseconds=1)
    webhook = await post.add(ada)

    await post.fan_out(event)

    assert await post.deliveries(webhook) == []


async def test_an_event_that_cannot_be_shown_does_not_hold_up_others(world: World, post: Post) -> None:
    webhook = await post.add(await world.joined("ada"))
    one, broken, other = [post.event(resource=resource) for resource in ("item:1", "item:broken", "item:2")]

    await post.fan_out(one, broken, other)

    assert {each.message_id for each in await post.deliveries(webhook)} == {one.id, other.id}
    assert post.failed == [broken.id]


async def test_who_is_not_active_is_told_nothing(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    webhook = await post.add(ada)
    await post.happens()
    async with post.units.open() as unit:
        user = await unit.users.get(ada.id)
        unit.users.save(user.revised(world.clock(), is_active=False))
        await unit.commit(None)

    await post.happens()

    assert await post.turn() == 1
    assert post.sender.sent == []
    assert [(each.status, each.error) for each in await post.deliveries(webhook)] == [("failed", "webhook_inactive")]


async def test_it_is_tried_again_when_its_time_has_come(world: World, post: Post) -> None:
    webhook = await post.add(await world.joined("ada"))
    event = await post.happens()
    post.sender.outcome = Outcome(500)

    assert await post.turn() == 1
    assert await post.turn() == 0
    world.clock.advance(seconds=5)
    post.sender.outcome = Outcome(200)
    assert await post.turn() == 1

    (delivery,) = await post.deliveries(webhook)
    assert (delivery.status, delivery.attempts, delivery.due_at) == ("delivered", 2, None)
    first, second = post.sender.sent
    assert first[2] == second[2]
    assert first[1]["webhook-id"] == second[1]["webhook-id"] == event.id
    assert int(second[1]["webhook-timestamp"]) - int(first[1]["webhook-timestamp"]) == 5


async def test_a_claimed_one_is_not_claimed_again_before_its_lease_is_over(world: World, post: Post) -> None:
    webhook = await post.add(await world.joined("ada"))
    await post.happens()
    (lost,) = await post.courier().claim()

    assert list(await post.courier().claim()) == []
    world.clock.advance(seconds=41)
    (taken,) = await post.courier().claim()

    await post.courier().deliver(taken)
    await post.courier().deliver(lost)  # it was slow and not dead: its outcome is nobody's any more
    (delivery,) = await post.deliveries(webhook)
    assert (delivery.status, delivery.attempts) == ("delivered", 1)


async def test_a_receiver_that_is_gone_ends_all_that_waits_for_it(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    webhook = await post.add(ada)
    for _ in range(3):
        await post.happens()
    post.sender.outcome = Outcome(410)

    await post.turn()

    deliveries = await post.deliveries(webhook)
    assert len(post.sender.sent) == 1
    assert {each.status for each in deliveries} == {"failed"}
    async with post.units.open() as unit:
        assert not (await unit.webhooks.get(webhook.id)).is_active
    with pytest.raises(WebhookInactive):
        await Redeliver(post.units, world.clock, post.wake)(ada, deliveries[0].id)
    await post.happens()
    assert len(await post.deliveries(webhook)) == 3


async def test_a_receiver_that_hangs_does_not_hold_up_others(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    slow, quick = await post.add(ada, url="https://slow.example/"), await post.add(ada, url="https://quick.example/")
    post.sender.hangs[slow.url] = asyncio.Event()
    for _ in range(3 * AT_ONCE_EACH):
        await post.happens()

    running = asyncio.create_task(post.courier().run())
    try:
        async with asyncio.timeout(10):
            while any(each.status == "queued" for each in await post.deliveries(quick)):  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert sum(url == slow.url for url, _, _ in post.sender.sent) == AT_ONCE_EACH


async def test_a_courier_that_stops_hands_back_what_is_under_way(world: World, post: Post) -> None:
    webhook = await post.add(await world.joined("ada"))
    post.sender.hangs[webhook.url] = asyncio.Event()
    await post.happens()
    running = asyncio.create_task(post.courier().run())
    async with asyncio.timeout(10):
        while not post.sender.sent:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.005)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    post.sender.hangs.clear()
    assert await post.turn() == 1
    assert [(each.status, each.attempts) for each in await post.deliveries(webhook)] == [("delivered", 1)]


async def test_nobody_adds_one_who_has_just_left(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    await world.worker().accounts.erase(ada)

    with pytest.raises(Unauthenticated):
        await post.add(ada)


async def test_all_of_a_deleted_one_goes_and_nothing_of_others(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    webhook, other = await post.add(ada), await post.add(ada)
    await post.happens()

    await EndWebhook(post.units, world.clock)(ada, webhook.id)
    await TidyDeliveries(post.units, world.clock)()

    assert (await post.deliveries(webhook), len(await post.deliveries(other))) == ([], 1)
    async with post.units.open() as unit:
        with pytest.raises(NotFound):
            await unit.webhooks.get(webhook.id)


async def test_what_is_over_is_kept_for_a_week_and_what_waits_for_longer(world: World, post: Post) -> None:
    ada = await world.joined("ada")
    webhook = await post.add(ada)
    await post.happens()
    await post.turn()
    await post.happens()
    world.clock.advance(days=7)

    assert await TidyDeliveries(post.units, world.clock)() == 1

    assert [each.status for each in await post.deliveries(webhook)] == ["queued"]


async def test_with_a_key_that_is_no_longer_there_nothing_is_sent(world: World, post: Post) -> None:
    webhook = await post.add(await world.joined("ada"))
    await post.happens()
    post.secrets = SealedSecrets(["another"])

    await post.turn()

    assert post.sender.sent == []
    assert [each.error for each in await post.deliveries(webhook)] == ["secret_unreadable"]
