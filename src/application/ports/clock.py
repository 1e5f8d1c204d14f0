from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    @abstractmethod
    def __call__(self) -> datetime:
        """Now, in UTC and whole milliseconds."""
