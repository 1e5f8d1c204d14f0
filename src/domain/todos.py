"""To-dos: what somebody means to do, for their own eyes."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain.access import Actor, UserId
from domain.errors import Invalid, NotFound
from domain.paging import Listing, Window
from domain.repository import Repository

TodoId = NewType("TodoId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """`priority` is 1-5. `done` and `completed_at` change by `completed` and `reopened` alone."""

    id: TodoId
    version: int = 1
    owner_id: UserId
    title: str
    description: str | None = None
    priority: int = 3
    due_at: datetime | None = None
    done: bool = False
    completed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        if not 1 <= self.priority <= 5:
            raise Invalid("must be 1-5", field="priority")

    def revised(self, at: datetime, **changes: Any) -> Self:
        """With these fields changed; itself where that changes nothing."""
        changed = replace(self, **changes)
        return self if changed == self else replace(changed, updated_at=at)

    def completed(self, at: datetime) -> Self:
        """Done; itself where it was."""
        return self if self.done else replace(self, done=True, completed_at=at, updated_at=at)

    def reopened(self, at: datetime) -> Self:
        """Not done; itself where it was not."""
        return replace(self, done=False, completed_at=None, updated_at=at) if self.done else self

    def require_owner(self, actor: Actor) -> None:
        """Raises `NotFound` for everybody else, staff too."""
        if actor.id != self.owner_id:
            raise NotFound()


class TodoOrder(StrEnum):
    """Ascending; the same with `-` before it descends. Those without a due time come last both ways."""

    PRIORITY = "priority"
    DUE = "due"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoFilter:
    """`due_before` means earlier than, and leaves out those without a due time."""

    done: bool | None = None
    priority: int | None = None
    due_before: datetime | None = None


class Todos(Repository[Todo], Protocol):
    @abstractmethod
    async def owned_by(
        self, owner_id: UserId, wanted: TodoFilter, window: Window, *, by: TodoOrder | None, descending: bool
    ) -> Listing[Todo]:
        """Newest first without `by`."""

    @abstractmethod
    async def all_of(self, owner_id: UserId) -> Sequence[Todo]:
        """Theirs, for export and for removing them."""
