"""The tables of both SQL stores. A column's key is the field's name; what a field lacks here cannot be written."""

from functools import cache

from adapters.sql.tables import accounts, files, journal, mail, outbox, rooms, search, todos, trade, webhooks, work
from adapters.sql.tables.columns import metadata

__all__ = [
    "REVISION",
    "accounts",
    "fields",
    "files",
    "journal",
    "mail",
    "metadata",
    "outbox",
    "rooms",
    "search",
    "todos",
    "trade",
    "webhooks",
    "work",
]

REVISION = "0011"
"""The migration that these tables belong to."""


@cache
def fields(table: str) -> frozenset[str]:
    """The names of what a document of that table has to have, no more and no less."""
    return frozenset(metadata.tables[table].columns.keys())
