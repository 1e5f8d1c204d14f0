"""Letters: how they are written, and how they leave."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from domain.errors import Rejected

LetterKind = Literal["welcome", "reset", "notification"]


class Undeliverable(Rejected):
    """The mail server will not take this one, however often it is asked."""

    code = "undeliverable"
    detail = "The mail server does not take this message."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`id` is the same when it is sent again, so that a second copy can be known for one. `to` is one address."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    written_at: datetime


class Letters(Protocol):
    @abstractmethod
    def write(self, kind: LetterKind, *, id: str, to: str, at: datetime, **values: Any) -> Letter:
        """The letter of that kind, in text and HTML. `path` and `token` among the values become a link to the shop."""


class Mailer(Protocol):
    @abstractmethod
    async def send(self, letter: Letter) -> None:
        """Hands it over: at least once. Raises `Unavailable` where trying again may help, else `Undeliverable`."""

    @abstractmethod
    async def pretend(self, letter: Letter) -> None:
        """As much work as `send`, for a letter that nobody gets. Raises `Unavailable`."""

    @abstractmethod
    async def ping(self) -> str:
        """Where mail goes, for people. Raises `Unavailable` where it cannot go there now."""
