"""The SQLite library: connections as Portico needs them, and its errors in our words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from adapters.persistence.session import Duplicate
from domain.errors import Unavailable

T = TypeVar("T")

BUSY_MS = 4000
"""How long a writer waits for the writer of another process."""

LIBRARY = sqlite3.sqlite_version

_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": BUSY_MS, "foreign_keys": 1}
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


def shares_writers() -> bool:
    """Whether several processes may write: before 3.51.3 a reset of the log could lose what another one wrote."""
    return sqlite3.sqlite_version_info >= (3, 51, 3)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
        kept = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if kept != value:
            raise Unavailable(f"SQLite keeps {name} at {kept}, where Portico needs {value}")
    connection.execute("PRAGMA cache_size=-8192")
    connection.execute("PRAGMA temp_store=memory")
    if read_only:
        connection.execute("PRAGMA query_only=1")
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors in our words."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _TAKEN:
            raise Duplicate from error
        raise
    except (sqlite3.OperationalError, OSError) as error:
        raise Unavailable from error


def translating(job: Callable[[], T]) -> T:
    with translated():
        return job()
