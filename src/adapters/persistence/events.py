"""The outbox: facts, kept in the commit that made them true; and the counter of the feed."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Compare, Condition, Equal, Key, Query
from adapters.persistence.repository import StoredRepository
from adapters.persistence.session import Write
from domain.events import ActivityFilter, Counter, Counters, Event, Events
from domain.paging import Listing, Window


def _derived(event: Event) -> dict[str, Any]:
    return {"kind": event.kind}


EVENTS = Collection("events", Event, derive=_derived, awaits="sequence")
COUNTERS = Collection("counters", Counter)

_NEWEST = (Key("occurred_at", descending=True),)


class StoredEvents(StoredRepository[Event], Events):
    collection = EVENTS

    async def some_wait(self) -> bool:
        return bool(await self._session.find(EVENTS, _waiting(1)))

    async def place(self, behind: int, limit: int) -> Sequence[Event]:
        """Document by document: every fact passes here, and mostly nobody looks at it."""
        placed = []
        for sequence, before in enumerate(await self._session.find(EVENTS, _waiting(limit)), behind + 1):
            version = before["version"]
            after = Document(before, sequence=sequence, version=version + 1)
            self._writes.put(Write("replace", EVENTS, before["id"], after, version, before))
            placed.append(after)
        return Loaded(placed)

    async def following(self, sequence: int, limit: int) -> Sequence[Event]:
        query = Query((Compare("sequence", ">", sequence),), (Key("sequence"),), limit)
        return self._load_all(await self._session.find(EVENTS, query))

    async def matching(self, wanted: ActivityFilter, window: Window) -> Listing[Event]:
        return await self._listing(window, *_conditions(wanted), order=_NEWEST)


class Loaded(Sequence[Event]):
    """Events that are made of their documents when they are looked at."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    @cached_property
    def _events(self) -> list[Event]:
        return [EVENTS.load(document) for document in self._documents]

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        return self._events[place]

    def __len__(self) -> int:
        return len(self._documents)


class StoredCounters(StoredRepository[Counter], Counters):
    collection = COUNTERS


def _waiting(limit: int) -> Query:
    return Query((Equal("sequence", None),), (Key("id"),), limit)


def _conditions(wanted: ActivityFilter) -> list[Condition]:
    where: list[Condition] = []
    if wanted.actor is not None:
        where.append(Equal("actor_id", wanted.actor))
    if wanted.action is not None:
        where.append(Equal("type", wanted.action))
    if wanted.resource is not None:
        where.append(Equal("resource" if ":" in wanted.resource else "kind", wanted.resource))
    return where
