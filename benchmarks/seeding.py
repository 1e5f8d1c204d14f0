"""Portico's rows, kept as Portico keeps them: through units of work."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from adapters.security.bcrypt import BcryptHasher
from adapters.security.jose import JoseTokens
from adapters.security.keys import secret_key
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from application.ports.security import Token
from benchmarks import rows
from domain.access import SCOPES, Role, UserId
from domain.accounts import User
from domain.catalogue import Item, ItemId
from domain.money import Money
from domain.sessions import Session
from domain.wallets import CASH, Entry, EntryKind, Wallet
from entrypoints.stores import open_store

SECRET = "a key for benchmarks and nothing else, 48 long.."  # noqa: S105 - nobody's
CHUNK = 500


async def seed(url: str, count: int) -> None:
    """Prepares the empty store at `url`, with `count` items."""
    store = open_store(url)
    await store.start()
    try:
        await fill(store, count)
    finally:
        await store.stop()


async def fill(store: Store, count: int) -> None:
    day = timedelta(days=1)
    units = StoredUnits(store, SystemClock(), Uuid7Ids(), answers_kept=day, events_kept=day)
    for chunk in _chunks(_people(await BcryptHasher().hash(rows.PASSWORD))):
        async with units.open() as unit:
            for user, session, wallet, entries in chunk:
                unit.users.add(user)
                unit.sessions.add(session)
                unit.wallets.add(wallet)
                for entry in entries:
                    unit.ledger.add(entry)
            await unit.commit(None)
    for items in _chunks(_items(count)):
        async with units.open() as unit:
            for item in items:
                unit.items.add(item)
            await unit.commit(None)


def tokens() -> list[str]:
    """An access token for each of the people, of the session that they have."""
    writer = JoseTokens([secret_key(SECRET)], SystemClock())
    return [
        writer.write(
            Token(
                id=rows.an_id(4, number),
                kind="access",
                user_id=UserId(rows.user_id(number)),
                session_id=rows.session_id(number),
                scopes=SCOPES[Role.CUSTOMER],
                issued_at=rows.BEGAN,
                expires_at=rows.FOREVER,
            )
        )
        for number in range(rows.PEOPLE)
    ]


def _people(password_hash: str) -> Iterator[tuple[User, Session, Wallet, list[Entry]]]:
    at = rows.BEGAN
    for number in range(rows.PEOPLE):
        id, name = UserId(rows.user_id(number)), f"u{number}"
        yield (
            User(
                id=id,
                username=name,
                email=rows.email(number),
                full_name=f"User {number}",
                password_hash=password_hash,
                created_at=at,
                updated_at=at,
            ),
            Session(
                id=rows.session_id(number),
                user_id=id,
                refresh_id=rows.an_id(5, number),
                created_at=at,
                last_used_at=at,
                expires_at=rows.FOREVER,
            ),
            Wallet(id=id, balance=Money(rows.BALANCE), created_at=at),
            list(_deposit(id, number)),
        )


def _deposit(id: UserId, number: int) -> Iterator[Entry]:
    """Both sides of what a wallet begins with, so that the book balances."""
    movement = rows.an_id(6, number)
    for side, (account, amount, after) in enumerate(((CASH, -rows.BALANCE, None), (id, rows.BALANCE, rows.BALANCE))):
        yield Entry(
            id=rows.an_id(7, 2 * number + side),
            movement_id=movement,
            account=account,
            kind=EntryKind.DEPOSIT,
            amount=amount,
            balance_after=after,
            created_at=rows.BEGAN,
        )


def _items(count: int) -> Iterator[Item]:
    for row in rows.items(count):
        yield Item(
            id=ItemId(row.id),
            owner_id=UserId(row.owner_id),
            name=row.name,
            description=row.description,
            price=Money(row.price),
            stock=rows.STOCK,
            created_at=row.created_at,
            updated_at=row.created_at,
        )


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def seed_now(url: str, count: int) -> None:
    asyncio.run(seed(url, count))
