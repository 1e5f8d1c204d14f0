"""Repositories, written once: `get`, `hold`, `add`, `save`, `remove` and the two kinds of window."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.pages import tiers_of
from adapters.persistence.query import NEWEST, Condition, Key, Matches, Query, behind, position_of
from adapters.persistence.session import StoreSession, Write
from domain.errors import NotFound
from domain.paging import Listing, Page, PageRequest, Stretch, Walk, Window
from domain.repository import Repository


class Versioned(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Any)


class Writes:
    """The writes of a unit that wait for its commit: one for each document, however often it was changed."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Write] = {}

    def insert(self, collection: Collection[E], entity: E) -> None:
        self.put(Write("insert", collection, entity.id, collection.dump(entity), 0))

    def replace(self, collection: Collection[E], entity: E, before: Document | None = None) -> E:
        """Answers the entity as it will be kept. A second change of one that waits belongs to the same version."""
        waiting = self._waiting.get((collection.name, entity.id))
        if waiting is not None and waiting.document is not None:
            changed: E = replace(entity, version=waiting.version + 1)
            self.put(replace(waiting, document=collection.dump(changed)))
            return changed
        following = replace(entity, version=entity.version + 1)
        if before is not None and before["version"] != entity.version:
            before = None
        self.put(Write("replace", collection, entity.id, collection.dump(following), entity.version, before))
        return following

    def delete(self, collection: Collection[E], entity: E) -> None:
        waiting = self._waiting.pop((collection.name, entity.id), None)
        if waiting is None:
            self.put(Write("delete", collection, entity.id, None, entity.version))
        elif waiting.kind != "insert":
            self.put(replace(waiting, kind="delete", document=None))

    def beside(self, write: Write) -> None:
        """What has to be so together with something else, whatever waits for the same document."""
        waiting = self._waiting.pop((write.collection.name, write.id), None)
        if waiting is None:
            self.put(write)
        elif write.document is not None:
            self.put(replace(waiting, document=write.document))
        elif waiting.kind != "insert":
            self.put(write)

    def taken(self) -> list[Write]:
        """All that wait, which wait no longer."""
        writes = list(self._waiting.values())
        self._waiting.clear()
        return writes

    def put(self, write: Write) -> None:
        self._waiting[write.collection.name, write.id] = write


def nothing(window: Window) -> Listing[Any]:
    """The answer where nothing can be found."""
    if isinstance(window, PageRequest):
        return Page([], 0, window.number, window.size)
    return Stretch([], None)


class StoredRepository(Repository[E], Generic[E]):
    collection: ClassVar[Collection[Any]]

    def __init__(self, session: StoreSession, writes: Writes) -> None:
        self._session, self._writes = session, writes
        self._read: dict[str, tuple[E, Document]] = {}

    async def get(self, id: str) -> E:
        document = await self._session.get(self.collection, id)
        if document is None:
            raise NotFound()
        return self._load(document)

    async def hold(self, *ids: str) -> Sequence[E]:
        return self._load_all(await self._session.hold(self.collection, sorted(set(ids))))

    def add(self, entity: E) -> E:
        self._writes.insert(self.collection, entity)
        return entity

    def save(self, entity: E) -> E:
        read, document = self._read.get(entity.id, (None, None))
        if read == entity:
            return entity
        before = None if document is None else self.collection.whole(document, read)
        kept: E = self._writes.replace(self.collection, entity, before)
        return kept

    def remove(self, entity: E) -> None:
        self._writes.delete(self.collection, entity)

    async def _first(self, *where: Condition) -> E | None:
        found = await self._session.find(self.collection, Query(where, limit=1))
        return self._load(found[0]) if found else None

    async def _all(self, *where: Condition, order: tuple[Key, ...] = NEWEST) -> Sequence[E]:
        return self._load_all(await self._session.find(self.collection, Query(where, order)))

    async def _listing(
        self, window: Window, *where: Condition, order: tuple[Key, ...] = NEWEST, matching: Matches | None = None
    ) -> Listing[E]:
        """`matching` ranks: first those that fulfil it, then the others, each in the order given."""
        if isinstance(window, PageRequest):
            query = Query(where, order, window.size, (window.number - 1) * window.size)
            documents, total = await self._session.page(self.collection, query, matching)
            return Page(self._load_all(documents), total, window.number, window.size)
        return await self._stretch(window, tiers_of(where, matching), order)

    async def _stretch(self, window: Walk, tiers: list[tuple[Condition, ...]], order: tuple[Key, ...]) -> Stretch[E]:
        """A position leads with the number of its tier where there are several."""
        start, after = 0, window.after
        if after is not None and len(tiers) > 1:
            start, after = int(after[0] or 0), after[1:]
        found: list[tuple[int, Document]] = []
        for number in range(start, len(tiers)):
            wanted = window.size + 1 - len(found)
            if wanted:
                where = (*tiers[number], *(behind(order, after) if after is not None else ()))
                documents = await self._session.find(self.collection, Query(where, order, wanted))
                found += [(number, document) for document in documents]
            after = None
        page, more = found[: window.size], len(found) > window.size
        items = self._load_all([document for _, document in page])
        if not more:
            return Stretch(items, None)
        tier, document = page[-1]
        position = position_of(order, document)
        return Stretch(items, (tier, *position) if len(tiers) > 1 else position)

    def _load_all(self, documents: Sequence[Document]) -> list[E]:
        return [self._load(document) for document in documents]

    def _load(self, document: Document) -> E:
        entity: E = self.collection.load(document)
        self._read[entity.id] = entity, document
        return entity
