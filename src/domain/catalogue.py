"""The catalogue: what is on offer, at what price."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain import money, text
from domain.access import Actor, UserId
from domain.errors import Invalid, NotFound, NotOwner
from domain.images import MAX_IMAGES, Image, TooManyImages
from domain.money import Money
from domain.paging import Listing, Window
from domain.repository import Repository

ItemId = NewType("ItemId", str)

MAX_TAGS = 20


def tags(values: Iterable[str]) -> tuple[str, ...]:
    """Case-folded, without doubles, in the order given. Raises `Invalid` past 20, or on one that is not 1-50 long."""
    kept = tuple(dict.fromkeys(text.bounded(text.folded(text.bounded(value, 1, 50)), 1, 50) for value in values))
    if len(kept) > MAX_TAGS:
        raise Invalid(f"must have at most {MAX_TAGS} tags", field="tags")
    return kept


MOST_STOCK = 2**53 - 1
"""What JSON numbers can tell exactly (RFC 8259, 6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`price` is for one, before `discount` (per cent); `tax` is an amount per unit, added after it."""

    id: ItemId
    version: int = 1
    owner_id: UserId
    name: str
    description: str | None = None
    price: Money
    tax: Money = money.ZERO
    discount: int = 0
    stock: int = 0
    tags: tuple[str, ...] = ()
    is_public: bool = True
    images: tuple[Image, ...] = ()
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        if self.price <= 0:
            raise Invalid("must be greater than 0", field="price")
        if self.tax < 0:
            raise Invalid("must not be negative", field="tax")
        if not 0 <= self.discount <= 100:
            raise Invalid("must be 0-100", field="discount")
        if self.stock < 0:
            raise Invalid("must not be negative", field="stock")
        money.total(self.final_price, self.tax)

    @property
    def final_price(self) -> Money:
        return money.less_percent(self.price, self.discount)

    @property
    def price_with_tax(self) -> Money:
        return Money(self.final_price + self.tax)

    def revised(self, at: datetime, **changes: Any) -> Self:
        """With these fields changed; itself where that changes nothing."""
        changed = replace(self, **changes)
        return self if changed == self else replace(changed, updated_at=at)

    def pictured(self, image: Image, at: datetime) -> Self:
        """With one image more, behind the others. Raises `TooManyImages`."""
        if len(self.images) >= MAX_IMAGES:
            raise TooManyImages()
        return self.revised(at, images=(*self.images, image))

    def unpictured(self, image_id: str, at: datetime) -> Self:
        """Without that image. Raises `NotFound`."""
        rest = tuple(image for image in self.images if image.id != image_id)
        if rest == self.images:
            raise NotFound()
        return self.revised(at, images=rest)

    def readable_by(self, actor: Actor | None) -> bool:
        return self.is_public or (actor is not None and (actor.is_staff or actor.id == self.owner_id))

    def require_change_by(self, actor: Actor) -> None:
        """Raises `NotFound` where the actor may not even read it, `NotOwner` where they may not change it."""
        if not self.readable_by(actor):
            raise NotFound()
        if not (actor.is_staff or actor.id == self.owner_id):
            raise NotOwner()


class ItemOrder(StrEnum):
    """Ascending; the same with `-` before it descends."""

    NAME = "name"
    PRICE = "price"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Prices are inclusive and mean the final price; `words` must all be there, the last by its beginning."""

    words: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    min_price: Money | None = None
    max_price: Money | None = None
    owner: UserId | None = None
    in_stock: bool | None = None


@dataclass(frozen=True, slots=True)
class TagCount:
    tag: str
    count: int


class Items(Repository[Item], Protocol):
    @abstractmethod
    async def seen_by(
        self, actor_id: UserId | None, wanted: ItemFilter, window: Window, *, by: ItemOrder | None, descending: bool
    ) -> Listing[Item]:
        """Public ones and their own. Without `by`, by rank where words are looked for, else newest first."""

    @abstractmethod
    async def owned_by(self, owner_id: UserId, window: Window) -> Listing[Item]:
        """Newest first."""

    @abstractmethod
    async def among(self, ids: Sequence[str]) -> Sequence[Item]:
        """Those of the ids that exist, in no order."""

    @abstractmethod
    async def all_of(self, owner_id: UserId) -> Sequence[Item]:
        """Theirs, for export and for withdrawing them."""

    @abstractmethod
    async def tag_counts(self) -> Sequence[TagCount]:
        """Tags of public items, most used first, then by name."""
