"""PostgreSQL: READ COMMITTED with row locks in sorted order; a single read costs one round trip and no transaction."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg

from adapters.persistence.session import Store, StoreSession
from adapters.sql.dialects.postgresql import Postgresql
from adapters.sql.migrate import migrate_postgresql
from adapters.sql.postgresql_connections import PATIENCE_S, Connections
from adapters.sql.postgresql_errors import ERRORS, OUT_OF_STEP, translated
from adapters.sql.reader import Row
from adapters.sql.session import Change, Connection, SqlSession
from adapters.sql.statements import Statements
from adapters.sql.together import together
from domain.errors import Conflict, Unavailable


class PostgresqlStore(Store):
    """`url` is `postgresql://...`; `size` bounds the connections that this process opens."""

    def __init__(self, url: str, size: int = 10) -> None:
        self._url = url
        self._statements = Statements(Postgresql())
        self.pool = Connections(url, size)

    async def start(self) -> None:
        self.pool.open()
        try:
            connection, _ = await self.pool.take()
            try:
                await migrate_postgresql(connection, self._url)
            finally:
                self.pool.give_back(connection)
        except (asyncpg.PostgresError, *ERRORS) as error:
            raise Unavailable from error

    async def stop(self) -> None:
        await self.pool.close()

    def session(self) -> StoreSession:
        return SqlSession(PostgresqlConnection(self), self._statements)

    async def ping(self) -> None:
        try:
            await self.fetched("SELECT 1")
        except ERRORS as error:
            raise translated(error) from error

    async def fetched(self, text: str, *arguments: Any) -> Sequence[Row]:
        """One statement by itself. Who waited for a connection waits for the answer what is left of the patience."""
        connection, left = await self.pool.take()
        try:
            rows: Sequence[Row] = await connection.fetch(text, *arguments, timeout=left)
        except (*OUT_OF_STEP, asyncio.CancelledError):
            connection.terminate()
            raise
        finally:
            self.pool.give_back(connection)
        return rows

    def connections(self) -> tuple[int, int]:
        return self.pool.counts()


class PostgresqlConnection(Connection):
    """Takes a connection from the pool for each read, and keeps one from the beginning of a transaction to its end."""

    remembers_numbers = False

    def __init__(self, store: PostgresqlStore) -> None:
        self._store = store
        self._held: Any = None
        self._transaction: Any = None

    async def row(self, text: str, arguments: list[Any]) -> Row | None:
        rows = await self.rows(text, arguments)
        return rows[0] if rows else None

    async def number(self, text: str, arguments: list[Any]) -> int:
        return int((await self.rows(text, arguments))[0][0])

    async def rows(self, text: str, arguments: list[Any]) -> Sequence[Row]:
        try:
            return await (self._held.fetch(text, *arguments) if self._held else self._store.fetched(text, *arguments))
        except ERRORS as error:
            raise self._fault(error) from error

    async def begin(self) -> None:
        if self._held is None:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    self._held, _ = await self._store.pool.take()
                    transaction = self._held.transaction()
                    try:
                        await transaction.start()
                    except BaseException:  # nobody knows whether it has begun
                        self._held.terminate()
                        raise
                self._transaction = transaction
            except ERRORS as error:
                raise self._fault(error) from error

    async def commit(self, changes: Sequence[Change]) -> None:
        """One statement where that can be: it is all or nothing by itself, and needs no transaction round it."""
        try:
            statements = together(changes)
            if statements is not None and len(statements) == 1 and self._held is None:
                await self._store.fetched(*statements[0])
                return
            await self.begin()
            if statements is None:
                await _run(self._held, changes)
            else:
                for statement in statements:
                    await self._held.fetch(*statement)
            await self._transaction.commit()
            self._transaction = None
        except ERRORS as error:
            fault = self._fault(error)
            await self.close()
            if isinstance(fault, Unavailable) or len(changes) == 1:
                raise fault from error
            raise await self._first_fault(changes) or fault from error
        finally:
            await self.close()

    async def _first_fault(self, changes: Sequence[Change]) -> Exception | None:
        """Which change is at fault, done one after the other: a statement of all of them may name a later one."""
        try:
            await self.begin()
            await _run(self._held, changes)
        except Conflict as fault:
            return fault
        except ERRORS as error:
            return self._fault(error)
        return None

    def _fault(self, error: Exception) -> Exception:
        if isinstance(error, OUT_OF_STEP) and self._held is not None:
            self._held.terminate()
        return translated(error)

    async def close(self) -> None:
        if self._held is not None:
            held, transaction = self._held, self._transaction
            self._held = self._transaction = None
            await asyncio.shield(self._end(held, transaction))

    async def _end(self, held: Any, transaction: Any) -> None:
        try:
            if transaction is not None:
                await transaction.rollback()
        except ERRORS:
            with suppress(*ERRORS):
                held.terminate()
        finally:
            with suppress(*ERRORS):
                self._store.pool.give_back(held)


async def _run(connection: Any, changes: Sequence[Change]) -> None:
    for change in changes:
        status: str = await connection.execute(change.text, *change.arguments)
        if change.guarded and status.endswith(" 0"):
            raise Conflict
