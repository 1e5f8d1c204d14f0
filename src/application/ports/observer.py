from abc import abstractmethod
from typing import Protocol


class Observer(Protocol):
    @abstractmethod
    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        """A use case ended: `outcome` is `ok` or the code of the refusal. Arguments are never told."""
