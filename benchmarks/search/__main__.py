"""`python -m benchmarks.search URL [COUNT]`: fills the empty store at URL with items and posts, and times search on it.

What is timed is the use case, without HTTP: the page, its exact total, and whatever is shown of each hit.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table

from adapters.persistence.unit_of_work import StoredUnits
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from application.search import Find
from benchmarks import rows
from domain.access import SCOPES, Actor, Role, UserId
from domain.accounts import User
from domain.catalogue import Item, ItemId
from domain.journal import Post, PostId, PostStatus
from domain.money import Money
from domain.paging import PageRequest
from domain.search import Kind
from entrypoints.stores import open_store

CHUNK, ROUNDS = 500, 50
ACTOR = Actor(UserId(rows.user_id(5)), Role.CUSTOMER, SCOPES[Role.CUSTOMER])

Words = Callable[[random.Random], tuple[str, ...]]
QUESTIONS: dict[str, Words] = {
    "a word": lambda dice: (dice.choice(rows.VOCABULARY),),
    "two words": lambda dice: (dice.choice(rows.VOCABULARY), dice.choice(rows.VOCABULARY)),
    "a word and the beginning of one": lambda dice: (dice.choice(rows.VOCABULARY), dice.choice(rows.VOCABULARY)[:3]),
    "the beginning of ten words": lambda dice: (dice.choice(rows.VOCABULARY)[:4],),
    "a word that everything has": lambda dice: ("item",),
}


async def main(url: str, count: int) -> None:
    day, store = timedelta(days=1), open_store(url)
    units = StoredUnits(store, SystemClock(), Uuid7Ids(), answers_kept=day, events_kept=day)
    await store.start()
    try:
        await _fill(units, count)
        table = Table("Asked", "by", "median ms", "p90 ms", "found (median)")
        for actor, name in ((None, "anybody"), (ACTOR, "a customer")):
            for question, words in QUESTIONS.items():
                took, totals = await _timed(Find(units), actor, words)
                ninth = statistics.quantiles(took, n=10)[-1]
                figures = (f"{statistics.median(took):.1f}", f"{ninth:.1f}", f"{statistics.median(totals):.0f}")
                table.add_row(question, name, *figures)
        Console().print(table)
    finally:
        await store.stop()


async def _timed(find: Find, actor: Actor | None, words: Words) -> tuple[list[float], list[int]]:
    dice = random.Random(5)  # noqa: S311 - questions, not secrets
    took, totals = [], []
    for _ in range(ROUNDS):
        wanted = words(dice)
        began = time.perf_counter()
        page: Any = await find(actor, wanted, tuple(Kind), PageRequest())
        took.append((time.perf_counter() - began) * 1000)
        totals.append(page.total)
    return took, totals


async def _fill(units: StoredUnits, count: int) -> None:
    things = _things(count)
    while chunk := list(islice(things, CHUNK)):
        async with units.open() as unit:
            for thing in chunk:
                repository: Any = {User: unit.users, Item: unit.items, Post: unit.posts}[type(thing)]
                repository.add(thing)
            await unit.commit(None)


def _things(count: int) -> Iterator[User | Item | Post]:
    """People, and as many items as posts, which have sixty words more; one post of five is a draft."""
    dice = random.Random(3)  # noqa: S311 - rows, not secrets
    for number in range(rows.PEOPLE):
        yield User(
            id=UserId(rows.user_id(number)),
            username=f"u{number}",
            email=rows.email(number),
            full_name=" ".join(dice.choices(rows.VOCABULARY, k=2)),
            password_hash="",
            created_at=rows.BEGAN,
            updated_at=rows.BEGAN,
        )
    for number, row in enumerate(rows.items(count)):
        at = {"created_at": row.created_at, "updated_at": row.created_at}
        owner, price = UserId(row.owner_id), Money(row.price)
        if number % 2:
            yield Item(id=ItemId(row.id), owner_id=owner, name=row.name, description=row.description, price=price, **at)
        else:
            status = PostStatus.DRAFT if number % 10 == 0 else PostStatus.PUBLISHED
            content = f"{row.description} {' '.join(dice.choices(rows.VOCABULARY, k=60))}"
            yield Post(id=PostId(row.id), author_id=owner, title=row.name, content=content, status=status, **at)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else rows.LARGE))
