"""FastAPI, pydantic and asyncpg, with nothing between them."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
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

POOL = 10

_USER = "SELECT id, email, is_active, is_superuser, full_name, created_at FROM users WHERE id = $1"
_ITEM = "SELECT id, title, description, owner_id, created_at FROM items"
_NEWEST = "ORDER BY created_at DESC, id DESC"
_ONE = f"{_ITEM} WHERE id = $1"
_PAGE = f"{_ITEM} {_NEWEST} LIMIT $1 OFFSET $2"
_WALK = f"{_ITEM} WHERE (created_at, id) < ($1, $2) {_NEWEST} LIMIT $3"
_FOUND = f"{_ITEM} WHERE words @@ plainto_tsquery('simple', $1) {_NEWEST} LIMIT $2"
_OFFER = (
    "INSERT INTO items (id, title, description, owner_id) VALUES ($1, $2, $3, $4)"
    " RETURNING id, title, description, owner_id, created_at"
)
_WANTED = "SELECT id, price, stock FROM items WHERE id = ANY($1) ORDER BY id FOR UPDATE"
_TAKE = (
    "UPDATE items SET stock = stock - wanted.quantity"
    " FROM unnest($1::uuid[], $2::bigint[]) wanted (id, quantity) WHERE items.id = wanted.id"
)
_PAY = "UPDATE wallets SET balance = balance - $2 WHERE user_id = $1 AND balance >= $2 RETURNING 1"
_ORDER = "INSERT INTO orders (id, user_id, total) VALUES ($1, $2, $3)"
_LINES = (
    "INSERT INTO order_lines SELECT $1, line, item_id, quantity, price"
    " FROM unnest($2::int[], $3::uuid[], $4::int[], $5::bigint[]) t (line, item_id, quantity, price)"
)

pool: "asyncpg.Pool[Any]"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    global pool  # noqa: PLW0603 - it is one file's
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=POOL, max_size=POOL)
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"ok": "yes"}


@app.post("/login")
async def login(body: Login) -> Token:
    row = await pool.fetchrow("SELECT id, password_hash FROM users WHERE email = $1", body.email)
    if not row or not await asyncio.to_thread(bcrypt.checkpw, body.password.encode(), row[1].encode()):
        raise HTTPException(401)
    return Token(access_token=token_for(str(row[0])))


@app.get("/me")
async def me(user: Bearer) -> UserOut:
    row = await pool.fetchrow(_USER, user)
    if not row:
        raise HTTPException(404)
    return UserOut(**row)


@app.post("/items", status_code=201)
async def create(body: ItemIn, user: Bearer) -> ItemOut:
    row: Any = await pool.fetchrow(_OFFER, uuid.uuid4(), body.title, body.description, user)
    return ItemOut(**row)


@app.get("/items/{id}")
async def get(id: uuid.UUID, user: Bearer) -> ItemOut:
    row = await pool.fetchrow(_ONE, id)
    if not row:
        raise HTTPException(404)
    return ItemOut(**row)


@app.get("/items")
async def page(user: Bearer, skip: int = 0, limit: int = 50, after: str | None = None) -> Page:
    """With `after`, a walk that counts nothing; empty, it begins."""
    async with pool.acquire() as connection:
        if after:
            at, id = after.split("~")
            rows = await connection.fetch(_WALK, datetime.fromisoformat(at), uuid.UUID(id), limit)
        else:
            rows = await connection.fetch(_PAGE, limit, skip)
        count = None if after is not None else await connection.fetchval("SELECT count(*) FROM items")
    return Page(data=[ItemOut(**row) for row in rows], count=count)


@app.get("/search")
async def search(user: Bearer, q: str, limit: int = 50) -> Page:
    rows = await pool.fetch(_FOUND, q, limit)
    return Page(data=[ItemOut(**row) for row in rows], count=len(rows))


@app.post("/orders", status_code=201)
async def order(body: OrderIn, user: Bearer) -> OrderOut:
    wanted = {line.item_id: line.qty for line in body.lines}
    ids = sorted(wanted)
    async with pool.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_WANTED, ids)
        if len(rows) != len(ids) or any(row[2] < wanted[row[0]] for row in rows):
            raise HTTPException(409)
        total = sum(row[1] * wanted[row[0]] for row in rows)
        await connection.execute(_TAKE, ids, [wanted[id] for id in ids])
        if not await connection.fetchval(_PAY, user, total):
            raise HTTPException(402)
        made = uuid.uuid4()
        await connection.execute(_ORDER, made, user, total)
        quantities, prices = [wanted[row[0]] for row in rows], [row[1] for row in rows]
        await connection.execute(_LINES, made, list(range(len(rows))), ids, quantities, prices)
    return OrderOut(id=made, total=total)
