"""Telling the other workers at once what the store will tell them anyway."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Literal, Protocol

Heard = Callable[[bytes | None], None]
"""Called on the event loop with what was published, in one publisher's order; None where something may have been
missed, so that the store has to be asked. It must not block, and what it raises is its own fault."""

BusState = Literal["ok", "down", "off"]


class Subscription(Protocol):
    @abstractmethod
    def end(self) -> None:
        """Nothing more is heard. Harmless when repeated."""


class Bus(Protocol):
    """Best effort: what has to arrive is in the store first, and is looked for there when None is heard."""

    @abstractmethod
    def publish(self, channel: str, payload: bytes) -> None:
        """To everybody who hears `channel`, on this worker before it returns, on the others soon. Never raises."""

    @abstractmethod
    def subscribe(self, channel: str, heard: Heard) -> Subscription:
        """From now on `heard` is called with what is published there, by this worker too."""

    @property
    @abstractmethod
    def reaches_others(self) -> bool:
        """Whether other workers hear now what this one publishes. Where not, the store has to be asked often."""

    @abstractmethod
    async def state(self) -> BusState:
        """`off` where there is none among workers, `down` where it does not answer."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to hear. A bus that is away is waited for in the background; it does not fail."""

    @abstractmethod
    async def stop(self) -> None:
        """Give back connections."""
