"""A unit's session: plain reads, then one transaction from the first `hold`, or from `apply`, to its end."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import pymongo
from pymongo import ReadPreference, ReturnDocument
from pymongo.errors import BulkWriteError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from adapters.mongo.client import FAREWELL_S, PATIENCE_S, MetAnother, translated
from adapters.mongo.conditions import fulfilling, name, ordering
from adapters.mongo.documents import HELD, SHOWN, by_collection, request, shown
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Among, Condition, Query
from adapters.persistence.session import Duplicate, StoreSession, Write
from domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from adapters.mongo.client import DriverSession
    from adapters.mongo.store import MongoStore

T = TypeVar("T")

BATCH = 1000
"""How many documents come in one answer."""

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.002, 0.05


class MongoQuestions(StoreSession):
    """What is the same with and without transactions: reading."""

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
        cursor = self._collection(collection).aggregate(steps, batchSize=BATCH, session=self._session)
        return [(row["_id"], row["count"]) for row in await self._answer(cursor.to_list(None))]

    async def _answer(self, asked: Awaitable[T]) -> T:
        with translated():
            return await asked

    def _collection(self, collection: Collection[Any]) -> Any:
        return self._store.collection(collection.name)


class MongoSession(MongoQuestions):
    """`hold` writes to what it reads, so that of two that hold the same document the server refuses one."""

    def __init__(self, store: "MongoStore") -> None:
        super().__init__(store)
        self._asked: asyncio.Future[Any] | None = None

    async def hold(self, collection: Collection[Any], ids: Sequence[str]) -> list[Document]:
        if not ids:
            return []
        if self._session is not None:
            return await self._hold(collection, ids)
        return await self._first(lambda: self._hold(collection, ids))

    async def apply(self, writes: Sequence[Write]) -> None:
        groups = by_collection(writes)
        try:
            if not writes:
                return
            if self._session is not None:
                with pymongo.timeout(PATIENCE_S):
                    await self._commit(groups)
            elif len(writes) > 1:
                await self._first(lambda: self._commit(groups))
            else:
                await self._alone(writes[0])
        finally:
            await self.close()

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await asyncio.shield(_ended(session, self._asked))

    async def _first(self, work: Callable[[], Awaitable[T]]) -> T:
        """Does the work as the first of a transaction.

        Whoever meets another is refused at once, for the server lets nobody wait within a transaction. As nothing was
        read in this one before, it can begin again by itself: so there is a queue at a document that all want, and
        their units do not have to start over, which they would do a few times only.
        """
        now = asyncio.get_running_loop().time
        pause, end = SHORTEST_PAUSE_S, now() + PATIENCE_S
        with pymongo.timeout(PATIENCE_S):
            while True:
                await self._begin()
                try:
                    return await work()
                except MetAnother as error:
                    if now() + pause > end:
                        raise Unavailable from error
                await self.close()
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _begin(self) -> None:
        with translated():
            self._session = await self._store.client.start_session()
            self._session.start_transaction(
                ReadConcern("snapshot"), WriteConcern("majority", j=True), ReadPreference.PRIMARY
            )

    async def _hold(self, collection: Collection[Any], ids: Sequence[str]) -> list[Document]:
        """Counts up, since an update that leaves a document as it is would not be a write that others can meet."""
        kept, count = self._collection(collection), {"$inc": {HELD: 1}}
        if len(ids) == 1:
            found = kept.find_one_and_update(
                {"_id": ids[0]}, count, SHOWN, return_document=ReturnDocument.AFTER, session=self._session
            )
            document = await self._answer(found)
            return [] if document is None else [shown(document)]
        await self._answer(kept.update_many({"_id": {"$in": list(ids)}}, count, session=self._session))
        return await self.find(collection, Query((Among("id", ids),)))

    async def _commit(self, groups: dict[str, list[Write]]) -> None:
        for writes in groups.values():
            await self._write(writes)
        if self._session is not None:
            await self._answer(_committed(self._session))

    async def _alone(self, write: Write) -> None:
        """One document needs no transaction. Its write waits at the server for a transaction that holds the document:
        never on all threads at once, or there would be none left to end that transaction."""
        with pymongo.timeout(PATIENCE_S), translated():
            async with asyncio.timeout(PATIENCE_S):
                await self._store.alone.acquire()
            try:
                await self._write([write])
            finally:
                self._store.alone.release()

    async def _write(self, writes: list[Write]) -> None:
        """Those of one collection. A version that is not there is told before a value that is taken by a later one."""
        requests = [request(write) for write in writes]
        try:
            result = await self._answer(
                self._collection(writes[0].collection).bulk_write(requests, session=self._session)
            )
            found = result.matched_count + result.deleted_count
        except Duplicate as refusal:
            if not isinstance(refusal.__cause__, BulkWriteError):
                raise
            details = refusal.__cause__.details
            found, writes = details["nMatched"] + details["nRemoved"], writes[: details["writeErrors"][0]["index"]]
            if found == _guarded(writes):
                raise
        if found != _guarded(writes):
            raise Conflict

    async def _answer(self, asked: Awaitable[T]) -> T:
        """Who is cancelled does not wait any longer. The driver's thread does, and `close` waits for that: two of them
        on one transaction could begin it again after its end."""
        if self._session is None:
            return await super()._answer(asked)
        self._asked = asyncio.ensure_future(asked)
        with translated():
            return await asyncio.shield(self._asked)


def _guarded(writes: Sequence[Write]) -> int:
    """How many of the writes have to find their document."""
    return sum(write.kind != "insert" for write in writes)


async def _committed(session: "DriverSession") -> None:
    """Only the commit again, for as long as nobody knows what became of it: the server does it once."""
    while True:
        try:
            return await session.commit_transaction()
        except PyMongoError as error:
            if error.timeout or not error.has_error_label("UnknownTransactionCommitResult"):
                raise
        await asyncio.sleep(LONGEST_PAUSE_S)


async def _ended(session: "DriverSession", asked: "asyncio.Future[Any] | None") -> None:
    """What was not committed is undone; where the server is away, it does that by itself."""
    if asked is not None:
        await asyncio.wait([asked])
    with pymongo.timeout(FAREWELL_S), suppress(PyMongoError, OSError):
        await session.end_session()
