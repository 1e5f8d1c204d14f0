"""What a store has to offer: the session behind one unit of work."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Condition, Matches, Query


@dataclass(frozen=True, slots=True)
class Write:
    """`document` is None for a removal. `version` is the one that must still be there; 0 for a new document.

    `before` is what was read in that version, where the unit has read it: a store may write the difference alone.
    """

    kind: Literal["insert", "replace", "delete"]
    collection: Collection[Any]
    id: str
    document: Document | None
    version: int
    before: Document | None = None


class Duplicate(Exception):
    """A unique value that is being written is taken; which one, the unit of work finds out."""


class StoreSession(Protocol):
    """One unit's connection to a store. It takes what it needs when it is first asked, and gives it back on close.

    Every method raises `Unavailable` where the store does not answer, and `Conflict` where the store says that the
    unit met another one and should be tried again.
    """

    @abstractmethod
    async def get(self, collection: Collection[Any], id: str) -> Document | None:
        """The document with this id."""

    @abstractmethod
    async def hold(self, collection: Collection[Any], ids: Sequence[str], *, waits: bool = True) -> list[Document]:
        """Those that exist, by ascending id; nobody else changes them before this session ends.

        Without `waits`, those that another session holds may be left out.
        """

    @abstractmethod
    async def find(self, collection: Collection[Any], query: Query) -> list[Document]:
        """The documents that fulfil the query, in its order."""

    @abstractmethod
    async def page(
        self, collection: Collection[Any], query: Query, matching: Matches | None
    ) -> tuple[list[Document], int]:
        """Some of the documents that fulfil the query, and how many do in all.

        With `matching` those that fulfil it too come first, then the others, each in the query's order.
        """

    @abstractmethod
    async def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> int:
        """How many fulfil the conditions, exactly."""

    @abstractmethod
    async def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> list[tuple[str, int]]:
        """Each value in the lists of `field`, with how many documents have it; most first, then by value."""

    @abstractmethod
    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        """For each value of the field `by`, what the field `of` sums to; in the order of those values."""

    @abstractmethod
    async def total(self, collection: Collection[Any], of: str, where: tuple[Condition, ...]) -> int:
        """What the field `of` sums to in those that fulfil the conditions; 0 where there are none."""

    @abstractmethod
    async def apply(self, writes: Sequence[Write]) -> None:
        """Do all of the writes, durably, or none. Raises `Duplicate`, or `Conflict` where a version is not there."""

    @abstractmethod
    async def close(self) -> None:
        """Give everything back; what was not applied is undone. Harmless when repeated."""


class Store(Protocol):
    """A store of documents, opened by URL."""

    @abstractmethod
    async def start(self) -> None:
        """Connect, and prepare the schema: once, however many processes start together. Raises `Unavailable`."""

    @abstractmethod
    async def stop(self) -> None:
        """Give back connections and threads."""

    @abstractmethod
    def session(self) -> StoreSession:
        """A session for one unit of work."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises `Unavailable` where the store does not answer."""

    def connections(self) -> tuple[int, int]:
        """How many there are to its server, and how many of them are in use; none where it has none to count."""
        return 0, 0
