"""What search knows: an entry for each thing that can be found, kept in the commit that changes the thing.

One collection of entries, rather than a question to each kind whose answers are merged: so a page is cut, counted and
walked on as any other, however deep it lies. An entry has no version of its own to compare: whoever writes it has just
had the thing's version compared.
"""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import AllOf, Among, AnyOf, Condition, Equal, Matches
from adapters.persistence.repository import StoredRepository, Writes, nothing
from adapters.persistence.session import StoreSession, Write
from domain import text
from domain.access import UserId
from domain.paging import Listing, Window
from domain.search import Entry, Kind, Search, SearchFilter

E = TypeVar("E", bound=Any)

SEARCH = Collection("search", Entry)

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """What an entry is made of. What is said in `names` comes before what is said in `body`."""

    kind: Kind
    owner_id: UserId
    is_public: bool
    created_at: datetime
    names: tuple[str | None, ...]
    body: str | None = None

    def entry(self, id: str) -> Document:
        return Document(
            id=id,
            version=_VERSION,
            kind=self.kind.value,
            owner_id=self.owner_id,
            is_public=self.is_public,
            created_at=self.created_at,
            name_words=list(text.words(*self.names)),
            words=list(text.words(*self.names, self.body)),
        )


class FindableRepository(StoredRepository[E]):
    """Keeps the entries of its entities; one that would stay the same is not written."""

    @abstractmethod
    def found_by(self, entity: E) -> Findable:
        """By what it is found."""

    def __init__(self, session: StoreSession, writes: Writes) -> None:
        super().__init__(session, writes)
        self._found_by: dict[str, Findable] = {}

    def add(self, entity: E) -> E:
        super().add(entity)
        self._enter("insert", entity)
        return entity

    def save(self, entity: E) -> E:
        read, _ = self._read.get(entity.id, (None, None))
        kept: E = super().save(entity)
        before = self._found_by.get(entity.id) or (None if read is None else self.found_by(read))
        if kept is not entity and before != self.found_by(entity):
            self._enter("replace", entity)
        return kept

    def remove(self, entity: E) -> None:
        super().remove(entity)
        self._writes.beside(Write("delete", SEARCH, entity.id, None, _VERSION))

    def _enter(self, kind: Any, entity: E) -> None:
        found_by = self._found_by[entity.id] = self.found_by(entity)
        was = 0 if kind == "insert" else _VERSION
        self._writes.beside(Write(kind, SEARCH, entity.id, found_by.entry(entity.id), was))


class StoredSearch(StoredRepository[Entry], Search):
    collection = SEARCH

    async def seen_by(self, actor_id: UserId | None, wanted: SearchFilter, window: Window) -> Listing[Entry]:
        if not wanted.words or not wanted.kinds:
            return nothing(window)
        where: list[Condition] = [_seen_by(actor_id, wanted.own), Matches("words", wanted.words)]
        if set(wanted.kinds) != set(Kind):
            where.append(Among("kind", [kind.value for kind in wanted.kinds]))
        return await self._listing(window, *where, matching=Matches("name_words", wanted.words))


def _seen_by(actor_id: UserId | None, own: tuple[Kind, ...]) -> Condition:
    public = Equal("is_public", True)
    if actor_id is None or not own:
        return public
    return AnyOf((public, AllOf((Equal("owner_id", actor_id), Among("kind", [kind.value for kind in own])))))
