"""Windows on a list: a numbered page that knows the total, or a walk by cursor whose cost does not grow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

E = TypeVar("E")
T = TypeVar("T")

Position = tuple[str | int | None, ...]
"""Where a walk stands: the sort keys of the last element seen, its id last; instants in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The `number`th page (from 1) of `size` elements."""

    number: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Walk:
    """The next `size` elements behind `after`; from the beginning without it."""

    size: int = 20
    after: Position | None = None


Window = PageRequest | Walk


@dataclass(frozen=True, slots=True)
class Page(Generic[E]):
    items: Sequence[E]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[E]):
    """A part of a walk; `next` is where it goes on, or None at the end."""

    items: Sequence[E]
    next: Position | None


Listing = Page[E] | Stretch[E]


def mapped(listing: Listing[E], change: Callable[[E], T]) -> Listing[T]:
    """The same window with `change` done to each element."""
    items = [change(item) for item in listing.items]
    if isinstance(listing, Page):
        return Page(items, listing.total, listing.number, listing.size)
    return Stretch(items, listing.next)
