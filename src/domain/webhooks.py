"""Webhooks: where somebody wants to be told of events, and each telling with how far it has come."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NewType, Protocol, Self

from domain.access import Actor, UserId
from domain.errors import NotFound, Rejected
from domain.messages import EVERYTHING, GONE, TYPES, Outcome
from domain.paging import Listing, Window
from domain.repository import Repository

WebhookId = NewType("WebhookId", str)
DeliveryId = NewType("DeliveryId", str)

MAX_WEBHOOKS = 20
DISABLED_AFTER = timedelta(days=5)
"""So long nothing may arrive before a webhook is ended."""


class TooManyWebhooks(Rejected):
    code = "too_many_webhooks"
    detail = f"There are {MAX_WEBHOOKS} webhooks already."


class WebhookInactive(Rejected):
    code = "webhook_inactive"
    detail = "The webhook is not active any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`sealed_secret` is the secret as it may be kept. One that was deleted is `ended` until its deliveries are gone.

    `failing_since` is when the first of the attempts failed since which none succeeded.
    """

    id: WebhookId
    version: int = 1
    owner_id: UserId
    url: str
    events: tuple[str, ...]
    sealed_secret: str
    is_active: bool = True
    failing_since: datetime | None = None
    created_at: datetime
    ended_at: datetime | None = None

    def wants(self, type: str) -> bool:
        return self.is_active and type in TYPES and (type in self.events or EVERYTHING in self.events)

    def readable_by(self, actor: Actor) -> bool:
        return actor.id == self.owner_id and self.ended_at is None

    def require_owner(self, actor: Actor) -> None:
        """Raises `NotFound` for everybody else, and for all once it was deleted."""
        if not self.readable_by(actor):
            raise NotFound()

    def require_active(self) -> None:
        """Raises `WebhookInactive`."""
        if not self.is_active:
            raise WebhookInactive()

    def reached(self) -> Self:
        return self if self.failing_since is None else replace(self, failing_since=None)

    def missed(self, at: datetime, status: int | None) -> Self:
        """After an attempt that failed: deactivated where the receiver says so, or has been silent for days."""
        since = self.failing_since or at
        silent = at - since >= DISABLED_AFTER
        return replace(self, failing_since=since, is_active=self.is_active and status != GONE and not silent)

    def ended(self, at: datetime) -> Self:
        """Deleted: nothing personal stays of it."""
        return replace(self, is_active=False, ended_at=at, url="", events=(), sealed_secret="", failing_since=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one webhook. `message_id` and `body` are the same at every attempt.

    `due_at` says from when on any process may take it up: when its time has come, or when the `lease` of one that died
    is over. `tries` counts the attempts since it was last queued, `attempts` all of them.
    """

    id: DeliveryId
    version: int = 1
    webhook_id: WebhookId
    message_id: str
    event: str
    body: str
    status: Literal["queued", "delivered", "failed"] = "queued"
    attempts: int = 0
    tries: int = 0
    response_status: int | None = None
    error: str | None = None
    next_attempt_at: datetime | None
    due_at: datetime | None
    lease: str | None = None
    created_at: datetime
    delivered_at: datetime | None = None

    def is_due(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at

    def claimed(self, lease: str, until: datetime) -> Self:
        return replace(self, lease=lease, due_at=until)

    def put_off(self, until: datetime) -> Self:
        return replace(self, due_at=until)

    def attempted(self, outcome: Outcome, at: datetime, retry: Sequence[timedelta]) -> Self:
        """After an attempt: delivered, queued again after the next of the pauses, or failed where none is left."""
        tried = replace(
            self,
            attempts=self.attempts + 1,
            tries=self.tries + 1,
            response_status=outcome.status,
            error=outcome.reason,
            lease=None,
        )
        if outcome.succeeded:
            return replace(tried, status="delivered", delivered_at=at, next_attempt_at=None, due_at=None)
        if outcome.status == GONE or self.tries >= len(retry):
            return replace(tried, status="failed", next_attempt_at=None, due_at=None)
        due_at = at + retry[self.tries]
        return replace(tried, next_attempt_at=due_at, due_at=due_at)

    def given_up(self, error: str) -> Self:
        """Failed without another attempt."""
        return replace(self, status="failed", error=error, next_attempt_at=None, due_at=None, lease=None)

    def queued_again(self, at: datetime) -> Self:
        """To be sent at once, with all its pauses before it."""
        return replace(
            self, status="queued", tries=0, error=None, delivered_at=None, next_attempt_at=at, due_at=at, lease=None
        )


class Webhooks(Repository[Webhook], Protocol):
    """Those that were deleted are found by `ended` alone."""

    @abstractmethod
    async def of(self, owner_id: UserId, window: Window) -> Listing[Webhook]:
        """Theirs, newest first."""

    @abstractmethod
    async def all_of(self, owner_id: UserId) -> Sequence[Webhook]:
        """Theirs, for counting, export and ending them."""

    @abstractmethod
    async def active(self) -> Sequence[Webhook]:
        """Everybody's that is told of anything."""

    @abstractmethod
    async def ended(self, limit: int) -> Sequence[Webhook]:
        """Some of those that were deleted and whose deliveries may still be there."""


class Deliveries(Repository[Delivery], Protocol):
    @abstractmethod
    async def of(self, webhook_id: WebhookId, window: Window) -> Listing[Delivery]:
        """Newest first."""

    @abstractmethod
    async def some_of(self, webhook_id: WebhookId, limit: int) -> Sequence[Delivery]:
        """Some of them, for removing them."""

    @abstractmethod
    async def due(self, at: datetime, limit: int) -> Sequence[Delivery]:
        """Some of those that may be taken up, the longest due first."""

    @abstractmethod
    async def next_due(self) -> Sequence[Delivery]:
        """The one that is due next, where one is."""

    @abstractmethod
    async def old(self, before: datetime, limit: int) -> Sequence[Delivery]:
        """Some that were made before, the oldest first."""
