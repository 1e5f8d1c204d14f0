from abc import abstractmethod
from typing import Protocol


class Ids(Protocol):
    @abstractmethod
    def __call__(self) -> str:
        """A new UUIDv7 (RFC 9562) in lower case."""
