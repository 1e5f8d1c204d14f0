"""A page by its parts, for stores that do not answer rank, rows and total at once."""

from dataclasses import replace
from typing import Any

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.query import Condition, Matches, Query
from adapters.persistence.session import StoreSession


def tiers_of(where: tuple[Condition, ...], matching: Matches | None) -> list[tuple[Condition, ...]]:
    """What comes first, and what after it; both together are all that fulfil `where`."""
    if matching is None:
        return [where]
    return [(*where, matching), (*where, replace(matching, absent=True))]


async def page_by_parts(
    session: StoreSession, collection: Collection[Any], query: Query, matching: Matches | None
) -> tuple[list[Document], int]:
    """What `StoreSession.page` answers; counts only where the end was not seen."""
    if query.limit is None:
        raise ValueError("a page has a size")
    documents: list[Document] = []
    skip, tiers = query.offset, tiers_of(query.where, matching)
    for last, tier in enumerate(tiers, 1 - len(tiers)):
        if len(documents) < query.limit:
            part = Query(tier, query.order, query.limit - len(documents), skip)
            documents += await session.find(collection, part)
            if last < 0:
                counts = skip and not documents
                skip = max(0, skip - await session.count(collection, tier)) if counts else 0
    if len(documents) < query.limit and (documents or not query.offset):
        return documents, query.offset + len(documents)
    return documents, await session.count(collection, query.where)
