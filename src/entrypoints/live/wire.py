"""What a room needs of a connection below ASGI: frames written as they are, and how much of them still waits."""

from abc import abstractmethod
from typing import Protocol

EXTENSION = "portico.wire"
"""Where the server puts it in a scope's extensions."""


class Wire(Protocol):
    heard_at: float
    """When something last came, by the event loop's clock."""

    @abstractmethod
    def write(self, frame: bytes) -> None:
        """A whole frame, encoded. What the peer does not take waits in memory."""

    @abstractmethod
    def waiting(self) -> int:
        """Bytes that were written and are not with the system yet."""

    @abstractmethod
    def ping(self) -> None:
        """A ping of the protocol, which the peer answers by itself."""

    @abstractmethod
    def end(self, code: int, reason: str, *, within_s: float = 10.0) -> None:
        """The closing handshake; a peer that does not do its part in time is cut off. Harmless when repeated."""

    @abstractmethod
    def settled(self) -> None:
        """The handshake is over: what was kept for it can go."""
