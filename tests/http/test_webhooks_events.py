"""From a change to a message: what was committed is told to those who asked for it and may see it, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import standardwebhooks

from tests.http.client import ADMIN, API, Person, offer, serving, sign_in, sign_up
from tests.http.test_webhooks import HOOKS, hook
from tests.receiver import Receiver, receiving

QUIET_S = 0.3
"""How long is waited to see that nothing more comes, after something that was told later has come."""


@asynccontextmanager
async def a_shop(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(url, webhook_allow_private=True, webhook_retry_s=(0.05, 0.05)) as served:
        yield served.client


def told(receiver: Receiver) -> list[tuple[str, Any]]:
    """In the order told; of one webhook several may be under way at once."""
    messages = [json.loads(got.body) for got in receiver.received]
    return [(message["type"], message["data"]) for message in sorted(messages, key=lambda each: each["id"])]


async def test_each_change_of_ones_own_is_told_with_what_it_is_now(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver:
        ada = await sign_up(client)
        webhook = await hook(client, ada, url=receiver.url, events=["item.created", "item.deleted"])
        item = await offer(client, ada, is_public=False)
        await receiver.until(1)
        await client.delete(f"{API}/items/{item['id']}", headers=ada.headers)
        await receiver.until(2)

    assert told(receiver) == [("item.created", item), ("item.deleted", {"id": item["id"]})]
    for got in receiver.received:
        message = standardwebhooks.Webhook(webhook["secret"]).verify(got.body, got.headers)
        assert message.keys() == {"id", "type", "occurred_at", "actor_id", "data"}
        assert (message["id"], message["actor_id"]) == (got.headers["webhook-id"], ada.id)


async def test_a_sign_in_is_told_with_what_the_list_of_sign_ins_says_of_it(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver:
        ada = await sign_up(client)
        await hook(client, ada, url=receiver.url, events=["session.started"])
        await sign_in(client, ada.user["username"])
        await receiver.until(1)
        listed = (await client.get(f"{API}/auth/sessions", headers=ada.headers)).json()["items"]

    assert told(receiver) == [("session.started", next(each for each in listed if not each["current"]))]


async def test_a_star_begins_with_its_own_creation_and_ends_with_its_deletion(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver:
        ada = await sign_up(client)
        webhook = await hook(client, ada, url=receiver.url, events=["*"])
        await receiver.until(1)
        await client.delete(f"{HOOKS}/{webhook['id']}", headers=ada.headers)
        await offer(client, ada)
        await asyncio.sleep(QUIET_S)

    (message,) = told(receiver)
    shown = {name: value for name, value in webhook.items() if name != "secret"}
    assert message == ("webhook.created", shown)


async def test_another_of_ones_webhooks_hears_that_one_was_deleted(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver:
        ada = await sign_up(client)
        await hook(client, ada, url=receiver.url, events=["webhook.deleted"])
        webhook = await hook(client, ada, url=receiver.url, events=["item.created"])
        await client.delete(f"{HOOKS}/{webhook['id']}", headers=ada.headers)
        await receiver.until(1)

    assert told(receiver) == [("webhook.deleted", {"id": webhook["id"]})]


async def test_one_hears_of_what_is_public_and_not_of_others_private_things(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver, receiving() as of_staff:
        ada, bob, root = await sign_up(client), await sign_up(client), await admin(client)
        await hook(client, ada, url=receiver.url, events=["*"])
        await hook(client, root, url=of_staff.url, events=["item.created"])
        await offer(client, bob, is_public=False)
        public = await offer(client, bob)
        await receiver.until(2)
        await of_staff.until(2)

    assert [type for type, _ in told(receiver)] == ["webhook.created", "item.created"]
    assert told(receiver)[1] == ("item.created", public)


async def admin(client: httpx.AsyncClient) -> Person:
    tokens = await sign_in(client, ADMIN["admin_username"], ADMIN["admin_password"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return Person((await client.get(f"{API}/users/me", headers=headers)).json(), tokens)


async def test_of_many_changes_at_once_each_is_told_once(database_url: str) -> None:
    async with a_shop(database_url) as client, receiving() as receiver:
        ada = await sign_up(client)
        await hook(client, ada, url=receiver.url, events=["item.created"])
        items = await asyncio.gather(*(offer(client, ada) for _ in range(40)))
        await receiver.until(40)
        await asyncio.sleep(QUIET_S)

    assert sorted(data["id"] for _, data in told(receiver)) == sorted(item["id"] for item in items)
