"""The weaker mode, for a server without transactions: what it can, and a crash in mid-commit leaves half a unit."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pymongo

from adapters.mongo.client import FAREWELL_S, PATIENCE_S, patient, translated
from adapters.mongo.documents import as_seen, by_collection, request, stored
from adapters.mongo.questions import MongoQuestions
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Among, Query
from adapters.persistence.session import Duplicate, Write
from domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from adapters.mongo.store import MongoStore


class StandaloneSession(MongoQuestions):
    """In this process one unit at a time holds or writes; against other processes there are the versions alone."""

    def __init__(self, store: "MongoStore") -> None:
        super().__init__(store)
        self._locked = False
        self._held: list[tuple[Collection[Any], Document]] = []
        self._done: list[tuple[Write, Document | None]] = []

    async def hold(self, collection: Collection[Any], ids: Sequence[str], *, waits: bool = True) -> list[Document]:
        with patient():
            await self._lock()
            documents = await self.find(collection, Query((Among("id", ids),)))
        self._held += [(collection, document) for document in documents]
        return documents

    async def apply(self, writes: Sequence[Write]) -> None:
        by_collection(writes)
        try:
            with patient():
                await self._lock()
                await self._look_again(writes)
                for write in writes:
                    await self._write(write)
        except Exception:
            await self._undo()
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        self._held.clear()
        self._done.clear()
        if self._locked:
            self._locked = False
            self._store.lock.release()

    async def _lock(self) -> None:
        if not self._locked:
            with translated():
                async with asyncio.timeout(PATIENCE_S):
                    await self._store.lock.acquire()
            self._locked = True

    async def _look_again(self, writes: Sequence[Write]) -> None:
        """Raises `Conflict` where another process has changed what was held and is not written, so not compared."""
        written = {(write.collection.name, write.id) for write in writes}
        for collection, document in self._held:
            if (collection.name, document["id"]) not in written:
                now = await self.get(collection, document["id"])
                if now is None or now["version"] != document["version"]:
                    raise Conflict

    async def _write(self, write: Write) -> None:
        """It counts as done before the answer is there: where that is lost, it may have been. Not where it was no."""
        collection, before = self._collection(write.collection), None
        if write.kind != "insert":
            before = await self._answer(collection.find_one(as_seen(write)))
            if before is None:
                raise Conflict
        self._done.append((write, before))
        try:
            result = await self._answer(collection.bulk_write([request(write)]))
            if result.inserted_count + result.matched_count + result.deleted_count == 0:
                raise Conflict
        except (Duplicate, Conflict):
            self._done.pop()
            raise

    async def _undo(self) -> None:
        with pymongo.timeout(FAREWELL_S):
            for write, before in reversed(self._done):
                with suppress(Duplicate, Unavailable):
                    await self._undo_one(write, before)

    async def _undo_one(self, write: Write, before: Document | None) -> None:
        """Only where the document still is what was written: nobody else's change is taken back."""
        collection = self._collection(write.collection)
        written = stored(write.document) if write.document is not None else {}
        untouched = {field: {"$eq": value} for field, value in written.items()}
        if before is None:
            await self._answer(collection.delete_one(untouched))
        elif write.document is None:
            await self._answer(collection.insert_one(before))
        else:
            await self._answer(collection.replace_one(untouched, before))
