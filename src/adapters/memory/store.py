"""A store in this process's memory: a real adapter, for trying things out and as the yardstick of the others."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from adapters.memory.conditions import fulfils
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.pages import page_by_parts
from adapters.persistence.query import Condition, Equal, Matches, Query
from adapters.persistence.session import Duplicate, Store, StoreSession, Write
from domain.errors import Conflict

Rows = dict[str, Document]
Taken = dict[tuple[str, Any], str]
"""Who has a unique value: field and value to id."""


class MemoryStore(Store):
    """Documents are made anew by the mapping on their way in, and copied on their way out where they can be changed."""

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {}
        self.taken: dict[str, Taken] = {}
        self.waiting: dict[str, Rows] = {}
        self.lock = asyncio.Lock()

    async def start(self) -> None:
        """Nothing has to be prepared."""

    async def stop(self) -> None:
        self.rows.clear()
        self.taken.clear()
        self.waiting.clear()

    def of(self, collection: Collection[Any]) -> tuple[Rows, Taken]:
        return self.rows.setdefault(collection.name, {}), self.taken.setdefault(collection.name, {})

    def candidates(self, collection: Collection[Any], where: tuple[Condition, ...]) -> Rows:
        """All documents, or those alone that wait for what the collection awaits."""
        if collection.awaits is not None and Equal(collection.awaits, None) in where:
            return self.waiting.get(collection.name, {})
        return self.of(collection)[0]

    def put(self, write: Write, old: Document | None, new: Document | None) -> None:
        rows, taken = self.of(write.collection)
        for key in _unique(write, old):
            del taken[key]
        for key in _unique(write, new):
            taken[key] = write.id
        if new is None:
            del rows[write.id]
        else:
            rows[write.id] = new
        if write.collection.awaits is not None:
            waiting = self.waiting.setdefault(write.collection.name, {})
            waiting.pop(write.id, None)
            if new is not None and new[write.collection.awaits] is None:
                waiting[write.id] = new

    def session(self) -> "MemorySession":
        return MemorySession(self)

    async def ping(self) -> None:
        """It is always there."""


class MemorySession(StoreSession):
    """`hold` takes the store's one lock until the end of the session; `apply` changes everything without an await."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._locked = False

    async def get(self, collection: Collection[Any], id: str) -> Document | None:
        row = self._rows(collection).get(id)
        return None if row is None else _out(collection, row)

    async def hold(self, collection: Collection[Any], ids: Sequence[str], *, waits: bool = True) -> list[Document]:
        await self._lock()
        rows = self._rows(collection)
        return [_out(collection, rows[id]) for id in sorted(ids) if id in rows]

    async def find(self, collection: Collection[Any], query: Query) -> list[Document]:
        found = self._matching(collection, query.where)
        found.sort(key=lambda row: row["id"])
        for key in reversed(query.order):
            found.sort(key=lambda row: row[key.field], reverse=key.descending)
        end = None if query.limit is None else query.offset + query.limit
        return [_out(collection, row) for row in found[query.offset : end]]

    async def page(
        self, collection: Collection[Any], query: Query, matching: Matches | None
    ) -> tuple[list[Document], int]:
        return await page_by_parts(self, collection, query, matching)

    async def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> int:
        return len(self._matching(collection, where))

    async def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> list[tuple[str, int]]:
        counts = Counter(value for row in self._matching(collection, where) for value in row[field])
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        sums: Counter[str] = Counter()
        for row in self._rows(collection).values():
            sums[row[by]] += row[of]
        return sorted(sums.items())

    async def total(self, collection: Collection[Any], of: str, where: tuple[Condition, ...]) -> int:
        return sum(row[of] for row in self._matching(collection, where))

    async def apply(self, writes: Sequence[Write]) -> None:
        await self._lock()
        done: list[tuple[Write, Document | None]] = []
        try:
            for write in writes:
                before = _apply(write, self._store)
                done.append((write, before))
        except (Duplicate, Conflict):
            for write, was in reversed(done):
                self._store.put(write, write.document, was)
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        if self._locked:
            self._locked = False
            self._store.lock.release()

    async def _lock(self) -> None:
        if not self._locked:
            await self._store.lock.acquire()
            self._locked = True

    def _rows(self, collection: Collection[Any]) -> Rows:
        return self._store.of(collection)[0]

    def _matching(self, collection: Collection[Any], where: tuple[Condition, ...]) -> list[Document]:
        rows = self._store.candidates(collection, where)
        return [row for row in rows.values() if all(fulfils(row, c) for c in where)]


def _out(collection: Collection[Any], row: Document) -> Document:
    """A copy where it can be changed: of the lists and mappings in it, as the rest never is."""
    if collection.remembered:
        return row
    copied = Document(row)
    for field, value in row.items():
        if type(value) in (dict, list, tuple):
            copied[field] = deepcopy(value)
    return copied


def _apply(write: Write, store: MemoryStore) -> Document | None:
    """Answers what was there before. Looks first and changes afterwards, so that a refusal leaves nothing behind."""
    rows, taken = store.of(write.collection)
    stored = rows.get(write.id)
    if write.kind == "insert":
        if stored is not None:
            raise Duplicate
    elif stored is None or stored["version"] != write.version:
        raise Conflict
    for name, value in _unique(write, write.document):
        if taken.get((name, value), write.id) != write.id:
            raise Duplicate
    store.put(write, stored, write.document)
    return stored


def _unique(write: Write, document: Document | None) -> list[tuple[str, Any]]:
    if document is None:
        return []
    return [(name, document[name]) for name in write.collection.unique if document[name] is not None]
