"""Which stores are there, and a fresh database of one's own on each.

Memory and SQLite always are, a server is where its `TEST_*_URL` names it; `tests/containers.py` is for those not named.
"""

import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
from pymongo import AsyncMongoClient

STORES = ("memory", "sqlite", "postgresql", "mongodb")
CACHED = ("memory cached", "sqlite cached")
"""Stores whose application keeps public answers; what is read in that way is tested so, too."""
PUBLIC_READS = ("test_catalogue", "test_journal")
SERVERS: Mapping[str, str] = {
    "postgresql": "TEST_POSTGRESQL_URL",
    "mongodb": "TEST_MONGODB_URL",
    "mongodb-standalone": "TEST_MONGODB_STANDALONE_URL",
    "redis": "TEST_REDIS_URL",
}


def available_stores() -> list[str]:
    return [store for store in STORES if store not in missing_servers()]


def missing_servers() -> list[str]:
    return [server for server, variable in SERVERS.items() if not os.environ.get(variable)]


def server_url(server: str) -> str:
    return os.environ[SERVERS[server]]


@asynccontextmanager
async def fresh_url(store: str, *, template: str = "template1") -> AsyncIterator[str]:
    """A DATABASE_URL that nothing else uses, gone afterwards; on PostgreSQL a copy of the database `template`."""
    name = f"portico_test_{secrets.token_hex(8)}"
    match store:
        case "memory":
            yield "memory://"
        case "sqlite":
            with tempfile.TemporaryDirectory(prefix=name) as folder:
                yield f"sqlite:///{folder}/portico.db"
        case "postgresql":
            await _postgresql(f'create database "{name}" template "{template}"')
            try:
                yield _with_database(server_url(store), name)
            finally:
                await _postgresql(f'drop database "{name}" with (force)')
        case "mongodb" | "mongodb-standalone":
            try:
                yield _with_database(server_url(store), name)
            finally:
                client: AsyncMongoClient[dict[str, object]]
                async with AsyncMongoClient(server_url(store)) as client:
                    await client.drop_database(name)
        case _:
            raise ValueError(f"no such store: {store}")


def _with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


async def _postgresql(statement: str) -> None:
    connection = await asyncpg.connect(server_url("postgresql"), timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def silent_servers() -> list[str]:
    """The variables that name a server which does not answer: better said once than by every test."""
    return [variable for variable in SERVERS.values() if not _answers(os.environ.get(variable, ""))]


def _answers(url: str) -> bool:
    first = urlsplit(url.partition(",")[0])
    if first.port is None:  # nothing named, a socket file, or a name for DNS to resolve: left to the driver
        return True
    try:
        socket.create_connection((first.hostname, first.port), timeout=3).close()
    except OSError:
        return False
    return True
