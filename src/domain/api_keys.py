"""API keys: long-lived credentials for programs, kept as a hash."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

from domain.access import UserId
from domain.errors import Invalid
from domain.paging import Listing, Window
from domain.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`prefix` is the beginning of the key, for people to tell keys apart; `digest` is what is kept of the whole."""

    id: str
    version: int = 1
    user_id: UserId
    name: str
    prefix: str
    digest: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.expires_at is not None and self.expires_at <= self.created_at:
            raise Invalid("must be in the future", field="expires_at")

    def alive(self, at: datetime) -> bool:
        return self.expires_at is None or at < self.expires_at

    def used(self, at: datetime) -> Self:
        return replace(self, last_used_at=at)


class ApiKeys(Repository[ApiKey], Protocol):
    @abstractmethod
    async def with_digest(self, digest: str) -> ApiKey | None:
        """The key that hashes to this."""

    @abstractmethod
    async def of(self, user_id: UserId, window: Window) -> Listing[ApiKey]:
        """Theirs, newest first."""

    @abstractmethod
    async def all_of(self, user_id: UserId) -> Sequence[ApiKey]:
        """Theirs, for ending them."""
