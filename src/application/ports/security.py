"""Passwords, tokens and keys."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from domain.access import UserId


class PasswordHasher(Protocol):
    @abstractmethod
    async def hash(self, password: str) -> str:
        """A salted hash that is slow on purpose; off the event loop."""

    @abstractmethod
    async def verify(self, password: str, hash: str | None) -> bool:
        """Whether it is the password. None takes as long as a wrong one, so that accounts cannot be probed by time."""


TokenKind = Literal["access", "refresh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token says. `session_id` is the sign-in that it belongs to."""

    id: str
    kind: TokenKind
    user_id: UserId
    session_id: str
    scopes: frozenset[str]
    issued_at: datetime
    expires_at: datetime


class Tokens(Protocol):
    """JSON Web Tokens (RFC 7519)."""

    @abstractmethod
    def write(self, token: Token) -> str:
        """The token, signed."""

    @abstractmethod
    def read(self, text: str, kind: TokenKind) -> Token:
        """What it says. Raises `Unauthenticated`, or `TokenExpired` where only its time is over."""


class Keys(Protocol):
    """API keys: random, and kept as a digest."""

    @abstractmethod
    def new(self) -> tuple[str, str]:
        """A new key and the prefix by which people know it."""

    @abstractmethod
    def digest(self, key: str) -> str:
        """What is kept of it."""
