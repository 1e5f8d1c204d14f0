from dataclasses import replace
from typing import Any

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.errors import Conflict, NotFound
from tests.builders import NOON, a_session, a_user, an_api_key, an_item
from tests.contracts.support import got, keep, remove, repository, save

SAMPLES: list[tuple[Any, dict[str, Any]]] = [
    (a_user, {"bio": "new"}),
    (an_item, {"stock": 9}),
    (a_session, {"ip": "::1"}),
    (an_api_key, {"name": "new"}),
]


@pytest.mark.parametrize(("build", "change"), SAMPLES)
async def test_a_save_answers_and_keeps_the_next_version(units: StoredUnits, build: Any, change: Any) -> None:
    entity = build()
    await keep(units, entity)

    async with units.open() as unit:
        read = await repository(unit, type(entity)).get(entity.id)
        answered = repository(unit, type(entity)).save(replace(read, **change))
        await unit.commit(None)

    assert answered == replace(entity, version=2, **change)
    assert await got(units, entity) == answered


@pytest.mark.parametrize(("build", "change"), SAMPLES)
async def test_a_save_after_a_stale_read_is_a_conflict(units: StoredUnits, build: Any, change: Any) -> None:
    entity = build()
    await keep(units, entity)
    async with units.open() as first, units.open() as second:
        one = await repository(first, type(entity)).get(entity.id)
        other = await repository(second, type(entity)).get(entity.id)
        repository(first, type(entity)).save(replace(one, **change))
        await first.commit(None)
        repository(second, type(entity)).save(replace(other, created_at=NOON.replace(hour=1)))

        with pytest.raises(Conflict):
            await second.commit(None)

    assert await got(units, entity) == replace(entity, version=2, **change)


@pytest.mark.parametrize(("build", "change"), SAMPLES)
async def test_a_removal_after_a_stale_read_is_a_conflict(units: StoredUnits, build: Any, change: Any) -> None:
    entity = build()
    await keep(units, entity)
    await save(units, replace(entity, **change))

    with pytest.raises(Conflict):
        await remove(units, entity)

    assert (await got(units, entity)).version == 2


@pytest.mark.parametrize(("build", "change"), SAMPLES)
async def test_a_save_of_what_was_removed_is_a_conflict(units: StoredUnits, build: Any, change: Any) -> None:
    entity = build()
    await keep(units, entity)
    await remove(units, entity)

    with pytest.raises(Conflict):
        await save(units, replace(entity, **change))
    with pytest.raises(NotFound):
        await got(units, entity)


async def test_a_version_from_the_future_is_a_conflict(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    with pytest.raises(Conflict):
        await save(units, replace(item, version=2, stock=1))


@pytest.mark.parametrize("by_hold", [False, True])
async def test_a_save_of_what_is_unchanged_writes_nothing(units: StoredUnits, by_hold: bool) -> None:
    item = an_item()
    await keep(units, item)
    async with units.open() as unit:
        read = (await unit.items.hold(item.id))[0] if by_hold else await unit.items.get(item.id)
        answered = unit.items.save(read.revised(NOON.replace(year=2027), stock=read.stock))
        if not by_hold:
            await save(units, item.revised(NOON, stock=5))
        await unit.commit(None)

    assert answered == item
    assert (await got(units, item)).version == (1 if by_hold else 2)


async def test_two_saves_in_a_unit_are_one_version(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    async with units.open() as unit:
        first = unit.items.save(item.revised(NOON, stock=1))
        second = unit.items.save(first.revised(NOON, stock=2))
        await unit.commit(None)

    assert (second.version, second.stock) == (2, 2)
    assert await got(units, item) == second


async def test_two_saves_of_what_was_read_are_one_version_too(units: StoredUnits) -> None:
    """Or whoever read it before them could save over them."""
    item = an_item()
    await keep(units, item)

    async with units.open() as unit:
        unit.items.save(item.revised(NOON, stock=1))
        answered = unit.items.save(item.revised(NOON, stock=2))
        await unit.commit(None)

    assert answered == replace(item, stock=2, version=2)
    assert await got(units, item) == answered
    with pytest.raises(Conflict):
        await save(units, item.revised(NOON, stock=3))


async def test_a_save_back_to_what_was_read_is_kept(units: StoredUnits) -> None:
    item = an_item(stock=1)
    await keep(units, item)

    async with units.open() as unit:
        read = await unit.items.get(item.id)
        changed = unit.items.save(read.revised(NOON, stock=2))
        unit.items.save(changed.revised(NOON, stock=1))
        await unit.commit(None)

    assert (await got(units, item)).stock == 1


async def test_what_is_added_and_saved_in_a_unit_is_in_its_first_version(units: StoredUnits) -> None:
    item = an_item()

    async with units.open() as unit:
        unit.items.save(unit.items.add(item).revised(NOON, stock=4))
        await unit.commit(None)

    assert await got(units, item) == replace(item, stock=4)


async def test_what_is_added_and_removed_in_a_unit_was_never_there(units: StoredUnits) -> None:
    item = an_item()

    async with units.open() as unit:
        unit.items.add(item)
        unit.items.remove(item)
        await unit.commit(None)

    with pytest.raises(NotFound):
        await got(units, item)


async def test_what_is_saved_and_removed_in_a_unit_is_gone(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    async with units.open() as unit:
        unit.items.remove(unit.items.save(item.revised(NOON, stock=4)))
        await unit.commit(None)

    with pytest.raises(NotFound):
        await got(units, item)


async def test_removing_twice_in_a_unit_removes_once(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    async with units.open() as unit:
        unit.items.remove(item)
        unit.items.remove(item)
        await unit.commit(None)

    with pytest.raises(NotFound):
        await got(units, item)


async def test_what_was_removed_can_be_added_anew(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)
    assert await got(units, item) == item
    await remove(units, item)

    await keep(units, replace(item, stock=3))

    assert await got(units, item) == replace(item, stock=3)
