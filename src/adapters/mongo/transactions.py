"""One transaction of the driver's, from its beginning to its end."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any, TypeVar

import pymongo
from pymongo import ReadPreference
from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from adapters.mongo.client import FAREWELL_S, translated
from domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from adapters.mongo.client import Client, DriverSession

T = TypeVar("T")

AGAIN_S, AGAIN_LATER_S = 0.05, 1.0
"""After how long a commit is said again, and the end of a transaction that was lost."""

LIFETIME_S = 60.0
"""After how long the server ends a transaction by itself."""


class Transaction:
    """`session` is what the driver knows it by."""

    def __init__(self, client: "Client", session: "DriverSession") -> None:
        self.session = session
        self._client = client
        self._asked: asyncio.Future[Any] | None = None
        self._lost = False

    @classmethod
    async def begun(cls, client: "Client") -> "Transaction":
        with translated():
            session = await client.start_session()
            session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True), ReadPreference.PRIMARY)
        return cls(client, session)

    async def answer(self, asked: Awaitable[T]) -> T:
        """Who is cancelled does not wait any longer. The driver's thread does, and the end of the transaction waits for
        that: two of them at once could begin it again after its end."""
        asking = self._asked = asyncio.ensure_future(asked)
        try:
            with translated():
                return await asyncio.shield(asking)
        except (Conflict, Unavailable) as error:
            self._lost = isinstance(error, Unavailable) or isinstance(error.__cause__, ConnectionFailure)
            raise

    async def commit(self) -> None:
        await self.answer(self._commit())

    async def _commit(self) -> None:
        """Only the commit again, for as long as nobody knows what became of it: the server does it once."""
        while True:
            try:
                return await self.session.commit_transaction()
            except PyMongoError as error:
                if error.timeout or not error.has_error_label("UnknownTransactionCommitResult"):
                    raise
            await asyncio.sleep(AGAIN_S)

    async def end(self, lost: "Lost") -> None:
        """Undoes what was not committed. Where the server did not answer nobody waits for that."""
        if self._lost:
            lost.add(self)
        else:
            await asyncio.shield(asyncio.create_task(self._end(), context=Context()))

    async def _end(self) -> None:
        """Without the deadline of whoever is waiting now."""
        await self.answered()
        with pymongo.timeout(FAREWELL_S), suppress(PyMongoError, OSError):
            await self.session.end_session()

    async def answered(self) -> None:
        """Waits for what the driver is still doing."""
        if self._asked is not None:
            await asyncio.gather(self._asked, return_exceptions=True)


class Lost:
    """Transactions that may stand open at the server and keep for themselves what they hold, though nobody can say
    anything in them any more. They are ended as soon as it answers; after a minute it does that alone."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._found: list[Transaction] = []
        self._ending: asyncio.Task[None] | None = None

    def add(self, transaction: Transaction) -> None:
        self._found.append(transaction)
        if self._ending is None or self._ending.done():
            self._ending = asyncio.create_task(self._end_all(), context=Context())

    def forget(self) -> None:
        if self._ending is not None:
            self._ending.cancel()

    async def _end_all(self) -> None:
        while self._found:
            some, self._found = self._found, []
            for transaction in some:
                await transaction.answered()
            await self._end(some)

    async def _end(self, transactions: list[Transaction]) -> None:
        now = asyncio.get_running_loop().time
        end = now() + LIFETIME_S
        while now() < end:
            with suppress(PyMongoError, OSError):
                await self._client.admin.command("killSessions", [one.session.session_id for one in transactions])
                break
            await asyncio.sleep(AGAIN_LATER_S)
        for transaction in transactions:
            with suppress(PyMongoError, OSError):
                await transaction.session.end_session()
