"""FastAPI, pydantic and sqlite3. `SQLITE_MODE=inline` runs statements on the event loop, `thread` on threads."""

import asyncio
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import bcrypt
from fastapi import FastAPI, HTTPException

from benchmarks.baseline.models import (
    Bearer,
    ItemIn,
    ItemOut,
    Login,
    OrderIn,
    OrderOut,
    Page,
    Token,
    UserOut,
    token_for,
)

T = TypeVar("T")

PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-65536", "mmap_size=268435456")

_USER = "SELECT id, email, is_active, is_superuser, full_name, created_at FROM users WHERE id = ?"
_COLUMNS = "items.id, title, items.description, owner_id, created_at"
_NEWEST = "ORDER BY created_at DESC, id DESC"
_ONE = f"SELECT {_COLUMNS} FROM items WHERE id = ?"  # noqa: S608 - constants
_PAGE = f"SELECT {_COLUMNS} FROM items {_NEWEST} LIMIT ? OFFSET ?"  # noqa: S608 - constants
_WALK = f"SELECT {_COLUMNS} FROM items WHERE (created_at, id) < (?, ?) {_NEWEST} LIMIT ?"  # noqa: S608 - constants
_FOUND = (
    "SELECT items.id, items.title, items.description, owner_id, created_at FROM items_words"
    " JOIN items ON items.seq = items_words.rowid WHERE items_words MATCH ? ORDER BY created_at DESC, id DESC LIMIT ?"
)
_OFFER = "INSERT INTO items (id, title, description, owner_id, created_at) VALUES (?, ?, ?, ?, ?)"
_PAY = "UPDATE wallets SET balance = balance - ?2 WHERE user_id = ?1 AND balance >= ?2"

_local = threading.local()
_readers, _writer = ThreadPoolExecutor(4), ThreadPoolExecutor(1)
_inline = os.environ.get("SQLITE_MODE", "inline") == "inline"


def connection() -> sqlite3.Connection:
    """This thread's."""
    if not hasattr(_local, "connection"):
        path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
        _local.connection = sqlite3.connect(path, isolation_level=None, cached_statements=256, timeout=10)
        for pragma in PRAGMAS:
            _local.connection.execute(f"PRAGMA {pragma}")
    own: sqlite3.Connection = _local.connection
    return own


async def _run(pool: ThreadPoolExecutor, job: Callable[..., T], *arguments: Any) -> T:
    if _inline:
        return job(*arguments)
    return await asyncio.get_running_loop().run_in_executor(pool, job, *arguments)


def _one(text: str, *arguments: Any) -> Any:
    return connection().execute(text, arguments).fetchone()


def _many(text: str, *arguments: Any) -> list[Any]:
    return connection().execute(text, arguments).fetchall()


def _item(row: Any) -> ItemOut:
    return ItemOut(id=row[0], title=row[1], description=row[2], owner_id=row[3], created_at=row[4])


app = FastAPI()


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"ok": "yes"}


@app.post("/login")
async def login(body: Login) -> Token:
    row = await _run(_readers, _one, "SELECT id, password_hash FROM users WHERE email = ?", body.email)
    if not row or not await asyncio.to_thread(bcrypt.checkpw, body.password.encode(), row[1].encode()):
        raise HTTPException(401)
    return Token(access_token=token_for(row[0]))


@app.get("/me")
async def me(user: Bearer) -> UserOut:
    row = await _run(_readers, _one, _USER, str(user))
    if not row:
        raise HTTPException(404)
    return UserOut(id=row[0], email=row[1], is_active=row[2], is_superuser=row[3], full_name=row[4], created_at=row[5])


@app.post("/items", status_code=201)
async def create(body: ItemIn, user: Bearer) -> ItemOut:
    row = (str(uuid.uuid4()), body.title, body.description, str(user), datetime.now(UTC).isoformat())
    await _run(_writer, _one, _OFFER, *row)
    return _item(row)


@app.get("/items/{id}")
async def get(id: uuid.UUID, user: Bearer) -> ItemOut:
    row = await _run(_readers, _one, _ONE, str(id))
    if not row:
        raise HTTPException(404)
    return _item(row)


def _page(skip: int, limit: int, after: str | None) -> tuple[list[Any], int | None]:
    rows = _many(_WALK, *after.split("~"), limit) if after else _many(_PAGE, limit, skip)
    return rows, None if after is not None else _one("SELECT count(*) FROM items")[0]


@app.get("/items")
async def page(user: Bearer, skip: int = 0, limit: int = 50, after: str | None = None) -> Page:
    """With `after`, a walk that counts nothing; empty, it begins."""
    rows, count = await _run(_readers, _page, skip, limit, after)
    return Page(data=[_item(row) for row in rows], count=count)


@app.get("/search")
async def search(user: Bearer, q: str, limit: int = 50) -> Page:
    rows = await _run(_readers, _many, _FOUND, f'"{q}"', limit)
    return Page(data=[_item(row) for row in rows], count=len(rows))


def _order(user: str, wanted: dict[str, int]) -> tuple[str, int]:
    own = connection()
    own.execute("BEGIN IMMEDIATE")
    try:
        rows = [_one("SELECT id, price, stock FROM items WHERE id = ?", id) for id in sorted(wanted)]
        if any(row is None or row[2] < wanted[row[0]] for row in rows):
            raise HTTPException(409)
        total = sum(row[1] * wanted[row[0]] for row in rows)
        own.executemany("UPDATE items SET stock = stock - ? WHERE id = ?", [(wanted[id], id) for id in wanted])
        if own.execute(_PAY, (user, total)).rowcount != 1:
            raise HTTPException(402)
        made = str(uuid.uuid4())
        own.execute("INSERT INTO orders VALUES (?, ?, ?, ?)", (made, user, total, time.time()))
        lines = [(made, number, row[0], wanted[row[0]], row[1]) for number, row in enumerate(rows)]
        own.executemany("INSERT INTO order_lines VALUES (?, ?, ?, ?, ?)", lines)
        own.execute("COMMIT")
    except BaseException:
        own.execute("ROLLBACK")
        raise
    return made, total


@app.post("/orders", status_code=201)
async def order(body: OrderIn, user: Bearer) -> OrderOut:
    made, total = await _run(_writer, _order, str(user), {str(line.item_id): line.qty for line in body.lines})
    return OrderOut(id=made, total=total)
