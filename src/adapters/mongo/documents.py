"""What a document looks like in a collection: its `id` is the `_id`, and all else is as it is."""

from collections.abc import Iterable
from typing import Any

from bson.int64 import Int64
from pymongo import DeleteOne, InsertOne, ReplaceOne

from adapters.mongo.indexes import unique_fields
from adapters.persistence.mapping import Collection, Document
from adapters.persistence.session import Write

HELD = "_held"
"""Counts how often the document was held; a replacement begins anew."""

SHOWN = {HELD: False, "words": False, "name_words": False}
"""The projection of what is read: words are there to be searched."""

Kept = dict[str, Any]
"""A document as it is in the collection."""

Request = InsertOne[Kept] | ReplaceOne[Kept] | DeleteOne


def stored(document: Document) -> Kept:
    kept = {"_id": document["id"], **document}
    del kept["id"]
    return kept


def shown(kept: Kept) -> Document:
    whole = {field: int(value) for field, value in kept.items() if type(value) is Int64}
    return Document({"id": kept.pop("_id"), **kept, **whole})


def as_seen(write: Write) -> Kept:
    """The filter that finds what the write changes, as long as it is what the unit saw."""
    return {"_id": write.id, "version": write.version}


def request(write: Write) -> Request:
    if write.document is None:
        return DeleteOne(as_seen(write))
    if write.kind == "insert":
        return InsertOne(stored(write.document))
    return ReplaceOne(as_seen(write), stored(write.document))


def by_collection(writes: Iterable[Write]) -> dict[str, list[Write]]:
    """In their order within a collection, where one may take a unique value that another gives free."""
    found: dict[str, list[Write]] = {}
    for write in writes:
        check(write.collection)
        found.setdefault(write.collection.name, []).append(write)
    return found


def check(collection: Collection[Any]) -> None:
    """Raises `LookupError` where the collection's unique values have no index that keeps them so."""
    if unique_fields(collection.name) != frozenset(collection.unique):
        raise LookupError(f"the unique indexes of {collection.name} are not the unique fields of its documents")
