"""Brings a database to the tables of this version (Alembic), exactly once however many processes start together."""

import asyncio
import fcntl
import sqlite3
from pathlib import Path
from typing import Any

from adapters.sql.structure import build
from adapters.sql.tables import REVISION

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7043128906
"""The key of PostgreSQL's advisory lock: any number that is always the same."""


def migrate_sqlite(path: Path) -> None:
    """One process migrates and the others wait for it: a lock on a file beside the database."""
    if _revision_of(path) == REVISION:
        return
    with path.with_name(path.name + ".migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_empty(path):
            build(path)
        if _revision_of(path) != REVISION:
            upgrade_sqlite(path)


def upgrade_sqlite(path: Path) -> None:
    from sqlalchemy import create_engine, event, pool

    engine = create_engine(f"sqlite:///{path}", poolclass=pool.NullPool)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode=wal"))
    with engine.begin() as connection:
        _upgrade(connection)


def _is_empty(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])
    finally:
        connection.close()


def _revision_of(path: Path) -> str | None:
    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()


async def migrate_postgresql(connection: Any, url: str) -> None:
    """`connection` is asyncpg's; the migration has one of its own and holds an advisory lock.

    The driver reads the URL here as everywhere: SQLAlchemy would not know the likes of `?sslmode=require`.
    """
    if await _revision_in(connection) == REVISION:
        return
    import asyncpg
    from sqlalchemy import pool, text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=pool.NullPool
    )
    try:
        async with engine.begin() as migrating:
            await migrating.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if await _revision_in(connection) != REVISION:
                await migrating.run_sync(_upgrade)
    finally:
        await asyncio.shield(engine.dispose())


async def _revision_in(connection: Any) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


def _upgrade(connection: Any) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS))
    command.upgrade(config, "head")
