"""What is read alike with and without transactions."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.mongo.client import patient, translated
from adapters.mongo.conditions import fulfilling, name, ordering
from adapters.mongo.documents import SHOWN, Kept, shown
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.pages import page_by_parts
from adapters.persistence.query import Condition, Matches, Query
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

    @property
    def _session(self) -> "DriverSession | None":
        return None

    async def get(self, collection: Collection[Any], id: str) -> Document | None:
        with patient():
            found = self._collection(collection).find_one({"_id": id}, SHOWN, session=self._session)
            document: Kept | None = await self._answer(found)
        return None if document is None else shown(document)

    async def find(self, collection: Collection[Any], query: Query) -> list[Document]:
        if query.limit == 0:
            return []  # to the server it means all of them
        with patient():
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

    async def page(
        self, collection: Collection[Any], query: Query, matching: Matches | None
    ) -> tuple[list[Document], int]:
        return await page_by_parts(self, collection, query, matching)

    async def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> int:
        with patient():
            counted = self._collection(collection).count_documents(fulfilling(where), session=self._session)
            return await self._answer(counted)

    async def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> list[tuple[str, int]]:
        steps: list[Kept] = [
            {"$match": fulfilling(where)},
            {"$unwind": f"${name(field)}"},
            {"$group": {"_id": f"${name(field)}", "number": {"$sum": 1}}},
            {"$sort": {"number": -1, "_id": 1}},
        ]
        return await self._numbers(collection, steps)

    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        sums = {"_id": f"${name(by)}", "number": {"$sum": f"${name(of)}"}}
        return await self._numbers(collection, [{"$group": sums}, {"$sort": {"_id": 1}}])

    async def total(self, collection: Collection[Any], of: str, where: tuple[Condition, ...]) -> int:
        sums = {"_id": None, "number": {"$sum": f"${name(of)}"}}
        found = await self._numbers(collection, [{"$match": fulfilling(where)}, {"$group": sums}])
        return found[0][1] if found else 0

    async def _numbers(self, collection: Collection[Any], steps: list[Kept]) -> list[tuple[str, int]]:
        with patient():
            cursor = self._collection(collection).aggregate(steps, batchSize=BATCH, session=self._session)
            return [(row["_id"], int(row["number"])) for row in await self._answer(cursor.to_list(None))]

    async def _answer(self, asked: Awaitable[T]) -> T:
        """What the driver answers, in our words."""
        with translated():
            return await asked

    def _collection(self, collection: Collection[Any]) -> Any:
        return self._store.collection(collection.name)
