"""Waking whoever waits for something to be committed in this process; what others commit is found by looking."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol


class Bell(Protocol):
    """One listener's: it rings for what was committed since the last wait began, so that nothing is missed."""

    @abstractmethod
    async def wait(self, seconds: float) -> bool:
        """Whether it rang, at the latest after so long."""


class Wake(Protocol):
    @abstractmethod
    def ring(self, collection: str, ids: Sequence[str] = ()) -> None:
        """Something new was committed there: these."""

    @abstractmethod
    def bell(self, collection: str) -> Bell:
        """A bell for `tasks`, `events` or another collection; it is forgotten when its listener is."""

    @abstractmethod
    def follow(self, collection: str, heard: Callable[[Sequence[str]], None]) -> None:
        """From now on `heard` is told what was committed there; it may not wait."""
