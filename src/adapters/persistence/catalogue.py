from collections.abc import Sequence
from typing import Any

from adapters.persistence.mapping import Collection
from adapters.persistence.query import NEWEST, Among, AnyOf, Compare, Condition, Equal, HasAll, Key, Matches
from adapters.persistence.repository import nothing
from adapters.persistence.search import Findable, FindableRepository
from domain import text
from domain.access import UserId
from domain.catalogue import Item, ItemFilter, ItemOrder, Items, TagCount
from domain.paging import Listing, Window
from domain.search import Kind


def _derived(item: Item) -> dict[str, Any]:
    return {
        "name_key": text.folded(item.name),
        "final_price": item.final_price,
        "name_words": list(text.words(item.name)),
        "words": list(text.words(item.name, item.description)),
    }


ITEMS = Collection("items", Item, derive=_derived, remembered=True)

_SORT = {ItemOrder.NAME: "name_key", ItemOrder.PRICE: "price", ItemOrder.DATE: "created_at"}


class StoredItems(FindableRepository[Item], Items):
    collection = ITEMS

    def found_by(self, item: Item) -> Findable:
        return Findable(
            kind=Kind.ITEM,
            owner_id=item.owner_id,
            is_public=item.is_public,
            created_at=item.created_at,
            names=(item.name,),
            body=item.description,
        )

    async def seen_by(
        self, actor_id: UserId | None, wanted: ItemFilter, window: Window, *, by: ItemOrder | None, descending: bool
    ) -> Listing[Item]:
        if wanted.words == ():
            return nothing(window)
        where = (_seen_by(actor_id), *_conditions(wanted))
        order = (Key(_SORT[by], descending),) if by else NEWEST
        ranked = Matches("name_words", wanted.words) if wanted.words and by is None else None
        return await self._listing(window, *where, order=order, matching=ranked)

    async def owned_by(self, owner_id: UserId, window: Window) -> Listing[Item]:
        return await self._listing(window, Equal("owner_id", owner_id))

    async def among(self, ids: Sequence[str]) -> Sequence[Item]:
        return await self._all(Among("id", ids))

    async def all_of(self, owner_id: UserId) -> Sequence[Item]:
        return await self._all(Equal("owner_id", owner_id))

    async def tag_counts(self) -> Sequence[TagCount]:
        counts = await self._session.tally(ITEMS, "tags", (Equal("is_public", True),))
        return [TagCount(tag, count) for tag, count in counts]


def _seen_by(actor_id: UserId | None) -> Condition:
    public = Equal("is_public", True)
    return public if actor_id is None else AnyOf((public, Equal("owner_id", actor_id)))


def _conditions(wanted: ItemFilter) -> list[Condition]:
    where: list[Condition] = []
    if wanted.words:
        where.append(Matches("words", wanted.words))
    if wanted.tags:
        where.append(HasAll("tags", wanted.tags))
    if wanted.min_price is not None:
        where.append(Compare("final_price", ">=", wanted.min_price))
    if wanted.max_price is not None:
        where.append(Compare("final_price", "<=", wanted.max_price))
    if wanted.owner is not None:
        where.append(Equal("owner_id", wanted.owner))
    if wanted.in_stock is not None:
        where.append(Compare("stock", ">", 0) if wanted.in_stock else Equal("stock", 0))
    return where
