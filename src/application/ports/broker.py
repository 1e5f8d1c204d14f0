"""Carrying tasks to whichever process has a hand free. Only their ids go that way: the rows in the store decide."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

Received = Callable[[str], Awaitable[None]]
"""Is given an id, and done when nothing is left to be done about it; it raises nothing."""


class Broker(Protocol):
    """It may lose what it carries, bring it twice or late: whoever receives an id looks whether its row is due."""

    @property
    @abstractmethod
    def is_here(self) -> bool:
        """Whether ids reach this process now. Whoever works looks in the store for as long as they do not."""

    @abstractmethod
    async def hand(self, ids: Sequence[str]) -> None:
        """Each to one process that receives. Raises `Unavailable`, and then some may have gone."""

    @abstractmethod
    async def hand_again(self, ids: Sequence[str]) -> None:
        """The same for what may have been lost, beside what is handed for the first time. Raises `Unavailable`."""

    @abstractmethod
    async def room(self) -> int:
        """How many it is sensible to hand again now, so that repeats do not pile up. Raises `Unavailable`."""

    @abstractmethod
    async def receive(self, received: Received, at_once: int) -> None:
        """From now on, up to so many at a time; while the broker is away it is tried again and again."""

    @abstractmethod
    async def deafen(self) -> None:
        """Nothing more is received; what was is waited for, a little while."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises `Unavailable` where it does not answer."""

    @abstractmethod
    async def close(self) -> None:
        """After that it is not used."""
