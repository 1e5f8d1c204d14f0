"""Search: one list of whatever can be found by its words, ranked alike everywhere."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.access import UserId
from domain.paging import Listing, Window


class Kind(StrEnum):
    ITEM = "item"
    POST = "post"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What search knows of a thing, beside its words; `id` is the thing's own."""

    id: str
    version: int = 1
    kind: Kind
    owner_id: UserId
    is_public: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """`words` must all be there, the last by its beginning. Of `own` kinds one's private things are found too."""

    words: tuple[str, ...]
    kinds: tuple[Kind, ...] = tuple(Kind)
    own: tuple[Kind, ...] = ()


class Search(Protocol):
    @abstractmethod
    async def seen_by(self, actor_id: UserId | None, wanted: SearchFilter, window: Window) -> Listing[Entry]:
        """Public ones and their own: those that are named so before those that mention it, then newest, then id."""
