"""A fresh copy of the same rows for each server, on each store.

The rows are made once for an application and a number of items, as a template; a server is given a copy, and what it
writes goes with it. SQLite's templates stay in var/bench for the next run.
"""

import asyncio
import hashlib
import os
import secrets
import shutil
from abc import abstractmethod
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import asyncpg
from pymongo import MongoClient

from benchmarks.baseline.seeding import seed_postgresql_now, seed_sqlite
from benchmarks.seeding import seed_now

ROOT = Path(__file__).parent.parent
WORK = ROOT / "var" / "bench"
STORES = ("sqlite", "postgresql", "mongodb", "memory")
SERVERS = {"postgresql": "TEST_POSTGRESQL_URL", "mongodb": "TEST_MONGODB_URL"}


class Rows(Protocol):
    """The rows of one store. An application is `portico` or `baseline`."""

    @abstractmethod
    def copy(self, application: str, count: int) -> str:
        """The DATABASE_URL of a copy that nobody else uses, with `count` items."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """The copy is no longer needed."""

    @abstractmethod
    def close(self) -> None:
        """Nothing is left behind."""

    @abstractmethod
    def about(self) -> dict[str, str]:
        """What of the store bears on the figures."""


def rows_of(store: str, folder: Path) -> Rows:
    """Raises `SystemExit` where the store's server is not named."""
    if store in SERVERS and not os.environ.get(SERVERS[store]):
        raise SystemExit(f"{store} is where {SERVERS[store]} names it, and that is not set")
    match store:
        case "sqlite":
            return SqliteRows(folder)
        case "postgresql":
            return PostgresqlRows(os.environ[SERVERS[store]])
        case "mongodb":
            return MongoRows(os.environ[SERVERS[store]])
        case _:
            return MemoryRows()


class SqliteRows(Rows):
    """In a folder on the disk that the project is on: in memory, a commit would cost nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy(self, application: str, count: int) -> str:
        path = self._folder / f"{secrets.token_hex(4)}.db"
        shutil.copy(self._template(application, count), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """The folder goes with the run."""

    def about(self) -> dict[str, str]:
        import sqlite3

        return {"SQLite": sqlite3.sqlite_version, "synchronous": "full"}

    def _template(self, application: str, count: int) -> Path:
        folder = WORK / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{application}-{count}-"
        path = folder / f"{name}{_shape()}.db"
        if not path.exists():
            for old in folder.glob(f"{name}*.db"):
                old.unlink(missing_ok=True)
            draft = self._folder / path.name
            if application == "portico":
                seed_now(f"sqlite:///{draft}", count)
            else:
                seed_sqlite(str(draft), count)
            draft.rename(path)
        return path


class PostgresqlRows(Rows):
    """Databases with names of their own, copied by the server; all of them are dropped at the end."""

    def __init__(self, server: str) -> None:
        self._server, self._prefix = server, f"portico_bench_{secrets.token_hex(4)}"
        self._made: list[str] = []

    def copy(self, application: str, count: int) -> str:
        template = f"{self._prefix}_{application}_{count}"
        if template not in self._made:
            self._create(template, "template1")
            seed = seed_now if application == "portico" else seed_postgresql_now
            seed(self._url(template), count)
            _postgresql(self._url(template), "VACUUM ANALYZE")
        name = f"{self._prefix}_{secrets.token_hex(4)}"
        self._create(name, template)
        return self._url(name)

    def drop(self, url: str) -> None:
        self._drop(urlsplit(url).path.strip("/"))

    def close(self) -> None:
        for name in list(self._made):
            self._drop(name)

    def about(self) -> dict[str, str]:
        settings = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        return {f"PostgreSQL {name}": _postgresql(self._server, f"SHOW {name}") for name in settings}

    def _url(self, name: str) -> str:
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    def _create(self, name: str, template: str) -> None:
        _postgresql(self._server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)

    def _drop(self, name: str) -> None:
        _postgresql(self._server, f'DROP DATABASE "{name}" WITH (FORCE)')
        self._made.remove(name)


class MongoRows(Rows):
    """Each copy is made anew."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: list[str] = []

    def copy(self, application: str, count: int) -> str:
        name = f"portico_bench_{secrets.token_hex(4)}"
        self._made.append(name)
        url = urlsplit(self._server)._replace(path=f"/{name}").geturl()
        seed_now(url, count)
        return url

    def drop(self, url: str) -> None:
        name = urlsplit(url).path.strip("/")
        with MongoClient[dict[str, object]](self._server) as client:
            client.drop_database(name)
        self._made.remove(name)

    def close(self) -> None:
        for name in list(self._made):
            self.drop(f"mongodb://_/{name}")

    def about(self) -> dict[str, str]:
        with MongoClient[dict[str, object]](self._server) as client:
            return {"MongoDB": str(client.server_info()["version"])}


class MemoryRows(Rows):
    """Nobody else reaches them, so the server makes them as it starts: `benchmarks.serve`."""

    def copy(self, application: str, count: int) -> str:
        return f"memory://?items={count}"

    def drop(self, url: str) -> None:
        """They went with the process."""

    def close(self) -> None:
        """They went with the process."""

    def about(self) -> dict[str, str]:
        return {}


def _shape() -> str:
    """Changes with whatever decides what the rows look like."""
    adapters, own = ROOT / "src" / "adapters", ROOT / "benchmarks"
    sources = [
        *(adapters / "sql" / "migrations" / "versions").glob("*.py"),
        *(adapters / "persistence").glob("*.py"),
        *(adapters / "sql").glob("*.py"),
        ROOT / "src" / "domain" / "text.py",
        own / "rows.py",
        own / "seeding.py",
        own / "baseline" / "seeding.py",
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()[:12]


def _postgresql(url: str, statement: str) -> str:
    """What the statement answers first."""

    async def run() -> str:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return str(await connection.fetchval(statement, timeout=120))
        finally:
            await connection.close()

    return asyncio.run(run())
