"""Units of more writes than fit into one statement."""

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.catalogue import Item
from domain.errors import AlreadyExists, Conflict, Refusal
from tests.builders import NOON, a_user, an_item
from tests.contracts.support import got, keep, save

MANY = 60


async def some_kept(units: StoredUnits) -> list[Item]:
    kept = [an_item(owner_id=a_user().id, stock=number) for number in range(MANY)]
    await keep(units, *kept)
    return kept


async def restock(units: StoredUnits, items: list[Item], *added: Item) -> None:
    async with units.open() as unit:
        for item in items:
            unit.items.save(item.revised(NOON, stock=item.stock + 1))
        for item in added:
            unit.items.add(item)
        await unit.commit(None)


async def test_many_writes_are_done_once_each(units: StoredUnits) -> None:
    kept = await some_kept(units)

    await restock(units, kept)

    assert [(await got(units, item)).stock for item in kept] == list(range(1, MANY + 1))


@pytest.mark.parametrize("fault", [AlreadyExists, Conflict])
async def test_a_fault_in_the_last_of_them_takes_all_of_them_back(units: StoredUnits, fault: type[Refusal]) -> None:
    kept = await some_kept(units)
    if fault is Conflict:
        await save(units, kept[-1].revised(NOON, stock=100))
    there = [await got(units, item) for item in kept]

    with pytest.raises(fault):
        await restock(units, kept, *([an_item(id=kept[0].id)] if fault is AlreadyExists else []))

    assert [await got(units, item) for item in kept] == there
