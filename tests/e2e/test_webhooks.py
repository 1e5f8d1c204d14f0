"""Webhooks on a real server with several workers: each message once, and none lost where all of them are killed."""

import asyncio
import json

import httpx
import pytest

from tests.e2e.serving import DURABLE, Server, served
from tests.http.client import API, Person, offer, sign_up
from tests.receiver import HANGS, OK, Receiver, receiving

SETTINGS = {"WEBHOOK_ALLOW_PRIVATE": "true", "WEBHOOK_RETRY_S": "0.1,0.1,0.1", "WEBHOOK_TIMEOUT_S": "1"}
MESSAGES = 40
PATIENCE_S = 90.0
"""A lease lasts ten seconds longer than an attempt may; and MongoDB keeps what an open transaction of a killed process
held for a minute."""


def told(receiver: Receiver) -> list[str]:
    return [json.loads(got.body)["data"]["id"] for got in receiver.received]


async def listening(client: httpx.AsyncClient, receiver: Receiver) -> Person:
    somebody = await sign_up(client)
    body = {"url": receiver.url, "events": ["item.created"]}
    response = await client.post(f"{API}/webhooks", json=body, headers=somebody.headers)
    assert response.status_code == 201, response.text
    return somebody


async def offered(server: Server, receiver: Receiver) -> list[str]:
    """The ids of what somebody offers who wants to be told of it."""
    async with httpx.AsyncClient(base_url=server.address, timeout=10) as client:
        somebody = await listening(client, receiver)
        return [(await offer(client, somebody))["id"] for _ in range(MESSAGES)]


@pytest.mark.parametrize("durable", DURABLE)
async def test_several_workers_send_each_message_once(durable: str) -> None:
    async with receiving() as receiver, served(durable, **SETTINGS) as server:
        items = await offered(server, receiver)
        await receiver.until(MESSAGES)
        await server.restart()
        await asyncio.sleep(1.5)  # whoever looks for what is due has looked

    assert sorted(told(receiver)) == sorted(items)


@pytest.mark.parametrize("durable", DURABLE)
async def test_what_was_under_way_in_processes_that_were_killed_is_sent_by_those_that_follow(durable: str) -> None:
    async with receiving(*[HANGS] * 5, OK) as receiver, served(durable, **SETTINGS) as server:
        items = await offered(server, receiver)
        await receiver.until(1)
        await server.kill()
        await server.start()
        async with asyncio.timeout(PATIENCE_S):
            while not set(items) <= set(told(receiver)[5:]):  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.05)
