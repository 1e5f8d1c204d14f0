"""What webhooks need of the world: somebody who sends, and secrets."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

from domain.messages import Outcome


class Sender(Protocol):
    @abstractmethod
    async def require_public(self, url: str) -> None:
        """Raises `PrivateAddress` where its host is one of ours; one that cannot be resolved now may be later."""

    @abstractmethod
    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Sends to an address that was looked at, follows nothing, and never raises: what goes wrong is an outcome."""


class Secrets(Protocol):
    @abstractmethod
    def new(self) -> str:
        """`whsec_` and 32 random bytes in base64."""

    @abstractmethod
    def seal(self, secret: str) -> str:
        """As it may be kept."""

    @abstractmethod
    def open(self, sealed: str) -> str | None:
        """The secret; None where the key that sealed it is no longer there."""
