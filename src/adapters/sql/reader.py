"""Rows as documents."""

from collections.abc import Sequence
from typing import Any

from adapters.persistence.mapping import Collection, Document
from adapters.sql.dialects import Dialect, columns_read
from adapters.sql.tables import metadata
from adapters.sql.types import Json, String
from adapters.system.bounded import Bounded

Row = Sequence[Any]

REMEMBERED = 2048
LONG = 1000


class Reader:
    """Turns rows of a table into documents.

    A version of a row never changes, so what was read of it is remembered: the store says at every read which version
    there is, and nothing remembered can be stale. Long ones are not remembered, so that the memory stays small.
    """

    def __init__(self, collection: Collection[Any], dialect: Dialect) -> None:
        columns = columns_read(metadata.tables[collection.name])
        self._keys = [column.key for column in columns]
        self._remembers = collection.remembered
        self._longest = [n for n, column in enumerate(columns) if isinstance(column.type, String | Json)]
        self._remembered: Bounded[tuple[str, int], Document] = Bounded(REMEMBERED)
        self._decoders = [(c.key, dialect.decoders[type(c.type)]) for c in columns if type(c.type) in dialect.decoders]

    def document(self, row: Row) -> Document:
        """A row begins with its id and version; what follows its columns is not its own."""
        if not self._remembers:
            return self._read(row)
        key = row[0], row[1]
        document = self._remembered.get(key)
        if document is None:
            document = self._read(row)
            if not any(row[n] and len(row[n]) > LONG for n in self._longest):
                self._remembered.put(key, document)
        return document

    def forget(self, id: str, version: int) -> None:
        """Something new is kept by that name: what was there before was removed."""
        self._remembered.drop((id, version), None)

    def _read(self, row: Row) -> Document:
        document = Document(zip(self._keys, row, strict=False))
        for key, decode in self._decoders:
            value = document[key]
            if value is not None:
                document[key] = decode(value)
        return document
