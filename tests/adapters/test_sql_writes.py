"""What a statement writes, and what it leaves as it is."""

from collections.abc import Sequence
from typing import Any, cast

from adapters.persistence.catalogue import ITEMS, StoredItems
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.repository import Writes
from adapters.persistence.session import StoreSession
from adapters.sql.dialects.sqlite import Sqlite
from adapters.sql.session import Connection, SqlSession
from adapters.sql.statements import Statements
from domain.catalogue import Item
from tests.builders import NOON, an_item


class Holding:
    """Has one item, and answers it as a table does: without its words."""

    def __init__(self, item: Item) -> None:
        kept = ITEMS.dump(item)
        self._document = Document({key: value for key, value in kept.items() if "words" not in key})

    async def hold(self, collection: Collection[Any], ids: Sequence[str]) -> list[Document]:
        return [self._document]


async def written(item: Item, **changes: Any) -> str:
    writes = Writes()
    items = StoredItems(cast(StoreSession, Holding(item)), writes)
    [held] = await items.hold(item.id)
    items.save(held.revised(NOON, **changes))
    [change] = [
        SqlSession(cast(Connection, None), Statements(Sqlite()))._change(write)
        for write in writes.taken()
        if write.collection is ITEMS
    ]
    return change.text


async def test_what_did_not_change_is_not_written() -> None:
    statement = await written(an_item(name="Copper kettle", stock=1), stock=2)

    assert "stock=" in statement
    assert "words" not in statement
    assert "tags" not in statement


async def test_the_words_follow_what_they_are_of() -> None:
    statement = await written(an_item(name="Copper kettle"), name="Iron kettle")

    assert "name_words=" in statement
    assert ", words=" in statement
