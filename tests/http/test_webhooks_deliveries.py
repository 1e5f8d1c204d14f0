"""Deliveries, with a real receiver: signed, tried again, redelivered, and over."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import standardwebhooks

from adapters.system.ids import Uuid7Ids
from application.ports.showing import Showing
from application.webhooks import FanOut
from domain.access import Actor, UserId
from domain.events import Event
from tests.http.client import API, Person, Served, problem, serving, sign_up
from tests.http.test_webhooks import HOOKS, hook
from tests.receiver import OK, PATIENCE_S, Receiver, answer, receiving

MEMBERS = {
    "id", "created_at", "webhook_id", "message_id", "event", "status", "attempts", "response_status", "error",
    "next_attempt_at", "delivered_at",
}  # fmt: skip
TEAPOT = {"name": "Téapot", "price": "24.90"}


class Told(Showing):
    async def __call__(self, event: Event, actor: Actor) -> bytes | None:
        return json.dumps({"id": event.id, "type": event.type, "data": TEAPOT}, ensure_ascii=False).encode()


@asynccontextmanager
async def a_shop(url: str, pauses: tuple[float, ...] = (0.05, 0.05, 0.05), **over: Any) -> AsyncIterator[Served]:
    settings = {"webhook_allow_private": True, "webhook_retry_s": pauses, "webhook_timeout_s": 2, **over}
    async with serving(url, **settings) as served:
        yield served


async def happens(served: Served, person: Person) -> Event:
    """What the relay does once something was committed."""
    event = Event(
        id=Uuid7Ids()(),
        type="item.created",
        resource="item:1",
        occurred_at=datetime.now(UTC).replace(microsecond=0),
        actor_id=UserId(person.id),
        owner_id=UserId(person.id),
        public=True,
        details={},
    )
    container = served.container
    async with container.units().open() as unit:
        webhooks = await unit.webhooks.active()
        event = replace(event, occurred_at=max([event.occurred_at, *(webhook.created_at for webhook in webhooks)]))
        await FanOut(container.clock(), container.ids(), Told(), container.log().failed)(unit, [event])
        await unit.commit(None)
    return event


async def deliveries(client: httpx.AsyncClient, person: Person, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    response = await client.get(f"{HOOKS}/{webhook['id']}/deliveries", headers=person.headers)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def until(
    client: httpx.AsyncClient, person: Person, webhook: dict[str, Any], true: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The one delivery of that webhook, when it is so."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            (delivery,) = await deliveries(client, person, webhook)
            if true(delivery):
                return delivery
            await asyncio.sleep(0.01)


def verified(receiver: Receiver, secret: str, number: int = 0) -> Any:
    got = receiver.received[number]
    return standardwebhooks.Webhook(secret).verify(got.body, got.headers)


async def test_a_message_is_signed_as_the_public_package_expects(database_url: str) -> None:
    async with a_shop(database_url) as served, receiving() as receiver:
        somebody = await sign_up(served.client)
        webhook = await hook(served.client, somebody, url=receiver.url)
        event = await happens(served, somebody)
        delivered = await until(served.client, somebody, webhook, lambda each: each["status"] == "delivered")

    assert verified(receiver, webhook["secret"]) == {"id": event.id, "type": "item.created", "data": TEAPOT}
    (got,) = receiver.received
    assert (got.headers["webhook-id"], got.headers["content-type"]) == (event.id, "application/json")
    assert delivered.keys() == MEMBERS
    shown = [delivered[name] for name in ("webhook_id", "message_id", "event", "attempts", "response_status")]
    assert shown == [webhook["id"], event.id, "item.created", 1, 204]
    assert (delivered["error"], delivered["next_attempt_at"]) == (None, None)
    assert delivered["delivered_at"] is not None


async def test_a_receiver_that_fails_thrice_gets_it_on_the_fourth(database_url: str) -> None:
    async with a_shop(database_url) as served, receiving(*[answer(500)] * 3, OK) as receiver:
        somebody = await sign_up(served.client)
        webhook = await hook(served.client, somebody, url=receiver.url)
        await happens(served, somebody)
        delivered = await until(served.client, somebody, webhook, lambda each: each["status"] != "queued")

    assert (delivered["status"], delivered["attempts"], delivered["response_status"]) == ("delivered", 4, 204)
    assert len({got.headers["webhook-id"] for got in receiver.received}) == 1
    assert len({got.body for got in receiver.received}) == 1
    for number in range(4):
        verified(receiver, webhook["secret"], number)


async def test_after_the_last_pause_it_has_failed_and_a_redirect_is_a_failure(database_url: str) -> None:
    async with (
        receiving() as elsewhere,
        receiving(answer(302, f"Location: {elsewhere.url}")) as receiver,
        a_shop(database_url, (0.01,)) as served,
    ):
        somebody = await sign_up(served.client)
        webhook = await hook(served.client, somebody, url=receiver.url)
        await happens(served, somebody)
        failed = await until(served.client, somebody, webhook, lambda each: each["status"] != "queued")

    assert (failed["status"], failed["attempts"], failed["response_status"]) == ("failed", 2, 302)
    assert (failed["error"], failed["next_attempt_at"], failed["delivered_at"]) == ("redirected", None, None)
    assert (len(receiver.received), elsewhere.connections) == (2, 0)


async def test_it_is_redelivered_at_once_under_the_same_id(database_url: str) -> None:
    async with a_shop(database_url) as served, receiving() as receiver:
        client, somebody = served.client, await sign_up(served.client)
        webhook = await hook(client, somebody, url=receiver.url)
        await happens(served, somebody)
        first = await until(client, somebody, webhook, lambda each: each["status"] == "delivered")
        path = f"{HOOKS}/deliveries/{first['id']}/redeliver"

        response = await client.post(path, headers=somebody.headers)
        second = await until(client, somebody, webhook, lambda each: each["attempts"] == 2)
        stranger = await sign_up(client)
        problem(await client.post(path, headers=stranger.headers), 404, "not_found")

    assert response.status_code == 202
    assert response.json().keys() == MEMBERS
    assert (response.json()["id"], response.json()["status"]) == (first["id"], "queued")
    assert second["status"] == "delivered"
    one, other = receiver.received
    assert (one.headers["webhook-id"], one.body) == (other.headers["webhook-id"], other.body)
    verified(receiver, webhook["secret"], 1)


async def test_a_receiver_that_is_gone_ends_its_webhook(database_url: str) -> None:
    async with a_shop(database_url) as served, receiving(answer(410)) as receiver:
        client, somebody = served.client, await sign_up(served.client)
        webhook = await hook(client, somebody, url=receiver.url)
        await happens(served, somebody)
        failed = await until(client, somebody, webhook, lambda each: each["status"] == "failed")
        (listed,) = (await client.get(HOOKS, headers=somebody.headers)).json()["items"]
        await happens(served, somebody)
        again = await client.post(f"{HOOKS}/deliveries/{failed['id']}/redeliver", headers=somebody.headers)
        left = await deliveries(client, somebody, webhook)

    assert (failed["attempts"], failed["response_status"]) == (1, 410)
    assert not listed["is_active"]
    problem(again, 409, "webhook_inactive")
    assert [each["id"] for each in left] == [failed["id"]]


async def test_an_address_that_has_become_private_is_not_connected_to(database_url: str) -> None:
    """Added while private ones were allowed, delivered when they no longer are: looked at again each time."""
    async with receiving() as receiver, a_shop(database_url, (0.01,)) as served:
        somebody = await sign_up(served.client)
        webhook = await hook(served.client, somebody, url=receiver.url)
        served.container.webhook_sender()._allow_private = False
        await happens(served, somebody)
        failed = await until(served.client, somebody, webhook, lambda each: each["status"] == "failed")

    assert (failed["error"], failed["response_status"], receiver.connections) == ("private_address", None, 0)


async def test_deliveries_come_newest_first_by_page_and_by_cursor(database_url: str) -> None:
    async with a_shop(database_url) as served, receiving() as receiver:
        client, somebody = served.client, await sign_up(served.client)
        webhook = await hook(client, somebody, url=receiver.url)
        for _ in range(3):
            await happens(served, somebody)
        await receiver.until(3)
        listed = await deliveries(client, somebody, webhook)
        path, cursor, walked = f"{API}/webhooks/{webhook['id']}/deliveries", "", []
        while cursor is not None:
            params = {"cursor": cursor, "size": 1}
            part = (await client.get(path, params=params, headers=somebody.headers)).json()
            walked += [each["id"] for each in part["items"]]
            cursor = part["next_cursor"]

    assert walked == [each["id"] for each in listed]
    assert [each["created_at"] for each in listed] == sorted((each["created_at"] for each in listed), reverse=True)
