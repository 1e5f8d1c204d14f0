"""What the contracts have in common: the shortest ways to put, to get and to run side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from types import coroutine
from typing import Any, TypeVar

from adapters.persistence.catalogue import ITEMS
from adapters.persistence.events import EVENTS
from adapters.persistence.mapping import Collection
from adapters.persistence.query import Condition, Key, Query
from adapters.persistence.session import Store
from application.ports.unit_of_work import UnitOfWork, Units
from domain.accounts import User
from domain.api_keys import ApiKey
from domain.catalogue import Item, ItemFilter, ItemOrder
from domain.errors import Conflict
from domain.events import Counter, Event
from domain.files import File
from domain.journal import Comment, Post
from domain.mail import MailedToken
from domain.notifications import Notification
from domain.paging import Listing, Page, PageRequest, Position, Stretch, Walk, Window
from domain.repository import Repository
from domain.rooms import Count, Member, Message, Presence, Room
from domain.sessions import Session
from domain.tasks import Task
from domain.todos import Todo
from domain.webhooks import Delivery, Webhook

E = TypeVar("E", bound=Any)
T = TypeVar("T")

KEPT = timedelta(hours=24)
"""How long answers and events are kept here."""

PATIENCE_S = 20.0
"""Far more than anything here takes: past it, something waits for what never comes."""


def repository(unit: UnitOfWork, kind: type[E]) -> Repository[E]:
    found: dict[type, Any] = {
        User: unit.users, Item: unit.items, Session: unit.sessions, ApiKey: unit.api_keys,
        Post: unit.posts, Comment: unit.comments, Todo: unit.todos, Task: unit.tasks,
        File: unit.files,
        Webhook: unit.webhooks, Delivery: unit.deliveries,
        Room: unit.rooms,
        Member: unit.members, Message: unit.messages, Count: unit.counts, Presence: unit.presences,
        Event: unit.events, Counter: unit.counters,
        MailedToken: unit.mailed_tokens, Notification: unit.notifications,
    }  # fmt: skip
    return found[kind]


async def keep(units: Units, *entities: Any) -> None:
    async with units.open() as unit:
        for entity in entities:
            repository(unit, type(entity)).add(entity)
        await unit.commit(None)


async def save(units: Units, *entities: Any) -> None:
    async with units.open() as unit:
        for entity in entities:
            repository(unit, type(entity)).save(entity)
        await unit.commit(None)


async def remove(units: Units, *entities: Any) -> None:
    async with units.open() as unit:
        for entity in entities:
            repository(unit, type(entity)).remove(entity)
        await unit.commit(None)


async def got(units: Units, entity: E) -> E:
    """As it is kept now. Raises `NotFound`."""
    async with units.open() as unit:
        return await repository(unit, type(entity)).get(entity.id)


async def seen(
    units: Units,
    wanted: ItemFilter = ItemFilter(),  # noqa: B008 - frozen
    window: Window = PageRequest(size=100),  # noqa: B008
    *,
    of: Any = None,
    by: ItemOrder | None = None,
    descending: bool = False,
) -> Listing[Item]:
    async with units.open() as unit:
        return await unit.items.seen_by(of, wanted, window, by=by, descending=descending)


def page(listing: Listing[E]) -> Page[E]:
    assert isinstance(listing, Page)
    return listing


def stretch(listing: Listing[E]) -> Stretch[E]:
    assert isinstance(listing, Stretch)
    return listing


async def walked(ask: Callable[[Walk], Awaitable[Listing[E]]], size: int) -> list[E]:
    """The whole walk."""
    found: list[E] = []
    after: Position | None = None
    while True:
        part = stretch(await ask(Walk(size, after)))
        found += part.items
        assert len(found) < 1000, "the walk does not end"
        if part.next is None:
            return found
        assert len(part.items) == size
        after = part.next


async def paged(ask: Callable[[PageRequest], Awaitable[Listing[E]]], size: int) -> list[E]:
    """All pages."""
    first = page(await ask(PageRequest(1, size)))
    others = [page(await ask(PageRequest(number, size))) for number in range(2, first.pages + 1)]
    return [entity for one in (first, *others) for entity in one.items]


async def found(
    store: Store, collection: Collection[Any], *where: Condition, order: tuple[Key, ...] = (), limit: int | None = None
) -> list[str]:
    """The ids of what fulfils the conditions."""
    session = store.session()
    try:
        documents = await session.find(collection, Query(where, order, limit))
        assert limit is not None or await session.count(collection, where) == len(documents)
        return [document["id"] for document in documents]
    finally:
        await session.close()


async def items_found(store: Store, *where: Condition) -> list[str]:
    return await found(store, ITEMS, *where)


async def events(store: Store) -> Sequence[Event]:
    session = store.session()
    try:
        return [EVENTS.load(document) for document in await session.find(EVENTS, Query())]
    finally:
        await session.close()


async def together(work: Sequence[Coroutine[Any, Any, T]]) -> list[T | BaseException]:
    """All of it at the same time, with what each one answers or raises."""
    async with asyncio.timeout(PATIENCE_S):
        return await asyncio.gather(*work, return_exceptions=True)


async def until_done(work: Callable[[], Awaitable[T]]) -> T:
    """The unit, and again as long as it meets another one."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await work()
            except Conflict:
                await asyncio.sleep(0)


@coroutine
def cancelled_at(numbers: Sequence[int], work: Coroutine[Any, Any, T]) -> Generator[Any, None, T]:
    """Runs the work in the current task and cancels that when it is suspended for the nth time, for each n given."""
    step = 0
    awaiting = work.__await__()
    pending: BaseException | None = None
    task = asyncio.current_task()
    assert task is not None
    while True:
        try:
            waits_for = next(awaiting) if pending is None else awaiting.throw(pending)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if step in numbers:
            task.cancel()
        step, pending = step + 1, None
        try:
            yield waits_for
        except BaseException as error:  # noqa: BLE001 - passed on to the work
            pending = error


def kinds(value: Any) -> Any:
    """What the value is made of, where `==` is too kind: True is 1 to it, and a list may pass for a tuple."""
    if is_dataclass(value):
        return {field.name: kinds(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: kinds(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value).__name__, [kinds(inner) for inner in value]
    if isinstance(value, datetime):
        return "instant", value.utcoffset()
    return type(value).__name__
