"""Mailed tokens: what a link in a mail carries to show that its reader has the address.

What is kept is a digest, so that nobody who reads the store can use one; a token that is no longer there was used.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.access import UserId
from domain.accounts import User
from domain.errors import Invalid
from domain.repository import Repository

WELCOME = "mail.welcome"
RESET = "mail.reset"
"""Kinds of tasks."""


class InvalidToken(Invalid):
    code = "invalid_token"
    detail = "The link is not valid, was used before or is too old."


class Purpose(StrEnum):
    """What a token allows, once."""

    VERIFY = "verify"
    RESET = "reset"

    @property
    def lifetime(self) -> timedelta:
        return timedelta(hours=24 if self is Purpose.VERIFY else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedToken:
    """`email` is where it was sent: it shows nothing of another address that the account may have by now."""

    id: str
    version: int = 1
    user_id: UserId
    purpose: Purpose
    digest: str
    email: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def mailed(cls, *, id: str, user: User, purpose: Purpose, digest: str, at: datetime) -> "MailedToken":
        return cls(
            id=id,
            user_id=user.id,
            purpose=purpose,
            digest=digest,
            email=user.email,
            created_at=at,
            expires_at=at + purpose.lifetime,
        )

    def require(self, purpose: Purpose, at: datetime) -> None:
        """Raises `InvalidToken` where it is for something else, or too old."""
        if self.purpose is not purpose or at >= self.expires_at:
            raise InvalidToken()

    def require_holder(self, user: User) -> None:
        """Raises `InvalidToken` where the account ended, or has another address by now."""
        if not user.is_active or user.email != self.email:
            raise InvalidToken()


class MailedTokens(Repository[MailedToken], Protocol):
    @abstractmethod
    async def with_digest(self, digest: str) -> MailedToken | None:
        """The token that hashes to this."""

    @abstractmethod
    async def all_of(self, user_id: UserId) -> Sequence[MailedToken]:
        """Theirs, for ending them."""
