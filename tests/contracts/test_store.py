"""A store from outside its units: starting, stopping, and being what the mapping says."""

import asyncio
from typing import Any

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from entrypoints.stores import open_store
from tests.builders import CountedIds, FixedClock, an_item
from tests.contracts.support import KEPT, got, keep
from tests.stores import fresh_url

DURABLE = ("sqlite", "postgresql", "mongodb")


def opened_units(store: Store) -> StoredUnits:
    return StoredUnits(store, FixedClock(), CountedIds(series=2), answers_kept=KEPT, events_kept=KEPT)


async def test_what_was_committed_is_there_after_a_restart_where_a_store_keeps_things(store: str) -> None:
    item = an_item()
    async with fresh_url(store) as url:
        first = open_store(url)
        await first.start()
        await keep(opened_units(first), item)
        await first.stop()

        second = open_store(url)
        await second.start()
        async with opened_units(second).open() as unit:
            found = await unit.items.all_of(item.owner_id)
        await second.stop()

    assert list(found) == ([item] if store in DURABLE else [])


async def test_four_that_start_together_on_an_empty_store_all_come_up(store: str) -> None:
    async with fresh_url(store) as url:
        stores = [open_store(url) for _ in range(4)]
        await asyncio.gather(*(each.start() for each in stores))
        items = [an_item() for _ in stores]
        for each, item in zip(stores, items, strict=True):
            await keep(opened_units(each), item)

        assert [await got(opened_units(each), item) for each, item in zip(stores, items, strict=True)] == items
        for each in stores:
            await each.stop()


async def test_a_store_that_was_started_before_starts_again(store: str) -> None:
    async with fresh_url(store) as url:
        for _ in range(3):
            opened = open_store(url)
            await opened.start()
            await opened.ping()
            await opened.stop()


async def test_a_session_closes_as_often_as_one_likes(started: Store) -> None:
    session: Any = started.session()

    await session.close()
    await session.close()
