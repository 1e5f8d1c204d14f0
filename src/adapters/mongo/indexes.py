"""The collections and their indexes, and what makes a database have them.

Lists end with the ascending id, so their indexes do. An index keeps its name for as long as it is the same: one that
has to change gets another name, and takes its place beside the old one.
"""

from functools import cache
from typing import TYPE_CHECKING

import pymongo
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import CollectionInvalid, OperationFailure

if TYPE_CHECKING:
    from adapters.mongo.client import Database

BUILDING_S = 600.0
"""How long a new index may be built over what is there already."""

_NAMESPACE_EXISTS = 48


def _index(name: str, *keys: str) -> IndexModel:
    """A key that begins with `-` descends."""
    return IndexModel([(key.removeprefix("-"), DESCENDING if key[0] == "-" else ASCENDING) for key in keys], name=name)


def _unique(name: str, field: str) -> IndexModel:
    """Of text only, as many may be without a value. `$type` would say so too, but then no query could use the index:
    the planner sees that `= "x"` and `>= "x"` lie within `>= ""`, and does not reason about types."""
    return IndexModel([(field, ASCENDING)], name=name, unique=True, partialFilterExpression={field: {"$gte": ""}})


INDEXES: dict[str, tuple[IndexModel, ...]] = {
    "answers": (_index("answers_created_at", "created_at"),),
    "events": (
        _index("events_newest", "-occurred_at", "_id"),
        _index("events_sequence", "sequence", "_id"),
        _index("events_by", "actor_id", "-occurred_at", "_id"),
        _index("events_of_type", "type", "-occurred_at", "_id"),
        _index("events_of_kind", "kind", "-occurred_at", "_id"),
        _index("events_about", "resource", "-occurred_at", "_id"),
    ),
    "counters": (),
    "users": (
        _unique("users_username_key", "username_key"),
        _unique("users_email_key", "email_key"),
        _index("users_full_name_key", "full_name_key"),
        _index("users_newest", "-created_at", "_id"),
    ),
    "sessions": (
        _index("sessions_expires_at", "expires_at"),
        _index("sessions_of", "user_id", "-created_at", "_id"),
    ),
    "api_keys": (
        _unique("api_keys_digest", "digest"),
        _index("api_keys_of", "user_id", "-created_at", "_id"),
    ),
    "items": (
        _index("items_of", "owner_id", "-created_at", "_id"),
        _index("items_newest", "-created_at", "_id"),
        _index("items_by_name", "name_key", "_id"),
        _index("items_by_price", "price", "_id"),
        _index("items_words", "words"),
        _index("items_tags", "tags"),
    ),
    "orders": (
        _index("orders_expires_at", "expires_at"),
        _index("orders_newest", "-created_at", "_id"),
        _index("orders_of", "user_id", "-created_at", "_id"),
    ),
    "tasks": (
        _index("tasks_due_at", "due_at", "_id"),
        _index("tasks_leased_to", "leased_to"),
        _index("tasks_finished_at", "finished_at", "_id"),
        _index("tasks_of", "owner_id", "-created_at", "_id"),
        _index("tasks_newest", "-created_at", "_id"),
    ),
    "files": (
        _unique("files_blob", "blob"),
        _index("files_of", "owner_id", "purpose", "-created_at", "_id"),
    ),
    "schedules": (),
    "mailed_tokens": (
        _unique("mailed_tokens_digest", "digest"),
        _index("mailed_tokens_expires_at", "expires_at"),
        _index("mailed_tokens_of", "user_id"),
    ),
    "notifications": (
        _index("notifications_of", "user_id", "-created_at", "_id"),
        _index("notifications_unread", "user_id", "unread", "-created_at", "_id"),
    ),
    "wallets": (),
    "entries": (
        _unique("entries_reference", "reference"),
        _index("entries_of", "account", "-created_at", "_id"),
    ),
    "todos": (
        _index("todos_of", "owner_id", "-created_at", "_id"),
        _index("todos_by_priority", "owner_id", "priority", "_id"),
        _index("todos_by_due", "owner_id", "due_rising", "_id"),
        _index("todos_by_due_last_first", "owner_id", "-due_falling", "_id"),
    ),
    "posts": (
        _index("posts_of", "author_id", "-created_at", "_id"),
        _index("posts_newest", "-created_at", "_id"),
        _index("posts_words", "words"),
        _index("posts_tags", "tags"),
    ),
    "comments": (
        _index("comments_on", "post_id", "created_at", "_id"),
        _index("comments_of", "author_id", "-created_at", "_id"),
    ),
    "search": (
        _index("search_words", "words"),
        _index("search_newest", "-created_at", "_id"),
    ),
    "webhooks": (
        _index("webhooks_of", "owner_id", "-created_at", "_id"),
        _index("webhooks_active", "is_active", "_id"),
        _index("webhooks_ended_at", "ended_at"),
    ),
    "deliveries": (
        _index("deliveries_of", "webhook_id", "-created_at", "_id"),
        _index("deliveries_due_at", "due_at", "_id"),
        _index("deliveries_created_at", "created_at", "_id"),
    ),
    "rooms": (
        _index("rooms_newest", "-created_at", "_id"),
        _index("rooms_of", "owner_id", "-created_at", "_id"),
    ),
    "members": (
        _unique("members_place", "place"),
        _index("members_in", "room_id", "-joined_at", "_id"),
        _index("members_of", "user_id", "-joined_at", "_id"),
    ),
    "messages": (
        _unique("messages_client_key", "client_key"),
        _index("messages_in", "room_id", "-sequence", "_id"),
        _index("messages_by", "author_id", "-created_at", "_id"),
    ),
    "counts": (_index("counts_closed", "closed"),),
    "presences": (
        _index("presences_expires_at", "expires_at"),
        _index("presences_in", "room_id"),
    ),
}


@cache
def unique_fields(collection: str) -> frozenset[str]:
    """The fields whose values are unique there. Raises `KeyError` for a collection that is not listed above."""
    indexes = (index.document for index in INDEXES[collection])
    return frozenset(field for index in indexes if index.get("unique") for field in index["key"])


async def prepare(database: "Database") -> None:
    """Whatever is missing, made. Harmless when repeated and when several do it at once: the server has the last word.

    Collections come first, as a transaction that had to create one would conflict with all others that do. What is
    there is not asked for again, as that may wait for a transaction that a process left open which was killed.
    """
    there = set(await database.list_collection_names())
    for name, indexes in INDEXES.items():
        if name not in there:
            await _create(database, name)
        known = await database[name].index_information()
        missing = [index for index in indexes if index.document["name"] not in known]
        if missing:
            with pymongo.timeout(BUILDING_S):
                await database[name].create_indexes(missing)


async def _create(database: "Database", name: str) -> None:
    try:
        await database.create_collection(name)
    except CollectionInvalid:
        return  # another process was first
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:
            raise
