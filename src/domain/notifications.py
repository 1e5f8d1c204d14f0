"""Notifications: what the shop tells somebody, in their inbox and by mail."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

from domain import text
from domain.access import Actor, UserId
from domain.errors import Invalid, NotFound
from domain.paging import Listing, Window
from domain.repository import Repository

SEND = "notification.send"
"""The kind of task."""

LONGEST_SUBJECT, LONGEST_MESSAGE = 200, 10_000


def subject(value: str) -> str:
    """Raises `Invalid` where it is not 1-200 characters in one line."""
    value = text.bounded(value, 1, LONGEST_SUBJECT)
    if len(value.splitlines()) > 1:
        raise Invalid("must be one line")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Its id is that of the task that wrote it, so that a task which runs again writes nothing twice."""

    id: str
    version: int = 1
    user_id: UserId
    subject: str
    message: str
    created_at: datetime
    read_at: datetime | None = None

    @classmethod
    def told(cls, *, id: str, user_id: UserId, at: datetime, subject: str, message: str) -> Self:
        return cls(id=id, user_id=user_id, subject=subject, message=message, created_at=at)

    def require_recipient(self, actor: Actor) -> None:
        """Raises `NotFound`: an inbox is its owner's alone."""
        if self.user_id != actor.id:
            raise NotFound()

    def read(self, at: datetime) -> Self:
        """Itself where it was read before."""
        return replace(self, read_at=at) if self.read_at is None else self


class Notifications(Repository[Notification], Protocol):
    @abstractmethod
    async def of(self, user_id: UserId, window: Window, *, unread: bool | None = None) -> Listing[Notification]:
        """Theirs, newest first: all, those not read yet, or those that were."""

    @abstractmethod
    async def all_of(self, user_id: UserId) -> Sequence[Notification]:
        """Theirs, for export and for ending them."""
