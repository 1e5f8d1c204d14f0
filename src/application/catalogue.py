"""The catalogue: offering, changing, withdrawing and finding items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.ports.blobs import Blobs, discard
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.catalogue import Item, ItemFilter, ItemId, ItemOrder, TagCount
from domain.errors import InsufficientScope, NotFound
from domain.events import Fact
from domain.paging import Listing, Window
from domain.repository import held


def told(type: str, item: Item, *, was_public: bool | None = None) -> Fact:
    public = item.is_public if was_public is None else was_public
    return Fact(type=type, resource=f"item:{item.id}", owner_id=item.owner_id, public=public)


async def _withdraw(unit: UnitOfWork, items: Sequence[Item], *, by: UserId) -> list[str]:
    """With their pictures; answers the blobs to be discarded after the commit."""
    pictures = [image.id for item in items for image in item.images]
    files = await unit.files.hold(*pictures) if pictures else []
    for file in files:
        unit.files.remove(file)
    for item in items:
        unit.items.remove(item)
        unit.tell(told("item.deleted", item), actor=by)
    return [file.blob for file in files]


async def leave(unit: UnitOfWork, owner_id: UserId) -> list[str]:
    """Withdraws what somebody who goes has on offer; answers the blobs to be discarded after the commit."""
    return await _withdraw(unit, await unit.items.all_of(owner_id), by=owner_id)


def require_reader(item: Item, actor: Actor | None) -> None:
    """Raises `NotFound` for what is private and another's, `InsufficientScope` for one's own without the scope."""
    if not item.readable_by(actor):
        raise NotFound()
    if not item.is_public and actor is not None and "items:read" not in actor.scopes:
        raise InsufficientScope("items:read") if actor.id == item.owner_id else NotFound()


@use_case
class OfferItem:
    """`details` are the item's own fields. Raises `AmountTooLarge`."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, details: dict[str, Any], operation: Operation | None = None) -> Item:
        at = self.clock()
        item = Item(id=ItemId(self.ids()), owner_id=actor.id, created_at=at, updated_at=at, **details)
        async with self.units.open(operation) as unit:
            unit.items.add(item)
            unit.tell(told("item.created", item), actor=actor.id)
            return await unit.commit(item)


@use_case
class ReadItem:
    """Raises `NotFound` for what is private and another's, `InsufficientScope` for one's own without the scope."""

    units: Units

    async def __call__(self, actor: Actor | None, id: str) -> Item:
        async with self.units.open() as unit:
            item = await unit.items.get(id)
        require_reader(item, actor)
        return item


@use_case
class ReviseItem:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`, `AmountTooLarge`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, id: str, changes: dict[str, Any], expected: Versions = None) -> Item:
        async with self.units.open() as unit:
            item = await held(unit.items, id)
            item.require_change_by(actor)
            require_version(item.version, expected)
            revised = unit.items.save(item.revised(self.clock(), **changes))
            if revised is not item:
                unit.tell(told("item.updated", revised, was_public=item.is_public), actor=actor.id)
            return await unit.commit(revised)


@use_case
class WithdrawItem:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units
    blobs: Blobs

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            item = await held(unit.items, id)
            item.require_change_by(actor)
            require_version(item.version, expected)
            pictures = await _withdraw(unit, [item], by=actor.id)
            await unit.commit(None)
        await discard(self.blobs, pictures)


@use_case
class ListItems:
    """Public ones and the actor's own."""

    units: Units

    async def __call__(
        self, actor: Actor | None, wanted: ItemFilter, window: Window, by: ItemOrder | None, descending: bool
    ) -> Listing[Item]:
        owner = actor.id if actor is not None and "items:read" in actor.scopes else None
        async with self.units.open() as unit:
            return await unit.items.seen_by(owner, wanted, window, by=by, descending=descending)


@use_case
class ListOwnItems:
    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[Item]:
        async with self.units.open() as unit:
            return await unit.items.owned_by(actor.id, window)


@use_case
class CountTags:
    units: Units

    async def __call__(self) -> Sequence[TagCount]:
        async with self.units.open() as unit:
            return await unit.items.tag_counts()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The use cases of this feature."""

    offer: OfferItem
    read: ReadItem
    revise: ReviseItem
    withdraw: WithdrawItem
    list: ListItems
    list_own: ListOwnItems
    count_tags: CountTags
