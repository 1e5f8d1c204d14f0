"""SIGKILL under load: what was acknowledged is there once, and what was not is done once when it is asked for again."""

import asyncio

import pytest

from tests.application.shop import opened
from tests.crash.trial import trial
from tests.e2e.serving import DURABLE
from tests.stores import fresh_url

READY_AGAIN_S = 20.0
"""Ten times what it takes a machine with nothing else to do."""


@pytest.mark.parametrize("durable", DURABLE)
async def test_what_was_acknowledged_is_there_once_and_nothing_is_half_done(durable: str) -> None:
    result = await trial(durable, kills=5)

    assert (result.lost, result.phantom, result.double, result.half) == ([], [], [], [])
    assert result.acknowledged == result.found > 0
    assert max(result.ready) < READY_AGAIN_S


@pytest.mark.parametrize("durable", DURABLE)
async def test_who_starts_does_not_wait_for_what_another_process_holds(durable: str) -> None:
    """Perhaps that one is dead, and a server takes its time to find out."""
    async with fresh_url(durable) as url, opened(url) as shop, shop.units.open() as unit:
        item = await shop.item(1)
        await unit.items.hold(item.id)

        async with asyncio.timeout(READY_AGAIN_S), opened(url) as other:
            stock = await other.stock(item)

    assert stock == 1
