"""Sessions: where somebody is signed in. A session that is no longer there has ended, and its tokens with it."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self

from domain.access import UserId
from domain.errors import Refusal
from domain.paging import Listing, Window
from domain.repository import Repository

NO_REFRESH = "00000000-0000-0000-0000-000000000000"
"""Names no refresh token: none is good any more."""


class InvalidGrant(Refusal):
    """RFC 6749, 5.2: wrong name or password, or a refresh token that is unknown, expired, used or revoked."""

    code = "invalid_grant"
    detail = "The credentials or the refresh token are not valid."


class InvalidScope(Refusal):
    """RFC 6749, 5.2: none of the scopes asked for can be given."""

    code = "invalid_scope"
    detail = "None of the scopes asked for can be granted."


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedToken:
    """An access token that ended before its time."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`refresh_id` names the one refresh token that is still good; `scopes` None means all that the role may have."""

    id: str
    version: int = 1
    user_id: UserId
    scopes: tuple[str, ...] | None = None
    refresh_id: str
    revoked: tuple[RevokedToken, ...] = ()
    ip: str | None = None
    user_agent: str | None = None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime

    def rotated(self, refresh_id: str, *, at: datetime, until: datetime) -> Self:
        """With the next refresh token in place of the one that was used."""
        return replace(self, refresh_id=refresh_id, last_used_at=at, expires_at=until)

    def unrefreshable(self) -> Self:
        """Goes on for as long as its access tokens do."""
        return replace(self, refresh_id=NO_REFRESH)

    def without(self, token: RevokedToken, *, at: datetime) -> Self:
        """With one access token ended; those that have expired by themselves are forgotten."""
        if self.has_revoked(token.id):
            return self
        alive = tuple(other for other in self.revoked if other.expires_at > at)
        return replace(self, revoked=(*alive, token))

    def has_revoked(self, token_id: str) -> bool:
        return any(token.id == token_id for token in self.revoked)


class Sessions(Repository[Session], Protocol):
    @abstractmethod
    async def of(self, user_id: UserId, window: Window, *, at: datetime) -> Listing[Session]:
        """Theirs that have not expired, newest first."""

    @abstractmethod
    async def all_of(self, user_id: UserId) -> Sequence[Session]:
        """Theirs, for ending them."""

    @abstractmethod
    async def among(self, ids: Sequence[str]) -> Sequence[Session]:
        """Those of the ids that exist, in no order."""
