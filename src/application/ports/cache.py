"""Answers that are the same for anybody, kept for a while so that the store need not be asked again.

What is kept says what it is about, by names: a collection (`items`: any of them comes, changes or goes), those of it
that are there (`users:*`: any of them changes or goes), or one thing (`items:<id>`).
"""

from abc import abstractmethod
from collections.abc import Collection, Hashable, Sequence
from typing import NamedTuple, Protocol

LARGEST = 1024 * 1024
"""Bytes; what is longer is not kept."""


class Found(NamedTuple):
    """`value` is None where nothing is kept that still holds. `state` is how things stood when that was looked at."""

    value: bytes | None
    state: Hashable


class Cache(Protocol):
    @abstractmethod
    async def get(self, key: str, about: Sequence[str]) -> Found:
        """What is kept there, unless it is too old or something that it is about has changed. Never fails."""

    @abstractmethod
    async def put(self, key: str, value: bytes, state: Hashable) -> None:
        """Keeps what was read after `state` was looked at; it is not found where that has changed. Never fails."""

    @abstractmethod
    async def forget(self, changed: Collection[str]) -> None:
        """What is about any of these is found no more by this process, and soon by no other. Never fails."""


def existing(collection: str) -> str:
    """Any of those that are there: a new one changes nothing."""
    return f"{collection}:*"


def one(collection: str, id: str) -> str:
    return f"{collection}:{id}"


def touched(collection: str, id: str, *, is_new: bool) -> tuple[str, ...]:
    """The names of all that a change of one thing bears on."""
    if is_new:
        return collection, one(collection, id)
    return collection, existing(collection), one(collection, id)
