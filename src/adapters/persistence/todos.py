from collections.abc import Sequence
from typing import Any

from adapters.persistence.instants import to_milliseconds
from adapters.persistence.mapping import Collection
from adapters.persistence.query import NEWEST, Compare, Condition, Equal, Key
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.paging import Listing, Window
from domain.todos import Todo, TodoFilter, TodoOrder, Todos

_BEFORE_ALL, _AFTER_ALL = -1, 2**53 - 1
"""Milliseconds that no due time has."""


def _derived(todo: Todo) -> dict[str, Any]:
    """A key for each direction, as those without a due time come last in both."""
    if todo.due_at is None:
        return {"due_rising": _AFTER_ALL, "due_falling": _BEFORE_ALL}
    due = to_milliseconds(todo.due_at)
    return {"due_rising": due, "due_falling": due}


TODOS = Collection("todos", Todo, derive=_derived, remembered=True)


class StoredTodos(StoredRepository[Todo], Todos):
    collection = TODOS

    async def owned_by(
        self, owner_id: UserId, wanted: TodoFilter, window: Window, *, by: TodoOrder | None, descending: bool
    ) -> Listing[Todo]:
        where = (Equal("owner_id", owner_id), *_conditions(wanted))
        return await self._listing(window, *where, order=_order(by, descending))

    async def all_of(self, owner_id: UserId) -> Sequence[Todo]:
        return await self._all(Equal("owner_id", owner_id))


def _order(by: TodoOrder | None, descending: bool) -> tuple[Key, ...]:
    match by:
        case None:
            return NEWEST
        case TodoOrder.PRIORITY:
            return (Key("priority", descending),)
        case TodoOrder.DUE:
            return (Key("due_falling" if descending else "due_rising", descending),)
        case TodoOrder.CREATED:
            return (Key("created_at", descending),)


def _conditions(wanted: TodoFilter) -> list[Condition]:
    where: list[Condition] = []
    if wanted.done is not None:
        where.append(Equal("done", wanted.done))
    if wanted.priority is not None:
        where.append(Equal("priority", wanted.priority))
    if wanted.due_before is not None:
        where.append(Compare("due_at", "<", wanted.due_before))
    return where
