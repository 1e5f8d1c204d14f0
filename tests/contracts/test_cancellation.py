"""A unit is cancelled at each point where it waits, one after the other: no chance is involved in which."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain.catalogue import Item
from domain.events import Fact
from tests.builders import NOON, FixedClock, a_user, an_item
from tests.contracts.support import PATIENCE_S, cancelled_at, events, got, keep, together

Work = Callable[[StoredUnits, Item, Item], Coroutine[Any, Any, None]]


async def held(units: StoredUnits, one: Item, other: Item) -> None:
    async with units.open() as unit:
        for item in await unit.items.hold(one.id, other.id):
            unit.items.save(item.revised(NOON, stock=item.stock + 1))
        await unit.items.get(one.id)
        unit.tell(Fact(type="item.changed", resource="item:1"))
        await unit.commit(None)


async def unheld(units: StoredUnits, one: Item, other: Item) -> None:
    async with units.open() as unit:
        first, second = await unit.items.get(one.id), await unit.items.get(other.id)
        unit.items.save(first.revised(NOON, stock=first.stock + 1))
        unit.items.save(second.revised(NOON, stock=second.stock + 1))
        unit.tell(Fact(type="item.changed", resource="item:1"))
        await unit.commit(None)


async def lone(units: StoredUnits, one: Item, other: Item) -> None:
    """A single write, which some stores do without a transaction."""
    async with units.open() as unit:
        item = await unit.items.get(one.id)
        unit.items.save(item.revised(NOON, stock=item.stock + 1))
        await unit.commit(None)


async def stocks(units: StoredUnits, *items: Item) -> list[int]:
    """Held, so that a unit which still is at work has come to its end."""
    async with asyncio.timeout(PATIENCE_S), units.open() as unit:
        return [item.stock for item in await unit.items.hold(*(item.id for item in items))]


@pytest.mark.parametrize("work", [held, unheld])
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.usefixtures("no_errors_behind_our_back")
async def test_a_unit_cancelled_anywhere_is_done_as_a_whole_or_not_at_all(
    units: StoredUnits, started: Store, work: Work, times: int
) -> None:
    one, other = an_item(), an_item()
    await keep(units, one, other)
    number, finished = 0, False

    while not finished:
        before = await stocks(units, one, other)
        steps = range(number, number + times)
        task = asyncio.create_task(cancelled_at(steps, work(units, one, other)))
        await asyncio.wait([task], timeout=PATIENCE_S)
        finished = task.done() and not task.cancelled()
        after = await stocks(units, one, other)

        assert task.done()
        assert after in (before, [stock + 1 for stock in before])
        assert len(await events(started)) == after[0]
        number += 1

    assert number > 1


@pytest.mark.usefixtures("no_errors_behind_our_back")
async def test_a_lone_write_cancelled_anywhere_leaves_the_store_usable(units: StoredUnits) -> None:
    one = an_item()
    await keep(units, one)
    number, finished = 0, False

    while not finished:
        before = await stocks(units, one)
        task = asyncio.create_task(cancelled_at([number], lone(units, one, one)))
        await asyncio.wait([task], timeout=PATIENCE_S)
        finished = task.done() and not task.cancelled()
        number += 1

        assert await stocks(units, one) in (before, [before[0] + 1])


async def test_a_commit_that_has_begun_goes_on_to_its_end(units: StoredUnits) -> None:
    """Whoever is cancelled in it gets away afterwards, not before."""
    items = [an_item() for _ in range(10)]
    committing = asyncio.Event()

    async def work() -> None:
        async with units.open() as unit:
            for item in items:
                unit.items.add(item)
            committing.set()
            await unit.commit(None)

    task = asyncio.create_task(work())
    await committing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [await got(units, item) for item in items] == items


@pytest.mark.usefixtures("no_errors_behind_our_back")
async def test_cancelling_one_that_waits_leaves_nobody_else_waiting(units: StoredUnits) -> None:
    """Those that wait for a held item, and the one that holds it, one after the other."""
    item = an_item()
    await keep(units, item)

    async def take() -> None:
        async with units.open() as unit:
            held = (await unit.items.hold(item.id))[0]
            unit.items.save(held.revised(NOON, stock=held.stock + 1))
            await unit.commit(None)

    for number in range(8):
        victims = [asyncio.create_task(cancelled_at([number], take())) for _ in range(3)]
        others = await together([take() for _ in range(3)])
        await asyncio.wait(victims, timeout=PATIENCE_S)

        assert others == [None] * 3
    assert 24 <= (await stocks(units, item))[0] <= 48


@pytest.mark.usefixtures("no_errors_behind_our_back")
async def test_cancelling_housekeeping_leaves_nobody_waiting(units: StoredUnits, clock: FixedClock) -> None:
    """It may be the one that commits for others too."""
    number, finished = 0, False
    while not finished:
        async with units.open() as unit:
            unit.tell(Fact(type="a.b", resource="x:1"))
            await unit.commit(None)
        clock.advance(hours=25)
        sweep = asyncio.create_task(cancelled_at([number], units.housekeeping()))

        async def register(sweep: asyncio.Task[int] = sweep) -> int:
            """One after the other for as long as it sweeps, and one afterwards."""
            kept = 0
            while kept < 2 or not sweep.done():
                user = a_user()
                await keep(units, user)
                assert await got(units, user) == user
                kept += 1
            return kept

        outcomes = await together([register() for _ in range(3)])
        finished = not sweep.cancelled()
        number += 1

        assert [outcome for outcome in outcomes if not isinstance(outcome, int)] == []
