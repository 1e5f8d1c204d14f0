"""Where SQLite and PostgreSQL say the same thing differently: codecs, lists, words and locks.

Each is a module of its own: who keeps SQLite does not load what speaks to PostgreSQL.
"""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

import orjson
from sqlalchemy import Column, Select, Table
from sqlalchemy.engine import Dialect as SqlAlchemyDialect
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias

from adapters.sql.types import Words

Codec = Callable[[Any], Any]


class Dialect(Protocol):
    """`encoders` and `decoders` say what becomes of the values of a type; the others pass as they are."""

    sqlalchemy: SqlAlchemyDialect
    encoders: dict[type, Codec]
    decoders: dict[type, Codec]

    @abstractmethod
    def flag(self, column: Column[Any], value: bool) -> ColumnElement[bool]:
        """The flag is this, said in the statement itself: an index of those that are can only serve who says so."""

    @abstractmethod
    def among(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        """The column is one of a list, which is one parameter however long it is."""

    @abstractmethod
    def has_all(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        """The list in the column has all of a list."""

    @abstractmethod
    def matches(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        """The column's words have all of a list, the last by its beginning."""

    @abstractmethod
    def elements(self, column: Column[Any]) -> TableValuedAlias:
        """The elements of the list in the column, as rows of one column `value`."""

    @abstractmethod
    def written(self, column: Column[Any], name: str) -> ColumnElement[Any]:
        """What is written to the column."""

    @abstractmethod
    def held(self, statement: Select[Any], waits: bool) -> Select[Any]:
        """The same rows, and nobody else changes them before the transaction ends."""


def as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def columns_read(table: Table) -> list[Column[Any]]:
    """All but the words, which are there to be searched."""
    return [column for column in table.columns if not isinstance(column.type, Words)]
