"""Two sides that take the same steps, and what they are compared by."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.memory.store import MemoryStore
from adapters.persistence.accounts import USERS
from adapters.persistence.api_keys import API_KEYS
from adapters.persistence.catalogue import ITEMS
from adapters.persistence.events import EVENTS
from adapters.persistence.files import FILES
from adapters.persistence.journal import COMMENTS, POSTS
from adapters.persistence.mail import MAILED_TOKENS
from adapters.persistence.mapping import Collection
from adapters.persistence.notifications import NOTIFICATIONS
from adapters.persistence.operations import ANSWERS
from adapters.persistence.orders import ORDERS
from adapters.persistence.query import Query
from adapters.persistence.rooms import COUNTS, MEMBERS, MESSAGES, ROOMS
from adapters.persistence.search import SEARCH
from adapters.persistence.session import Store, Write
from adapters.persistence.sessions import SESSIONS
from adapters.persistence.tasks import TASKS
from adapters.persistence.todos import TODOS
from adapters.persistence.unit_of_work import StoredUnits
from adapters.persistence.wallets import ENTRIES, WALLETS
from adapters.persistence.webhooks import DELIVERIES, WEBHOOKS
from entrypoints.stores import open_store
from tests.builders import CountedIds, FixedClock
from tests.differential.alike import difference
from tests.differential.changing import said
from tests.differential.steps import ONE_OF, STEPS
from tests.differential.world import Dice, Draw, World

COLLECTIONS: tuple[Collection[Any], ...] = (
    USERS, ITEMS, SESSIONS, API_KEYS, ORDERS, WALLETS, ENTRIES, TODOS, POSTS, COMMENTS, SEARCH, FILES,
    WEBHOOKS, DELIVERIES, TASKS,
    ROOMS, MEMBERS, MESSAGES, COUNTS, EVENTS, ANSWERS,
    MAILED_TOKENS, NOTIFICATIONS,
)  # fmt: skip
KEPT = timedelta(milliseconds=300)
AT_ONCE = 200
"""So many documents are removed in one go."""

EPOCH = 1000
"""After so many steps the sides are compared as a whole, and begin with nothing."""


class Difference(AssertionError):
    """The sides do not say the same."""


@dataclass(frozen=True)
class Side:
    store: Store
    units: StoredUnits

    @classmethod
    def of(cls, store: Store, clock: FixedClock) -> "Side":
        return cls(store, StoredUnits(store, clock, CountedIds(series=7), answers_kept=KEPT, events_kept=KEPT))

    async def everything(self, *, take: bool = False) -> dict[str, list[Any]]:
        """All that is kept, by ascending id; with `take`, none of it afterwards."""
        kept: dict[str, list[Any]] = {}
        session = self.store.session()
        for collection in COLLECTIONS:
            documents = await session.find(collection, Query())
            kept[collection.name] = [collection.load(document) for document in documents]
            gone = [Write("delete", collection, d["id"], None, d["version"]) for d in documents if take]
            for start in range(0, len(gone), AT_ONCE):
                await session.close()
                session = self.store.session()
                await session.apply(gone[start : start + AT_ONCE])
                session = self.store.session()
        await session.close()
        return kept


class Machine:
    """Both sides from one beginning; `steps` tells how many were taken of each kind."""

    def __init__(self, store: Store, draw: Draw, steps: Counter[str] | None = None) -> None:
        clock = FixedClock()
        self.yardstick, self.other = Side.of(MemoryStore(), clock), Side.of(store, clock)
        self.world = World(draw, clock)
        self.steps: Counter[str] = Counter() if steps is None else steps

    async def step(self, kind: str) -> None:
        """Raises `Difference`."""
        _, plan = STEPS[kind]
        step = plan(self.world)
        expected, found = await said(step(self.yardstick.units)), await said(step(self.other.units))
        self.steps[kind] += 1
        self.steps["refused"] += expected[0] != "ok"
        where = "an error that is no refusal" if expected[0] == "ERROR" else difference(expected, found)
        if where:
            work, arguments, named = step.args
            asked = f"{work.__name__}{arguments} {named or ''}"
            raise Difference(f"{kind}: {asked}\n  at {where}\n  memory: {expected}\n  other:  {found}")

    async def end(self) -> None:
        """Compares all that is kept, and leaves nothing behind. Raises `Difference`."""
        expected, found = await self.yardstick.everything(), await self.other.everything(take=True)
        if where := difference(expected, found):
            raise Difference(f"what is kept\n  at {where}")


async def run(store: Store, steps: int, seed: int, taken: Counter[str]) -> None:
    """So many steps by that seed, counted in `taken`. Raises `Difference`, which names the step."""
    draw, number = Dice(seed), 0
    machine = Machine(store, draw, taken)
    try:
        while number < steps:
            number += 1
            await machine.step(machine.world.one(ONE_OF))
            if number % EPOCH == 0 or number == steps:
                await machine.end()
                machine = Machine(store, draw, taken)
    except Difference as difference:
        raise Difference(f"seed {seed}, step {number}: {difference}") from None


@asynccontextmanager
async def started(url: str) -> AsyncIterator[Store]:
    store = open_store(url)
    await store.start()
    try:
        yield store
    finally:
        await store.stop()
