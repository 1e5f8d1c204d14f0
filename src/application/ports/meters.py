from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol


class Meters(Protocol):
    """Figures for whoever runs it. Names and labels are words of ours: never a path, an id or what somebody sent."""

    @abstractmethod
    def gauge(self, name: str, says: str, read: Callable[[], float]) -> None:
        """A figure that goes up and down, read when it is asked for; over all processes it is their sum."""

    @abstractmethod
    def counter(self, name: str, says: str) -> Callable[[], None]:
        """A count that only grows, by each call of what is answered; its name ends in `_total`."""
