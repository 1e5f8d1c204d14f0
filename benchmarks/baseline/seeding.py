"""The baseline's own tables, with the rows of benchmarks/rows.py."""

import asyncio
import sqlite3
import uuid
from collections.abc import Iterator
from typing import Any

import asyncpg
import bcrypt

from benchmarks import rows

_POSTGRESQL = """
CREATE TABLE users (
    id uuid PRIMARY KEY, email text NOT NULL UNIQUE, password_hash text NOT NULL, is_active bool NOT NULL,
    is_superuser bool NOT NULL, full_name text, created_at timestamptz NOT NULL);
CREATE TABLE wallets (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE items (
    id uuid PRIMARY KEY, title varchar(255) NOT NULL, description varchar(255),
    owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, created_at timestamptz NOT NULL DEFAULT now(),
    price bigint NOT NULL DEFAULT 100, stock bigint NOT NULL DEFAULT 0 CHECK (stock >= 0),
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || coalesce(description, ''))) STORED);
CREATE TABLE orders (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), total bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE order_lines (
    order_id uuid NOT NULL REFERENCES orders (id), line int NOT NULL, item_id uuid NOT NULL REFERENCES items (id),
    qty int NOT NULL, price bigint NOT NULL, PRIMARY KEY (order_id, line));
CREATE INDEX items_newest ON items (created_at DESC, id DESC);
CREATE INDEX items_of ON items (owner_id);
CREATE INDEX items_words ON items USING gin (words);
"""

_SQLITE = """
CREATE TABLE users (
    id text PRIMARY KEY, email text NOT NULL UNIQUE, password_hash text NOT NULL, is_active int NOT NULL,
    is_superuser int NOT NULL, full_name text, created_at text NOT NULL);
CREATE TABLE wallets (user_id text PRIMARY KEY REFERENCES users (id), balance int NOT NULL CHECK (balance >= 0));
CREATE TABLE items (
    seq integer PRIMARY KEY, id text NOT NULL UNIQUE, title text NOT NULL, description text,
    owner_id text NOT NULL REFERENCES users (id), created_at text NOT NULL, price int NOT NULL DEFAULT 100,
    stock int NOT NULL DEFAULT 0 CHECK (stock >= 0));
CREATE TABLE orders (
    id text PRIMARY KEY, user_id text NOT NULL REFERENCES users (id), total int NOT NULL, created_at real);
CREATE TABLE order_lines (
    order_id text NOT NULL REFERENCES orders (id), line int, item_id text NOT NULL REFERENCES items (id), qty int,
    price int, PRIMARY KEY (order_id, line)) WITHOUT ROWID;
CREATE INDEX items_newest ON items (created_at DESC, id DESC);
CREATE INDEX items_of ON items (owner_id);
CREATE VIRTUAL TABLE items_words USING fts5 (title, description, content='items', content_rowid='seq');
CREATE TRIGGER items_added AFTER INSERT ON items BEGIN
    INSERT INTO items_words (rowid, title, description) VALUES (new.seq, new.title, new.description);
END;
"""


def _hash() -> str:
    return bcrypt.hashpw(rows.PASSWORD.encode(), bcrypt.gensalt(12)).decode()


async def seed_postgresql(url: str, count: int) -> None:
    hash = _hash()
    people = [uuid.UUID(rows.user_id(number)) for number in range(rows.PEOPLE)]
    columns = ("id", "title", "description", "owner_id", "created_at", "price", "stock")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_POSTGRESQL)
        await connection.copy_records_to_table(
            "users",
            records=[
                (id, rows.email(number), hash, True, False, f"User {number}", rows.BEGAN)
                for number, id in enumerate(people)
            ],
        )
        await connection.copy_records_to_table("wallets", records=[(id, rows.BALANCE) for id in people])
        await connection.copy_records_to_table("items", records=_items(count, uuid.UUID), columns=columns)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def seed_sqlite(path: str, count: int) -> None:
    hash, began = _hash(), rows.BEGAN.isoformat()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=wal")
    connection.executescript(_SQLITE)
    connection.execute("BEGIN")
    for number in range(rows.PEOPLE):
        person = (rows.user_id(number), rows.email(number), hash, 1, 0, f"User {number}", began)
        connection.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)", person)
        connection.execute("INSERT INTO wallets VALUES (?, ?)", (person[0], rows.BALANCE))
    connection.executemany(
        "INSERT INTO items (id, title, description, owner_id, created_at, price, stock) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((*row[:4], row[4].isoformat(), *row[5:]) for row in _items(count, str)),
    )
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _items(count: int, key: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows.items(count):
        owner = key(row.owner_id)
        yield key(row.id), row.name, row.description, owner, row.created_at, row.price, rows.STOCK


def seed_postgresql_now(url: str, count: int) -> None:
    asyncio.run(seed_postgresql(url, count))
