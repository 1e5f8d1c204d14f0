"""Facts: what has happened, in the one vocabulary of the event feed, webhooks and the activity log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.access import UserId


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
    """A fact that was committed: who did it, when, and an id that orders the feed."""

    id: str
    version: int = 1
    type: str
    resource: str
    occurred_at: datetime
    actor_id: UserId | None
    owner_id: UserId | None
    public: bool
    details: Mapping[str, Any]
