"""The unit of work: one use case's view of the store, committed as a whole or not at all.

1. All or nothing, over any number of aggregates, the operation's answer and the facts included.
2. `get` reads, `hold` reads what the unit decides on; every saved aggregate is compared by version as well.
3. Acknowledged means durable, on every store that keeps things.
4. Exactly once per operation: its answer is kept under a unique key, in the same commit as the work.
5. A closed set of errors: NotFound, AlreadyExists, Conflict, Rejected, Unavailable. No driver's error passes.
6. From the first write to the end of commit a unit is shielded from cancellation.
7. Writes wait for commit and are applied together; a unit does not see its own pending writes through questions.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from domain.access import UserId
from domain.accounts import Users
from domain.api_keys import ApiKeys
from domain.catalogue import Items
from domain.events import Counters, Events, Fact
from domain.files import Files
from domain.journal import Comments, Posts
from domain.mail import MailedTokens
from domain.notifications import Notifications
from domain.orders import Orders
from domain.rooms import Counts, Members, Messages, Presences, Rooms
from domain.search import Search
from domain.sessions import Sessions
from domain.stats import Figures
from domain.tasks import Schedules, Tasks
from domain.todos import Todos
from domain.wallets import Ledger, Wallets
from domain.webhooks import Deliveries, Webhooks

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was told: kept so that a repeated request is told the same."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A request that its client may repeat. `id` names caller, method, path and key; `fingerprint` the body.

    `render` makes the answer from the result that is committed.
    """

    id: str
    fingerprint: str
    render: Callable[[Any], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """An operation that was done, with what its client was told."""

    id: str
    version: int = 1
    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: str
    created_at: datetime


class UnitOfWork(Protocol):
    """Leaving it without `commit` takes everything back."""

    users: Users
    sessions: Sessions
    api_keys: ApiKeys
    items: Items
    orders: Orders
    wallets: Wallets
    ledger: Ledger
    posts: Posts
    comments: Comments
    search: Search
    todos: Todos
    webhooks: Webhooks
    deliveries: Deliveries
    tasks: Tasks
    files: Files
    schedules: Schedules
    rooms: Rooms
    members: Members
    messages: Messages
    counts: Counts
    presences: Presences
    events: Events
    counters: Counters
    figures: Figures
    mailed_tokens: MailedTokens
    notifications: Notifications

    @abstractmethod
    def tell(self, fact: Fact, *, actor: UserId | None = None) -> None:
        """A fact that leaves with the commit."""

    @abstractmethod
    async def commit(self, result: R) -> R:
        """Make it so, and answer `result`. Raises `AlreadyExists`, `Conflict` and `Unavailable`."""


class Units(Protocol):
    """Opens units of work on the store."""

    @abstractmethod
    def open(self, operation: Operation | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work; with an operation, its commit keeps the operation's answer."""

    @abstractmethod
    async def answered(self, operation_id: str) -> StoredAnswer | None:
        """What the client of an operation was told, for as long as answers are kept."""

    @abstractmethod
    async def housekeeping(self) -> int:
        """Removes what has expired: answers, sessions, mailed tokens, events. Answers how many. May be repeated."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises `Unavailable` where the store does not answer."""
