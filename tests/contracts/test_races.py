"""Many at the same time. A unit that meets another one may be told so (`Conflict`) and is then done again."""

import asyncio

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.accounts import User
from domain.catalogue import Item
from domain.errors import Conflict, NotFound
from domain.events import Fact
from domain.repository import held
from tests.builders import MS, NOON, a_user, an_item
from tests.contracts.support import PATIENCE_S, got, keep, remove, save, together, until_done


async def test_of_fifty_buyers_as_many_are_served_as_there_are_units(units: StoredUnits) -> None:
    item = an_item(stock=20)
    await keep(units, item)

    async def buy() -> bool:
        async with units.open() as unit:
            now = await held(unit.items, item.id)
            if now.stock == 0:
                return False
            unit.items.save(now.revised(NOON, stock=now.stock - 1))
            unit.tell(Fact(type="item.sold", resource=f"item:{item.id}"))
            return await unit.commit(True)

    outcomes = await together([until_done(buy) for _ in range(50)])

    assert outcomes.count(True) == 20
    assert outcomes.count(False) == 30
    assert (await got(units, item)).stock == 0


async def test_who_holds_is_rarely_told_to_try_again(units: StoredUnits) -> None:
    """Held ones queue: the few tries that a use case has are enough for fifty at once."""
    item = an_item()
    await keep(units, item)
    tries = 0

    async def take() -> None:
        nonlocal tries
        tries += 1
        async with units.open() as unit:
            now = await held(unit.items, item.id)
            unit.items.save(now.revised(NOON, stock=now.stock + 1))
            await unit.commit(None)

    await together([until_done(take) for _ in range(50)])

    assert (await got(units, item)).stock == 50
    assert (await got(units, item)).version == 51
    assert tries < 100


async def test_an_update_without_holding_is_never_lost(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    async def add() -> None:
        async with units.open() as unit:
            now = await unit.items.get(item.id)
            unit.items.save(now.revised(NOON, stock=now.stock + 1))
            await unit.commit(None)

    outcomes = await together([add() for _ in range(30)])

    done = outcomes.count(None)
    assert {type(outcome) for outcome in outcomes if outcome is not None} <= {Conflict}
    assert done >= 1
    assert (await got(units, item)).stock == done
    assert (await got(units, item)).version == 1 + done


async def test_of_many_that_read_the_same_version_one_writes(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    outcomes = await together([save(units, item.revised(NOON, stock=1 + number)) for number in range(30)])

    winner = outcomes.index(None)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 29
    assert (await got(units, item)).stock == 1 + winner


async def test_of_many_that_remove_one_does(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    outcomes = await together([remove(units, item) for _ in range(20)])

    assert outcomes.count(None) == 1
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 19


@pytest.mark.parametrize("first", ["save", "remove"])
@pytest.mark.parametrize("second", ["save", "remove"])
async def test_of_two_units_that_read_the_same_the_second_meets_a_conflict(
    units: StoredUnits, first: str, second: str
) -> None:
    item = an_item()
    await keep(units, item)
    async with units.open() as one, units.open() as other:
        for unit, verb in ((one, first), (other, second)):
            read = await unit.items.get(item.id)
            unit.items.save(read.revised(NOON, stock=5)) if verb == "save" else unit.items.remove(read)
        await one.commit(None)

        with pytest.raises(Conflict):
            await other.commit(None)


async def test_nobody_gets_in_between_holding_and_commit(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)
    async with units.open() as holder, units.open() as other:
        read = await other.items.get(item.id)
        other.items.save(read.revised(NOON, stock=100))
        now = await held(holder.items, item.id)
        late = asyncio.create_task(other.commit(None))
        await asyncio.sleep(0)
        holder.items.save(now.revised(NOON, stock=1))
        await holder.commit(None)

        with pytest.raises(Conflict):
            await late

    assert (await got(units, item)).stock == 1


async def test_what_is_held_and_left_alone_is_free_again(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)
    for _ in range(3):
        async with units.open() as unit:
            await unit.items.hold(item.id)

    async with asyncio.timeout(PATIENCE_S):
        await save(units, item.revised(NOON, stock=1))

    assert (await got(units, item)).version == 2


async def test_what_is_held_comes_by_ascending_id_and_once(units: StoredUnits) -> None:
    items = [an_item() for _ in range(5)]
    await keep(units, *items)

    async with units.open() as unit:
        found = await unit.items.hold(items[3].id, items[0].id, an_item().id, items[4].id, items[0].id)
        assert found == [items[0], items[3], items[4]]
        assert await unit.items.hold(items[1].id, items[0].id) == items[:2]


async def test_what_is_not_there_cannot_be_held(units: StoredUnits) -> None:
    async with units.open() as unit:
        with pytest.raises(NotFound):
            await held(unit.items, an_item().id)


@pytest.mark.parametrize("apart", [False, True])
async def test_holders_in_opposite_order_do_not_block_each_other_for_ever(units: StoredUnits, apart: bool) -> None:
    one, other = an_item(), an_item()
    await keep(units, one, other)

    async def move(source: Item, target: Item) -> None:
        async with units.open() as unit:
            if apart:
                await unit.items.hold(source.id)
                await unit.items.hold(target.id)
            else:
                await unit.items.hold(source.id, target.id)
            for id in (source.id, target.id):
                now = await unit.items.get(id)
                unit.items.save(now.revised(NOON, stock=now.stock + 1))
            await unit.commit(None)

    times = 1 if apart else 15
    moves = [lambda: move(one, other), lambda: move(other, one)] * times
    outcomes = await together([until_done(work) for work in moves])

    assert outcomes == [None] * 2 * times
    assert [(await got(units, item)).stock for item in (one, other)] == [2 * times] * 2


async def test_units_that_hold_different_kinds_in_opposite_order_both_get_done(units: StoredUnits) -> None:
    item, user = an_item(), a_user()
    await keep(units, item, user)

    async def work(user_first: bool) -> None:
        async with units.open() as unit:
            people: list[User] = []
            if user_first:
                people = list(await unit.users.hold(user.id))
            now = await held(unit.items, item.id)
            people = people or list(await unit.users.hold(user.id))
            unit.items.save(now.revised(NOON, stock=now.stock + 1))
            unit.users.save(people[0].revised(NOON + MS, bio=f"{now.stock}"))
            await unit.commit(None)

    outcomes = await together([until_done(lambda first=first: work(first)) for first in (True, False) * 2])  # type: ignore[misc]

    assert outcomes == [None] * 4
    assert (await got(units, item)).stock == 4
    assert (await got(units, user)).version == 5


async def test_units_that_only_write_all_arrive(units: StoredUnits) -> None:
    """Stores may commit them together: each one succeeds or fails for itself."""
    owner = an_item().owner_id
    taken = an_item(owner_id=owner)
    await keep(units, taken)
    items = [
        an_item(owner_id=owner, id=taken.id) if number % 5 == 0 else an_item(owner_id=owner) for number in range(50)
    ]

    outcomes = await together([keep(units, item, a_user()) for item in items])

    assert [type(outcome).__name__ for outcome in outcomes] == ["AlreadyExists", *["NoneType"] * 4] * 10
    async with units.open() as unit:
        assert len(await unit.items.all_of(owner)) == 41


async def test_readers_never_see_half_of_a_unit(units: StoredUnits) -> None:
    """Two items change together: whoever reads them in one question finds them alike."""
    owner = an_item().owner_id
    one, other = an_item(owner_id=owner), an_item(owner_id=owner)
    await keep(units, one, other)
    writing = True

    async def write() -> None:
        nonlocal writing
        for stock in range(1, 30):
            async with units.open() as unit:
                for item in await unit.items.hold(one.id, other.id):
                    unit.items.save(item.revised(NOON, stock=stock))
                await unit.commit(None)
        writing = False

    async def read() -> int:
        count = 0
        while writing:
            async with units.open() as unit:
                first, second = await unit.items.all_of(owner)
                assert first.stock == second.stock
                count += 1
                await asyncio.sleep(0)
        return count

    outcomes = await together([write(), read(), read()])

    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    assert (await got(units, one)).stock == 29
