"""Facts: what has happened, in the one vocabulary of the event feed, webhooks and the activity log."""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from domain.access import UserId
from domain.paging import Listing, Window
from domain.repository import Repository


def _types(topic: str | None, *types: str) -> dict[str, str | None]:
    return dict.fromkeys(types, topic)


TOPICS: Mapping[str, str | None] = {
    **_types("items", "item.created", "item.updated", "item.deleted"),
    **_types("orders", "order.placed", "order.paid", "order.shipped", "order.delivered", "order.cancelled"),
    **_types("orders", "order.lapsed"),
    **_types("posts", "post.created", "post.published", "post.unpublished", "post.updated", "post.deleted"),
    **_types("posts", "comment.created", "comment.deleted"),
    **_types("tasks", "task.queued", "task.started", "task.progressed", "task.succeeded", "task.failed"),
    **_types("tasks", "task.cancelled"),
    **_types("notifications", "notification.created"),
    **_types(None, "user.registered", "user.updated", "user.role_changed", "user.deactivated"),
    **_types(None, "session.started", "session.failed", "wallet.deposited", "wallet.transferred"),
    **_types(None, "file.stored", "file.deleted", "room.created", "room.deleted", "webhook.created"),
    **_types(None, "webhook.deleted"),
}
"""Every type of fact, and the topic of the feed that it is in: None for those of the activity log and webhooks only."""

SCOPES: Mapping[str, str] = {
    "items": "items:read",
    "orders": "orders:read",
    "posts": "posts:read",
    "tasks": "predictions:run",
    "notifications": "profile:read",
}
"""The topics, each with the scope that listening to it needs."""

WITHDRAWALS = frozenset({"item.updated", "item.deleted", "post.updated", "post.unpublished", "post.deleted"})
"""Types that may say of a thing that others can no longer see it."""

TO_OWNER = frozenset({"post.created"})
"""Types that the owner alone hears of, whoever may see the thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`type` is `<thing>.<verb in the past>`, `resource` is `<kind>:<id>`.

    `owner_id` is whose the resource is and `public` whether others could see it when this happened: enough to tell,
    when the fact is delivered, who may hear of it. `details` are plain JSON values, never secrets or bodies.
    """

    type: str
    resource: str
    owner_id: UserId | None = None
    public: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that was committed: who did it, when, and from where.

    `sequence` is its place in the feed, from 1 without a gap. It gets that after its commit, as ids are made before and
    units that began earlier may be committed later.
    """

    id: str
    version: int = 1
    type: str
    resource: str
    occurred_at: datetime
    actor_id: UserId | None
    owner_id: UserId | None
    public: bool
    details: Mapping[str, Any]
    ip: str | None = None
    request_id: str | None = None
    sequence: int | None = None

    @property
    def kind(self) -> str:
        return self.resource.partition(":")[0]

    @property
    def resource_id(self) -> str:
        return self.resource.partition(":")[2]

    @property
    def topic(self) -> str | None:
        return TOPICS.get(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Counts without gaps: whoever holds it has the next numbers to give."""

    id: str
    version: int = 1
    value: int = 0

    def after(self, more: int) -> Self:
        return replace(self, value=self.value + more)


FEED = "feed"
"""The counter of the feed: the place of its last event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFilter:
    """`resource` is `<kind>` or `<kind>:<id>`."""

    actor: UserId | None = None
    action: str | None = None
    resource: str | None = None


_UUID7 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


def made_at(id: str) -> datetime | None:
    """When an id was made (RFC 9562, 5.7); None where it is not one of ours."""
    found = _UUID7.fullmatch(id)
    milliseconds = int(found[1] + found[2], 16) if found else 2**48
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds < 2**45 else None


class Events(Repository[Event], Protocol):
    """The outbox, the feed and the activity log: one row a fact, kept in the commit that made it true."""

    @abstractmethod
    async def some_wait(self) -> bool:
        """Whether any has no place in the feed yet."""

    @abstractmethod
    async def place(self, behind: int, limit: int) -> Sequence[Event]:
        """Gives some that have no place the next ones behind that, in the order of their ids; answers them."""

    @abstractmethod
    async def following(self, sequence: int, limit: int) -> Sequence[Event]:
        """The feed behind that place."""

    @abstractmethod
    async def matching(self, wanted: ActivityFilter, window: Window) -> Listing[Event]:
        """The activity log, newest first."""


class Counters(Repository[Counter], Protocol):
    """What is counted for all processes together."""
