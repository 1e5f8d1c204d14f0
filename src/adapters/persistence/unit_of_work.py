"""One unit of work for every store: reads go through, writes wait for commit."""

from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from typing import Any, TypeVar

from adapters.persistence.accounts import StoredUsers
from adapters.persistence.api_keys import StoredApiKeys
from adapters.persistence.catalogue import StoredItems
from adapters.persistence.committing import changed, shielded, taken_by_another
from adapters.persistence.events import EVENTS, StoredCounters, StoredEvents
from adapters.persistence.files import StoredFiles
from adapters.persistence.journal import StoredComments, StoredPosts
from adapters.persistence.mail import MAILED_TOKENS, StoredMailedTokens
from adapters.persistence.mapping import Collection
from adapters.persistence.notifications import StoredNotifications
from adapters.persistence.operations import ANSWERS
from adapters.persistence.orders import StoredOrders
from adapters.persistence.query import Compare, Condition, Query
from adapters.persistence.repository import Writes
from adapters.persistence.rooms import StoredCounts, StoredMembers, StoredMessages, StoredPresences, StoredRooms
from adapters.persistence.search import StoredSearch
from adapters.persistence.session import Duplicate, Store, StoreSession, Write
from adapters.persistence.sessions import SESSIONS, StoredSessions
from adapters.persistence.stats import StoredFigures
from adapters.persistence.tasks import StoredSchedules, StoredTasks
from adapters.persistence.todos import StoredTodos
from adapters.persistence.wallets import StoredLedger, StoredWallets
from adapters.persistence.webhooks import StoredDeliveries, StoredWebhooks
from application.caching import SHOWN
from application.ports.cache import Cache
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.origin import Origin, Origins
from application.ports.unit_of_work import Operation, StoredAnswer, UnitOfWork, Units
from application.ports.wake import Wake
from domain.access import UserId
from domain.errors import Conflict
from domain.events import Event, Fact

R = TypeVar("R")

SWEEP = 500
"""How many expired documents one unit of housekeeping removes."""


class StoredUnit(UnitOfWork):
    """A unit of work on one session of a store. Its repositories are made when they are first asked for."""

    users: StoredUsers
    sessions: StoredSessions
    api_keys: StoredApiKeys
    items: StoredItems
    orders: StoredOrders
    wallets: StoredWallets
    ledger: StoredLedger
    posts: StoredPosts
    comments: StoredComments
    search: StoredSearch
    todos: StoredTodos
    webhooks: StoredWebhooks
    deliveries: StoredDeliveries
    tasks: StoredTasks
    files: StoredFiles
    schedules: StoredSchedules
    rooms: StoredRooms
    members: StoredMembers
    messages: StoredMessages
    counts: StoredCounts
    presences: StoredPresences
    events: StoredEvents
    counters: StoredCounters
    figures: StoredFigures
    mailed_tokens: StoredMailedTokens
    notifications: StoredNotifications

    def __init__(
        self,
        session: StoreSession,
        clock: Clock,
        ids: Ids,
        operation: Operation | None,
        wake: Wake | None,
        origins: Origins | None,
        cache: Cache | None,
    ) -> None:
        self._session, self._clock, self._ids, self._operation, self._wake = session, clock, ids, operation, wake
        self._origins, self._cache = origins, cache
        self._origin: Origin | None = None
        self._writes = Writes()

    def __getattr__(self, name: str) -> Any:
        kind = StoredUnit.__annotations__.get(name)
        if kind is None:
            raise AttributeError(name)
        repository = kind(self._session, self._writes)
        setattr(self, name, repository)
        return repository

    def tell(self, fact: Fact, *, actor: UserId | None = None) -> None:
        event = Event(
            id=self._ids(),
            type=fact.type,
            resource=fact.resource,
            occurred_at=self._clock(),
            actor_id=actor,
            owner_id=fact.owner_id,
            public=fact.public,
            details=fact.details,
            ip=self._from.ip,
            request_id=self._from.request_id,
        )
        self._writes.insert(EVENTS, event)

    @property
    def _from(self) -> Origin:
        """What nobody asked for has an id too, by which what was done together is found together."""
        if self._origin is None:
            origin = self._origins() if self._origins is not None else Origin()
            self._origin = origin if origin.request_id else Origin(origin.ip, self._ids())
        return self._origin

    async def commit(self, result: R) -> R:
        if self._operation is not None:
            self._writes.insert(ANSWERS, self._answer(self._operation, result))
        writes = self._writes.taken()
        if writes:
            try:
                await shielded(self._session, writes)
            except Duplicate as error:
                raise await taken_by_another(self._session, writes) from error
            finally:  # of a commit that failed it may not be known that it did
                if self._cache is not None and (names := changed(writes, SHOWN)):
                    await self._cache.forget(names)
            if self._wake is not None:
                inserted: dict[str, list[str]] = {}
                for write in writes:
                    if write.kind == "insert":
                        inserted.setdefault(write.collection.name, []).append(write.id)
                for name, ids in inserted.items():
                    self._wake.ring(name, ids)
        return result

    def _answer(self, operation: Operation, result: object) -> StoredAnswer:
        answer = operation.render(result)
        return StoredAnswer(
            id=operation.id,
            fingerprint=operation.fingerprint,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            created_at=self._clock(),
        )


class OpenedUnit(AbstractAsyncContextManager[UnitOfWork]):
    """The unit while its block runs. A class: a generator would cost more than a read by key does."""

    def __init__(self, session: StoreSession, *parts: Any) -> None:
        self._session = session
        self._unit = StoredUnit(session, *parts)

    async def __aenter__(self) -> UnitOfWork:
        return self._unit

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()


class StoredUnits(Units):
    """Units of work on a store; `answers_kept` and `events_kept` say when housekeeping takes them away."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        *,
        answers_kept: timedelta,
        events_kept: timedelta,
        wake: Wake | None = None,
        origins: Origins | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._store, self._clock, self._ids, self._wake = store, clock, ids, wake
        self._origins, self._cache = origins, cache
        self._answers_kept, self._events_kept = answers_kept, events_kept

    def open(self, operation: Operation | None = None) -> "OpenedUnit":
        parts = self._clock, self._ids, operation, self._wake, self._origins, self._cache
        return OpenedUnit(self._store.session(), *parts)

    async def answered(self, operation_id: str) -> StoredAnswer | None:
        session = self._store.session()
        try:
            document = await session.get(ANSWERS, operation_id)
            if document is None:
                return None
            answer = ANSWERS.load(document)
            if answer.created_at > self._clock() - self._answers_kept:
                return answer
            with suppress(Conflict):  # its key is free again, and housekeeping may have been faster
                await session.apply([Write("delete", ANSWERS, answer.id, None, answer.version)])
            return None
        finally:
            await session.close()

    async def housekeeping(self) -> int:
        now = self._clock()
        return sum(
            [
                await self._sweep(ANSWERS, Compare("created_at", "<=", now - self._answers_kept)),
                await self._sweep(EVENTS, Compare("occurred_at", "<=", now - self._events_kept)),
                await self._sweep(SESSIONS, Compare("expires_at", "<=", now)),
                await self._sweep(MAILED_TOKENS, Compare("expires_at", "<=", now)),
            ]
        )

    async def _sweep(self, collection: Collection[Any], old: Condition) -> int:
        swept = 0
        while True:
            session = self._store.session()
            try:
                documents = await session.find(collection, Query((old,), limit=SWEEP))
                await session.apply([Write("delete", collection, d["id"], None, d["version"]) for d in documents])
            except Conflict:
                return swept  # another process sweeps the same ones
            finally:
                await session.close()
            swept += len(documents)
            if len(documents) < SWEEP:
                return swept

    async def ping(self) -> None:
        await self._store.ping()
