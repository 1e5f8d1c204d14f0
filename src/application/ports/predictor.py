from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.predictions import Model, ModelName


class Predictor(Protocol):
    """Models that work off the event loop, or elsewhere. The same text has the same shares."""

    @abstractmethod
    async def models(self) -> Sequence[Model]:
        """What there is, the default first. Raises `Unavailable`."""

    @abstractmethod
    async def shares(self, model: ModelName, text: str) -> Mapping[str, float]:
        """Each label with its share. Raises `Unavailable` where that takes too long."""

    @abstractmethod
    async def close(self) -> None:
        """Give back threads and connections."""
