"""What every repository can do, whatever it keeps and wherever."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol, TypeVar

from domain.errors import NotFound

E = TypeVar("E")


class Repository(Protocol[E]):
    """A collection of aggregates as one unit of work sees it. Writes wait for the unit's commit."""

    @abstractmethod
    async def get(self, id: str) -> E:
        """The one with this id. Raises `NotFound`."""

    @abstractmethod
    async def hold(self, *ids: str) -> Sequence[E]:
        """Those of the ids that exist, by ascending id, as they stay until commit: nobody else changes them."""

    @abstractmethod
    def add(self, entity: E) -> E:
        """Keep a new one. Where a unique value is taken, the commit raises `AlreadyExists`."""

    @abstractmethod
    def save(self, entity: E) -> E:
        """Keep a changed one; answers it in its next version. Unchanged ones are left alone.

        Where it was changed or removed since it was read, the commit raises `Conflict`.
        """

    @abstractmethod
    def remove(self, entity: E) -> None:
        """Remove one. Where it was changed or removed since it was read, the commit raises `Conflict`."""


async def held(repository: Repository[E], id: str) -> E:
    """The one with this id, held. Raises `NotFound`."""
    found = await repository.hold(id)
    if not found:
        raise NotFound()
    return found[0]
