"""SQLite: one writer on its own thread, read-only readers, and commits that are on the disk before they are answered.

Short reads run on the event loop, since they cost less than a hop to a thread and, with a write-ahead log, never wait
for a writer; what is longer is interrupted and asked again on a thread. Units that only write are committed together:
one fsync for all that wait.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from adapters.persistence.session import Store, StoreSession
from adapters.sql.dialects.sqlite import Sqlite
from adapters.sql.migrate import migrate_sqlite
from adapters.sql.reader import Row
from adapters.sql.session import Change, SqlSession
from adapters.sql.sqlite_connection import SqliteConnection
from adapters.sql.sqlite_library import connect, translated, translating
from adapters.sql.statements import Statements
from adapters.system.bounded import Bounded
from domain.errors import Unavailable

T = TypeVar("T")

READERS = 2
INLINE_STEPS = 10_000
"""A read may keep the event loop for once or twice so many steps of SQLite's machine: less than a millisecond."""
COUNTS = 1000
LONG_FOR_S = 0.2


class SqliteStore(Store):
    """`path` is the database's file; its folder is made where it is missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._statements = Statements(Sqlite())
        self._local = threading.local()
        self.connection: sqlite3.Connection
        self.inline: sqlite3.Connection
        self._long: dict[str, float] = {}
        self._ticks = 0
        self._counted_at = -1
        self._counts: Bounded[tuple[Any, ...], int] = Bounded(COUNTS)
        self.writing = asyncio.Lock()
        self.waiting: list[tuple[Sequence[Change], asyncio.Future[None]]] = []

    async def start(self) -> None:
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(READERS, "sqlite-reader")
        await self.write(self._prepare)
        with translated():
            self.inline = connect(self._path, read_only=True)
            self.inline.execute("PRAGMA busy_timeout=0")
            self.inline.set_progress_handler(self._tick, INLINE_STEPS)

    async def stop(self) -> None:
        if not hasattr(self, "_writer"):
            return
        await self.write(self._close)
        self.inline.close()
        self._writer.shutdown()
        self._readers.shutdown()

    def session(self) -> StoreSession:
        return SqlSession(SqliteConnection(self), self._statements)

    async def ping(self) -> None:
        await self.read("SELECT 1", [])

    async def counted(self, text: str, arguments: list[Any]) -> int:
        """Counting takes as long as there are rows, so a count holds for as long as nobody commits anything."""
        self._ticks = 0  # of an earlier read's, which are no fault of this one
        with translated():
            state = self.inline.execute("PRAGMA data_version").fetchone()[0]
        if state != self._counted_at:
            self._counted_at, self._counts = state, Bounded(COUNTS)
        key = text, *arguments
        known = self._counts.get(key)
        if known is None:
            known = int((await self.read(text, arguments))[0][0])
            self._counts.put(key, known)
        return known

    def _tick(self) -> bool:
        """Interrupts at its second call in one read; the first may be due to steps of earlier reads."""
        self._ticks += 1
        return self._ticks > 1

    async def write(self, job: Callable[[], T]) -> T:
        """Runs the job on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, translating, job)

    async def read(self, text: str, arguments: list[Any]) -> Sequence[Row]:
        """Here where it is short, else on a thread, as is a question that was found to be long a moment ago."""
        if self._long.get(text, 0.0) < time.monotonic():
            self._ticks = 0
            try:
                return self.inline.execute(text, arguments).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY):
                    raise Unavailable from error
                if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    self._long[text] = time.monotonic() + LONG_FOR_S

        def job() -> Sequence[Row]:
            return self._reader().execute(text, arguments).fetchall()

        return await asyncio.get_running_loop().run_in_executor(self._readers, translating, job)

    def execute(self, text: str, arguments: list[Any] | None = None) -> sqlite3.Cursor:
        """On the writer's connection: only from its thread."""
        return self.connection.execute(text, arguments or [])

    def _prepare(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        migrate_sqlite(self._path)
        self.connection = connect(self._path)

    def _close(self) -> None:
        self.connection.close()

    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self._path, read_only=True)
        connection: sqlite3.Connection = self._local.connection
        return connection
