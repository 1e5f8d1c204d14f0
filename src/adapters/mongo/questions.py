"""What is read alike with and without transactions."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.mongo.client import translated
from adapters.mongo.conditions import fulfilling, name, ordering
from adapters.mongo.documents import SHOWN, shown
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Condition, Query
from adapters.persistence.session import StoreSession

if TYPE_CHECKING:
    from adapters.mongo.client import DriverSession
    from adapters.mongo.store import MongoStore

T = TypeVar("T")

BATCH = 1000
"""How many documents come in one answer."""


class MongoQuestions(StoreSession):
    """Reads within the driver's session where there is one, and otherwise what a majority has."""

    def __init__(self, store: "MongoStore") -> None:
        self._store = store
        self._session: DriverSession | None = None

    async def get(self, collection: Collection[Any], id: str) -> Document | None:
        found = self._collection(collection).find_one({"_id": id}, SHOWN, session=self._session)
        document: Document | None = await self._answer(found)
        return None if document is None else shown(document)

    async def find(self, collection: Collection[Any], query: Query) -> list[Document]:
        if query.limit == 0:
            return []  # to the server it means all of them
        cursor = self._collection(collection).find(
            fulfilling(query.where),
            SHOWN,
            sort=ordering(query.order),
            limit=query.limit or 0,
            skip=query.offset,
            batch_size=BATCH,
            session=self._session,
        )
        return [shown(document) for document in await self._answer(cursor.to_list(None))]

    async def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> int:
        counted = self._collection(collection).count_documents(fulfilling(where), session=self._session)
        return await self._answer(counted)

    async def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> list[tuple[str, int]]:
        steps: list[Document] = [
            {"$match": fulfilling(where)},
            {"$unwind": f"${name(field)}"},
            {"$group": {"_id": f"${name(field)}", "count": {"$sum": 1}}},
            {"$sort": {"count": -1, "_id": 1}},
        ]
        return await self._pairs(collection, steps)

    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        sums = {"_id": f"${name(by)}", "count": {"$sum": f"${name(of)}"}}
        return await self._pairs(collection, [{"$group": sums}, {"$sort": {"_id": 1}}])

    async def _pairs(self, collection: Collection[Any], steps: list[Document]) -> list[tuple[str, int]]:
        cursor = self._collection(collection).aggregate(steps, batchSize=BATCH, session=self._session)
        return [(row["_id"], row["count"]) for row in await self._answer(cursor.to_list(None))]

    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        steps: list[Document] = [
            {"$group": {"_id": f"${name(by)}", "sum": {"$sum": f"${name(of)}"}}},
            {"$sort": {"_id": 1}},
        ]
        cursor = self._collection(collection).aggregate(steps, batchSize=BATCH, session=self._session)
        return [(row["_id"], row["sum"]) for row in await self._answer(cursor.to_list(None))]

    async def _answer(self, asked: Awaitable[T]) -> T:
        with translated():
            return await asked

    def _collection(self, collection: Collection[Any]) -> Any:
        return self._store.collection(collection.name)
