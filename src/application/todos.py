"""To-dos: noting, changing, completing and finding one's own."""

from dataclasses import dataclass
from typing import Any

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.paging import Listing, Window
from domain.repository import held
from domain.todos import Todo, TodoFilter, TodoId, TodoOrder


async def leave(unit: UnitOfWork, owner_id: UserId) -> None:
    """Removes those of somebody who goes."""
    for todo in await unit.todos.all_of(owner_id):
        unit.todos.remove(todo)


async def _own(unit: UnitOfWork, actor: Actor, id: str, expected: Versions) -> Todo:
    """The actor's, held. Raises `NotFound`, `PreconditionFailed`."""
    todo = await held(unit.todos, id)
    todo.require_owner(actor)
    require_version(todo.version, expected)
    return todo


@use_case
class NoteTodo:
    """`details` are the to-do's own fields."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, details: dict[str, Any], operation: Operation | None = None) -> Todo:
        at = self.clock()
        todo = Todo(id=TodoId(self.ids()), owner_id=actor.id, created_at=at, updated_at=at, **details)
        async with self.units.open(operation) as unit:
            unit.todos.add(todo)
            return await unit.commit(todo)


@use_case
class ReadTodo:
    """Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, id: str) -> Todo:
        async with self.units.open() as unit:
            todo = await unit.todos.get(id)
        todo.require_owner(actor)
        return todo


@use_case
class ReviseTodo:
    """Raises `NotFound`, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, id: str, changes: dict[str, Any], expected: Versions = None) -> Todo:
        async with self.units.open() as unit:
            todo = await _own(unit, actor, id, expected)
            return await unit.commit(unit.todos.save(todo.revised(self.clock(), **changes)))


@use_case
class CompleteTodo:
    """Harmless when repeated. Raises `NotFound`, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Todo:
        async with self.units.open(operation) as unit:
            todo = await _own(unit, actor, id, expected)
            return await unit.commit(unit.todos.save(todo.completed(self.clock())))


@use_case
class ReopenTodo:
    """Harmless when repeated. Raises `NotFound`, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Todo:
        async with self.units.open(operation) as unit:
            todo = await _own(unit, actor, id, expected)
            return await unit.commit(unit.todos.save(todo.reopened(self.clock())))


@use_case
class DropTodo:
    """Raises `NotFound`, `PreconditionFailed`."""

    units: Units

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            unit.todos.remove(await _own(unit, actor, id, expected))
            await unit.commit(None)


@use_case
class ListTodos:
    units: Units

    async def __call__(
        self, actor: Actor, wanted: TodoFilter, window: Window, by: TodoOrder | None, descending: bool
    ) -> Listing[Todo]:
        async with self.units.open() as unit:
            return await unit.todos.owned_by(actor.id, wanted, window, by=by, descending=descending)


@dataclass(frozen=True, slots=True)
class Todos:
    """The use cases of this feature."""

    note: NoteTodo
    read: ReadTodo
    revise: ReviseTodo
    complete: CompleteTodo
    reopen: ReopenTodo
    drop: DropTodo
    list: ListTodos
