"""Orders that nobody pays: they lapse after ORDER_HOLD_MINUTES and give back what they held."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest_asyncio

from application.orders import LapseOrders
from tests.builders import FixedClock
from tests.http.client import Person, Served, offer, problem, serving, sign_up
from tests.http.trade import entries, move, moved, placed, read, stock
from tests.stores import fresh_url

HOLD = timedelta(minutes=7)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(store: str) -> AsyncIterator[Served]:
    """An application of one's own, as what is due is due for everybody."""
    async with fresh_url(store) as url, serving(url, order_hold_minutes=7) as served:
        yield served


async def sweep(shop: Served, at: datetime) -> int:
    """What runs every few seconds, as if it were that time."""
    return await LapseOrders(shop.container.units(), FixedClock(at))()


def lapse_of(order: dict[str, str]) -> datetime:
    return datetime.fromisoformat(order["expires_at"])


async def held_order(client: httpx.AsyncClient) -> tuple[Person, dict[str, str], dict[str, str]]:
    person = await sign_up(client)
    item = await offer(client, person, price="1.00", discount=100, stock=5)
    return person, item, await placed(client, person, (item, 2))


async def test_an_order_is_held_for_the_minutes_that_are_set(shop: Served) -> None:
    _, _, made = await held_order(shop.client)

    held_for = lapse_of(made) - datetime.fromisoformat(made["created_at"])

    assert held_for == HOLD


async def test_an_unpaid_order_lapses_when_its_time_is_over_and_not_before(shop: Served) -> None:
    person, item, made = await held_order(shop.client)
    assert await sweep(shop, lapse_of(made) - timedelta(milliseconds=1)) == 0
    assert await read(shop.client, person, made) == made

    lapsed = await sweep(shop, lapse_of(made))

    now = await read(shop.client, person, made)
    assert (lapsed, now["status"], now["cancel_reason"], now["expires_at"]) == (1, "cancelled", "lapsed", None)
    assert now["cancelled_at"] == made["expires_at"]
    assert (await stock(shop.client, item), await entries(shop.client, person)) == (5, [])
    problem(await move(shop.client, person, made, "pay"), 409, "invalid_transition")


async def test_what_is_paid_or_cancelled_does_not_lapse(shop: Served) -> None:
    person, item, paid = await held_order(shop.client)
    cancelled = await placed(shop.client, person, (item, 1))
    paid, cancelled = (
        await moved(shop.client, person, paid, "pay"),
        await moved(shop.client, person, cancelled, "cancel"),
    )

    lapsed = await sweep(shop, datetime.fromisoformat(paid["created_at"]) + timedelta(days=900))

    assert lapsed == 0
    assert [await read(shop.client, person, order) for order in (paid, cancelled)] == [paid, cancelled]
    assert await stock(shop.client, item) == 3


async def test_many_that_are_due_at_once_all_lapse_at_once(shop: Served) -> None:
    person = await sign_up(shop.client)
    item = await offer(shop.client, person, stock=500)
    made = [await placed(shop.client, person, (item, 1)) for _ in range(130)]

    lapsed = await sweep(shop, lapse_of(made[-1]))

    assert (lapsed, await stock(shop.client, item)) == (130, 500)
