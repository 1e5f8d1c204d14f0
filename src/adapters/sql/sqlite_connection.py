"""A session's connection to SQLite: reads of its own, writes by the one writer, alone or together with others."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.persistence.session import Duplicate
from adapters.sql.reader import Row
from adapters.sql.session import Change, Connection
from adapters.sql.sqlite_library import translated
from domain.errors import Conflict

if TYPE_CHECKING:
    from adapters.sql.sqlite import SqliteStore


class SqliteConnection(Connection):
    """`BEGIN IMMEDIATE` for what holds; what only writes joins the others that wait for the next commit.

    Nobody else commits meanwhile, so each way to the writer's thread counts: the transaction begins together with its
    first statement, and after a commit there is nothing to roll back.
    """

    remembers_numbers = True

    def __init__(self, store: "SqliteStore") -> None:
        self._store = store
        self._begun = False

    async def row(self, text: str, arguments: list[Any]) -> Row | None:
        return next(iter(await self.rows(text, arguments)), None)

    async def number(self, text: str, arguments: list[Any]) -> int:
        if self._begun:
            return int((await self.rows(text, arguments))[0][0])
        return await self._store.counted(text, arguments)

    async def rows(self, text: str, arguments: list[Any]) -> Sequence[Row]:
        if self._begun:
            return await self._store.write(lambda: _in_transaction(self._store).execute(text, arguments).fetchall())
        return await self._store.read(text, arguments)

    async def begin(self) -> None:
        if not self._begun:
            await self._store.writing.acquire()
            self._begun = True

    async def commit(self, changes: Sequence[Change]) -> None:
        if not self._begun:
            await self._join(changes)
            return

        def job() -> None:
            _run(_in_transaction(self._store), changes)
            self._store.execute("COMMIT")

        try:
            await self._store.write(job)
        except BaseException:
            await self.close()
            raise
        self._begun = False
        self._store.writing.release()

    async def close(self) -> None:
        if self._begun:
            self._begun = False
            await asyncio.shield(self._end())

    async def _end(self) -> None:
        try:
            await self._store.write(lambda: _roll_back(self._store))
        finally:
            self._store.writing.release()

    async def _join(self, changes: Sequence[Change]) -> None:
        """Whoever gets the writer first commits for all that wait by then."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._store.waiting.append((changes, done))
        async with self._store.writing:
            if not done.done():
                units, self._store.waiting = self._store.waiting, []
                await _commit_together(self._store, units)
        await done


async def _commit_together(
    store: "SqliteStore", units: Sequence[tuple[Sequence[Change], asyncio.Future[None]]]
) -> None:
    """One transaction and one fsync for all of the units; each one succeeds or fails for itself."""

    def job() -> list[Exception | None]:
        try:
            _in_transaction(store)
            outcomes = [_attempt(store, changes) for changes, _ in units]
            store.execute("COMMIT")
            return outcomes
        finally:
            _roll_back(store)

    try:
        outcomes = await store.write(job)
    except Exception as error:  # noqa: BLE001 - whoever waits hears of it
        outcomes = [error for _ in units]
    for (_, done), outcome in zip(units, outcomes, strict=True):
        if outcome is None:
            done.set_result(None)
        else:
            done.set_exception(outcome)


def _in_transaction(store: "SqliteStore") -> "SqliteStore":
    if not store.connection.in_transaction:
        store.execute("BEGIN IMMEDIATE")
    return store


def _attempt(store: "SqliteStore", changes: Sequence[Change]) -> Exception | None:
    store.execute("SAVEPOINT unit")
    try:
        with translated():
            _run(store, changes)
    except (Duplicate, Conflict) as refusal:
        store.execute("ROLLBACK TO unit")
        return refusal
    finally:
        store.execute("RELEASE unit")
    return None


def _run(store: "SqliteStore", changes: Sequence[Change]) -> None:
    for change in changes:
        cursor = store.execute(change.text, change.arguments)
        if change.guarded and cursor.rowcount == 0:
            raise Conflict


def _roll_back(store: "SqliteStore") -> None:
    """Ends what is open; after a commit nothing is, and SQLite has ended some transactions by itself."""
    if store.connection.in_transaction:
        store.execute("ROLLBACK")
