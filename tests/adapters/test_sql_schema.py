"""The migrated database, the tables and the queries fit each other, on both SQL stores."""

import sqlite3
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from adapters.persistence.catalogue import ITEMS
from adapters.persistence.files import FILES
from adapters.persistence.journal import COMMENTS, POSTS
from adapters.persistence.orders import ORDERS
from adapters.persistence.query import NEWEST, Among, AnyOf, Compare, Equal, HasAll, Key, Matches, Query, behind
from adapters.persistence.search import SEARCH
from adapters.persistence.tasks import TASKS
from adapters.persistence.todos import TODOS
from adapters.persistence.wallets import ENTRIES
from adapters.sql import migrate, structure
from adapters.sql.dialects.postgresql import Postgresql
from adapters.sql.dialects.sqlite import Sqlite
from adapters.sql.sqlite_library import connect
from adapters.sql.statements import Statements
from adapters.sql.tables import REVISION, metadata
from entrypoints.stores import open_store
from tests.builders import NOON
from tests.stores import fresh_url

ID = "01970000-0000-7000-8000-000000000001"
SEEN = AnyOf((Equal("is_public", True), Equal("owner_id", ID)))
NEXT = behind(NEWEST, (0, ID))

QUESTIONS = {
    "newest": (ITEMS, Query((SEEN,), NEWEST, 20)),
    "newest, walked": (ITEMS, Query((SEEN, *NEXT), NEWEST, 20)),
    "by name": (ITEMS, Query((SEEN,), (Key("name_key"),), 20)),
    "by price, dearest first": (ITEMS, Query((SEEN,), (Key("price", descending=True),), 20)),
    "one's own": (ITEMS, Query((Equal("owner_id", ID),), NEWEST, 20)),
    "search": (ITEMS, Query((SEEN, Matches("words", ("tea", "po"))), NEWEST, 20)),
    "tags": (ITEMS, Query((SEEN, HasAll("tags", ["tea", "pot"])), NEWEST, 20)),
    "orders of somebody": (ORDERS, Query((Equal("user_id", ID),), NEWEST, 20)),
    "posts": (POSTS, Query((AnyOf((Equal("is_public", True), Equal("author_id", ID))), *NEXT), NEWEST, 20)),
    "posts, searched": (POSTS, Query((Equal("is_public", True), Matches("words", ("tea", "po"))), NEWEST, 20)),
    "comments on a post": (COMMENTS, Query((Equal("post_id", ID),), (Key("created_at"),), 20)),
    "search everywhere": (SEARCH, Query((SEEN, Matches("words", ("po",)), Matches("name_words", ("po",))), NEWEST, 20)),
    "files of somebody": (FILES, Query((Equal("owner_id", ID), Equal("purpose", "file")), NEWEST, 20)),
    "files of blobs": (FILES, Query((Among("blob", ["x"]),), NEWEST)),
    "tasks of somebody": (TASKS, Query((Equal("owner_id", ID), Equal("status", "queued")), NEWEST, 20)),
    "tasks that are due": (TASKS, Query((Compare("due_at", "<=", NOON), Among("kind", ["x"])), (Key("due_at"),), 8)),
    "tasks of a worker": (TASKS, Query((Equal("leased_to", ID),), NEWEST)),
    "tasks that are over": (TASKS, Query((Compare("finished_at", "<=", NOON),), (Key("finished_at"),), 500)),
    "entries of somebody": (ENTRIES, Query((Equal("account", ID), *NEXT), NEWEST, 20)),
    "to-dos by due time": (TODOS, Query((Equal("owner_id", ID),), (Key("due_rising"),), 20)),
    "to-dos by due time, backwards": (TODOS, Query((Equal("owner_id", ID),), (Key("due_falling", True),), 20)),
    "to-dos by priority": (TODOS, Query((Equal("owner_id", ID),), (Key("priority"),), 20)),
}
SCANS = tuple(
    f"{how} {table}{end}"
    for table in ("items", "orders", "entries", "todos", "posts", "comments", "search", "files", "tasks")
    for how, end in (("SCAN", "\n"), ("Seq Scan on", ""))
)


def test_the_tables_belong_to_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_new_sqlite_is_what_the_migrations_make(tmp_path: Path) -> None:
    made, built = tmp_path / "made.db", tmp_path / "built.db"
    migrate.upgrade_sqlite(made)
    structure.build(built)

    assert structure.structure_of(made) == structure.STRUCTURE.read_text(encoding="utf-8"), "make structure"
    assert structure.structure_of(built) == structure.structure_of(made)


def test_a_sqlite_that_could_not_be_built_whole_is_still_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.sql"
    broken.write_text(structure.STRUCTURE.read_text(encoding="utf-8") + "CREATE nonsense;\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(structure, "STRUCTURE", broken)
        with pytest.raises(sqlite3.OperationalError):
            migrate.migrate_sqlite(tmp_path / "portico.db")

    migrate.migrate_sqlite(tmp_path / "portico.db")

    assert structure.structure_of(tmp_path / "portico.db") == structure.STRUCTURE.read_text(encoding="utf-8")


async def test_sqlite_keeps_what_it_promises_only_with_these_settings(tmp_path: Path) -> None:
    connection = connect(tmp_path / "portico.db")

    def kept(name: str) -> Any:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert {n: kept(n) for n in ("journal_mode", "synchronous", "foreign_keys")} == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
    }


async def test_a_migrated_sqlite_has_the_columns_of_the_tables_and_is_strict() -> None:
    async with fresh_url("sqlite") as url:
        store = open_store(url)
        await store.start()
        await store.stop()
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        columns = {
            table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} - {"seq"}
            for table in metadata.tables
        }
        strict = {row[1]: row[5] for row in connection.execute("PRAGMA table_list")}
        connection.close()

    assert columns == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    assert all(strict[table] for table in metadata.tables)


@pytest.mark.server("postgresql")
async def test_a_migrated_postgresql_has_the_columns_of_the_tables() -> None:
    async with fresh_url("postgresql") as url:
        store = open_store(url)
        await store.start()
        await store.stop()
        connection = await asyncpg.connect(url)
        rows = await connection.fetch(
            "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
        )
        await connection.close()

    found = {(row[0], row[1], row[2] == "YES") for row in rows if row[0] in metadata.tables}
    assert found == {(t.name, c.key, bool(c.nullable)) for t in metadata.tables.values() for c in t.columns}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_index_serves_every_question_on_sqlite(question: str) -> None:
    collection, query = QUESTIONS[question]
    async with fresh_url("sqlite") as url:
        store = open_store(url)
        await store.start()
        await store.stop()
        statement, arguments = Statements(Sqlite()).find(collection, query)
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        plan = [row[3] + "\n" for row in connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", arguments)]
        connection.close()

    assert not [step for step in plan if step in SCANS]


@pytest.mark.server("postgresql")
@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_index_can_serve_every_question_on_postgresql(question: str) -> None:
    collection, query = QUESTIONS[question]
    async with fresh_url("postgresql") as url:
        store = open_store(url)
        await store.start()
        await store.stop()
        connection = await asyncpg.connect(url)
        for kind in ("uuid", "jsonb"):
            await connection.set_type_codec(kind, schema="pg_catalog", encoder=str, decoder=str, format="text")
        await connection.execute("SET enable_seqscan = off")
        statement, arguments = Statements(Postgresql()).find(collection, query)
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement.text}", *arguments))
        await connection.close()

    assert not [scan for scan in SCANS if scan in plan]
