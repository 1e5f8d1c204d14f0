"""Where the bytes of files are kept, and the drafts that they are until then."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO, Protocol, Self

from domain.errors import Unavailable


class Draft(Protocol):
    """Bytes that arrive, on the disk but under no name: they are gone when it is closed, or its process dies."""

    written: int
    """How many bytes so far."""

    size: int
    sha256: str
    """Of all of it, in bytes and in hex; known once it is settled."""

    @property
    @abstractmethod
    def file(self) -> BinaryIO:
        """All that was written, to be read off the event loop from wherever one likes."""

    @abstractmethod
    async def write(self, part: bytes) -> None:
        """Appends; returns when there is room for more. Raises `Unavailable` where the disk is full."""

    @abstractmethod
    async def settle(self) -> None:
        """After the last `write`, or what was written into `file`: all is there, and measured. Raises `Unavailable`."""

    @abstractmethod
    def close(self) -> None:
        """It is gone. Harmless when repeated."""


class Drafts(Protocol):
    @abstractmethod
    def new(self) -> Draft:
        """An empty one. Raises `Unavailable`."""


class Reading(Protocol):
    """Bytes of a blob, in parts; whoever asked for them closes it, read to its end or not."""

    def __aiter__(self) -> Self:
        return self

    @abstractmethod
    async def __anext__(self) -> bytes:
        """The next part, never an empty one. Raises `Unavailable`."""

    @abstractmethod
    async def aclose(self) -> None:
        """Gives back what it needed. Harmless when repeated."""


class Blobs(Protocol):
    """Bytes under keys of ours: an id, and behind a dot the name of a variant. What is kept does not change.

    Every method raises `Unavailable` where the blob store does not answer or is full.
    """

    @abstractmethod
    async def start(self) -> None:
        """Connect."""

    @abstractmethod
    async def stop(self) -> None:
        """Give back what was connected."""

    @abstractmethod
    async def put(self, key: str, draft: Draft) -> None:
        """Keeps what the draft holds, durably and whole, or nothing. Harmless when repeated with the same bytes."""

    @abstractmethod
    async def open(self, key: str, first: int = 0, length: int | None = None) -> Reading:
        """The bytes from the `first` on, so many or all, in parts. Raises `NotFound` before anything is read."""

    @abstractmethod
    async def size(self, key: str) -> int:
        """In bytes. Raises `NotFound`."""

    @abstractmethod
    async def remove(self, key: str) -> None:
        """That one and its variants. Harmless where there is none."""

    @abstractmethod
    def older_than(self, moment: datetime) -> AsyncIterator[str]:
        """The keys of all that was put before that, and of what was left half written."""

    @abstractmethod
    async def ping(self) -> None:
        """Raises `Unavailable`."""


async def discard(blobs: Blobs, keys: Iterable[str]) -> None:
    """Removes what no row names any more; what cannot be removed now is left to the sweep."""
    for key in keys:
        with suppress(Unavailable):
            await blobs.remove(key)
