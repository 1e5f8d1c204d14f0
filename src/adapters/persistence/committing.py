"""The end of a unit: its writes are applied whatever happens to the caller, and what stood in their way is named."""

import asyncio
from collections.abc import Collection, Sequence

from adapters.persistence.query import Equal, Query
from adapters.persistence.session import StoreSession, Write
from application.ports.cache import touched
from domain.errors import AlreadyExists, Conflict


async def shielded(session: StoreSession, writes: Sequence[Write]) -> None:
    """Applies the writes to their end, however often the caller is cancelled meanwhile."""
    task, cancelled = asyncio.ensure_future(session.apply(writes)), None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    task.result()


def changed(writes: Sequence[Write], collections: Collection[str]) -> set[str]:
    """What the cache calls all that these writes bear on, as far as it is about these collections."""
    names: set[str] = set()
    for write in writes:
        if write.collection.name in collections:
            names.update(touched(write.collection.name, write.id, is_new=write.kind == "insert"))
    return names


async def taken_by_another(session: StoreSession, writes: Sequence[Write]) -> AlreadyExists | Conflict:
    """The first unique value, in the order declared, that somebody else has: the same on every store."""
    await session.close()
    for write in writes:
        if write.document is None:
            continue
        if write.kind == "insert" and await session.get(write.collection, write.id):
            return AlreadyExists(write.collection.name, "id")
        for field in write.collection.unique:
            value = write.document[field]
            if value is not None:
                found = await session.find(write.collection, Query((Equal(field, value),), limit=1))
                if found and found[0]["id"] != write.id:
                    return AlreadyExists(write.collection.name, field)
    return Conflict()
