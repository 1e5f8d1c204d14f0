"""Connections to PostgreSQL, opened when they are needed and kept.

asyncpg's own pool takes a task, a future and a proxy for each use, and a timer for each one who waits: a tenth of a
read by key. Nothing here changes a connection's settings, so that nothing has to be reset either.
"""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg

from adapters.sql.postgresql_errors import ERRORS
from adapters.system.semaphore import Semaphore
from domain.errors import Unavailable

PATIENCE_S = 4.0
"""How long anything may wait for the server: a client hears of its absence within five seconds."""

SHORT_S = 0.5
"""A wait for a connection that is not worth to be taken from the wait for the answer."""

STATEMENTS = 500
"""How many prepared statements a connection keeps."""

_SETTINGS = {
    "application_name": "portico",
    "statement_timeout": str(int(PATIENCE_S * 1000)),
    "lock_timeout": str(int(PATIENCE_S * 1000)),
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",
}


class Connections:
    """At most `size` at once, given in the order of asking; the one that was used last is used first."""

    def __init__(self, url: str, size: int) -> None:
        self._url, self._places = url, Semaphore(size, PATIENCE_S)
        self._idle: list[Any] = []
        self._busy: set[Any] = set()
        self._closed = True

    def open(self) -> None:
        self._closed = False

    async def take(self) -> tuple[Any, float | None]:
        """A connection, and how long may be waited for its answer, where that is less than usual.

        Raises `Unavailable` where they are closed, `TimeoutError`, and what the driver raises.
        """
        waited = await self._places.acquire()
        left = None if waited < SHORT_S else max(PATIENCE_S - waited, SHORT_S / 10)
        try:
            connection = self._kept() or await self._opened(left or PATIENCE_S)
        except BaseException:
            self._places.release()
            raise
        self._busy.add(connection)
        return connection, left

    def give_back(self, connection: Any) -> None:
        """One that is in the middle of something is of no use to others."""
        self._busy.discard(connection)
        if not connection.is_closed():
            if self._closed or connection.is_in_transaction():
                connection.terminate()
            else:
                self._idle.append(connection)
        self._places.release()

    async def close(self) -> None:
        """Those that are used just now are closed when they are given back."""
        self._closed = True
        idle, self._idle = self._idle, []
        for connection in idle:
            with suppress(*ERRORS):
                await connection.close(timeout=PATIENCE_S)

    def counts(self) -> tuple[int, int]:
        """How many are open, and how many of them are in use."""
        return len(self._idle) + len(self._busy), len(self._busy)

    def _kept(self) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _opened(self, timeout_s: float) -> Any:
        if self._closed:
            raise Unavailable
        async with asyncio.timeout(timeout_s):
            connection = await asyncpg.connect(
                self._url,
                timeout=PATIENCE_S,
                command_timeout=PATIENCE_S,
                server_settings=_SETTINGS,
                statement_cache_size=STATEMENTS,
            )
            try:
                await _prepare(connection)
            except BaseException:
                connection.terminate()
                raise
        return connection


async def _prepare(connection: Any) -> None:
    """Ids and JSON pass as the text that they are outside; and a commit is on the disk before it is acknowledged, even
    where the role or the database is set up otherwise."""
    if await connection.fetchval("SHOW synchronous_commit") == "off":
        await connection.execute("SET synchronous_commit = on")
    for kind in ("uuid", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=str, decoder=str, format="text")
