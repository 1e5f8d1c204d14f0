"""To-dos in every store: whose they are, and an order that ends with what has no due time."""

from itertools import product

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.paging import PageRequest
from domain.todos import Todo, TodoFilter, TodoOrder
from tests.builders import FIRST, LAST, MS, NOON, a_todo, new_id
from tests.contracts.support import keep, page, paged, walked

MINE, YOURS = UserId(new_id()), UserId(new_id())
DUES = (NOON, None, FIRST, LAST, None, NOON)


async def listed(units: StoredUnits, owner: UserId = MINE, **wanted: object) -> list[Todo]:
    async with units.open() as unit:
        window, filter = PageRequest(size=100), TodoFilter(**wanted)  # type: ignore[arg-type]
        return list(page(await unit.todos.owned_by(owner, filter, window, by=None, descending=False)).items)


@pytest.mark.parametrize(("by", "descending"), list(product(TodoOrder, (False, True))))
async def test_pages_and_walks_have_one_order_with_missing_values_last_and_ties_by_id(
    units: StoredUnits, by: TodoOrder, descending: bool
) -> None:
    todos = [
        a_todo(owner_id=MINE, due_at=due, priority=1 + number % 3, created_at=NOON + (number // 2) * MS)
        for number, due in enumerate(DUES)
    ]
    await keep(units, *todos, a_todo(owner_id=YOURS))
    keys = {TodoOrder.PRIORITY: "priority", TodoOrder.DUE: "due_at", TodoOrder.CREATED: "created_at"}
    have = [todo for todo in todos if getattr(todo, keys[by]) is not None]
    lack = [todo for todo in todos if getattr(todo, keys[by]) is None]
    expected = sorted(have, key=lambda todo: getattr(todo, keys[by]), reverse=descending) + lack

    async with units.open() as unit:

        async def ask(window: object) -> object:
            return await unit.todos.owned_by(MINE, TodoFilter(), window, by=by, descending=descending)  # type: ignore[arg-type]

        pages, walk = await paged(ask, 2), await walked(ask, 2)  # type: ignore[arg-type]

    assert pages == walk == expected


async def test_each_filter_leaves_out_what_it_says(units: StoredUnits) -> None:
    early, late, never = (
        a_todo(owner_id=MINE, due_at=FIRST, priority=1, created_at=NOON + 2 * MS),
        a_todo(owner_id=MINE, due_at=NOON, priority=2, created_at=NOON + MS, done=True, completed_at=NOON),
        a_todo(owner_id=MINE),
    )
    await keep(units, early, late, never, a_todo(owner_id=YOURS, due_at=FIRST))

    assert await listed(units) == [early, late, never]
    assert await listed(units, done=True) == [late]
    assert await listed(units, done=False) == [early, never]
    assert await listed(units, priority=3) == [never]
    assert await listed(units, due_before=NOON) == [early]
    assert await listed(units, due_before=NOON + MS) == [early, late]
    async with units.open() as unit:
        assert await unit.todos.all_of(MINE) == [early, late, never]
