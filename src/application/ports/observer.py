from abc import abstractmethod
from typing import Any, Protocol


class Observer(Protocol):
    @abstractmethod
    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        """A use case ended: `outcome` is `ok` or the code of the refusal. Arguments are never told."""


class Notices(Protocol):
    @abstractmethod
    def said(self, event: str, **what: Any) -> None:
        """Something that whoever runs this should know."""
