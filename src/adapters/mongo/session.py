"""A unit's session: plain reads, then one transaction from the first `hold`, or from `apply`, to its end."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError

from adapters.mongo.client import PATIENCE_S, MetAnother, patient, translated
from adapters.mongo.documents import HELD, SHOWN, by_collection, request, shown
from adapters.mongo.questions import MongoQuestions
from adapters.mongo.transactions import Transaction
from adapters.mongo.turns import Turns
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Among, Query
from adapters.persistence.session import Duplicate, Write
from domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from adapters.mongo.client import DriverSession
    from adapters.mongo.store import MongoStore

T = TypeVar("T")

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.002, 0.05


class MongoSession(MongoQuestions):
    """`hold` writes to what it reads, so that of two that hold the same document the server refuses one.

    It refuses at once, for nobody waits within a transaction. What can be done again without asking the unit is done
    again here, since a unit starts over a few times only; and within this process holders take turns.
    """

    def __init__(self, store: "MongoStore") -> None:
        super().__init__(store)
        self._turns = Turns(store.turns)
        self._transaction: Transaction | None = None
        self._held: list[tuple[Collection[Any], Sequence[str], list[Document]]] = []

    async def hold(self, collection: Collection[Any], ids: Sequence[str], *, waits: bool = True) -> list[Document]:
        if not ids:
            return []
        keys = [(collection.name, id) for id in ids]
        with patient():
            if self._turns.has_to_wait(keys):
                await self._end()  # or another process could wait for what this one keeps meanwhile, and this for that
            await self._turns.take(keys)
            documents = await self._hold_with_others(collection, ids)
        self._held.append((collection, ids, documents))
        return documents

    async def apply(self, writes: Sequence[Write]) -> None:
        groups = by_collection(writes)
        try:
            with patient():
                if self._transaction is not None:
                    await self._commit(groups)
                elif len(writes) > 1:
                    await self._begun(lambda: self._commit(groups))
                elif writes:
                    await self._alone(writes[0])
        except (Duplicate, Conflict) as refusal:
            if len(groups) > 1 and _guarded(writes) and not isinstance(refusal, MetAnother):
                await self._retell(writes)
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        self._held.clear()
        try:
            await self._end()
        finally:
            self._turns.give_back()

    async def _end(self) -> None:
        """The transaction, and not the turns."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            await transaction.end(self._store.lost)

    @property
    def _session(self) -> "DriverSession | None":
        return None if self._transaction is None else self._transaction.session

    async def _hold_with_others(self, collection: Collection[Any], ids: Sequence[str]) -> list[Document]:
        """A transaction sees the time of its beginning, and cannot hold what was changed since. So there may have to be
        a new one, which has to find all that was held before as it was."""

        async def again() -> list[Document]:
            for other, others, documents in self._held:
                if await self._hold(other, others) != documents:
                    raise Conflict
            return await self._hold(collection, ids)

        if self._transaction is not None:
            try:
                return await self._hold(collection, ids)
            except MetAnother:
                await self._end()
        return await self._begun(again)

    async def _begun(self, work: Callable[[], Awaitable[T]]) -> T:
        """Does the work in a transaction of its own, which it leaves open, and as often as it meets another."""
        now = asyncio.get_running_loop().time
        pause, end = SHORTEST_PAUSE_S, now() + PATIENCE_S
        while True:
            self._transaction = await Transaction.begun(self._store.client)
            try:
                return await work()
            except MetAnother as error:
                if now() + pause > end:
                    raise Unavailable from error
            await self._end()
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE_S)

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
        if self._transaction is not None:
            await self._transaction.commit()

    async def _retell(self, writes: Sequence[Write]) -> None:
        """Writes one by one, to raise the refusal that comes first in the unit's order; nothing of it is kept."""

        async def each() -> None:
            for write in writes:
                await self._write([write])

        await self._end()
        with suppress(Unavailable), patient():
            await self._begun(each)

    async def _alone(self, write: Write) -> None:
        """One document needs no transaction. Its write waits at the server for a transaction that holds the document:
        never on all threads at once, or there would be none left to end that transaction."""
        with translated():
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
        if self._transaction is None:
            return await super()._answer(asked)
        return await self._transaction.answer(asked)


def _guarded(writes: Sequence[Write]) -> int:
    """How many of the writes have to find their document."""
    return sum(write.kind != "insert" for write in writes)
