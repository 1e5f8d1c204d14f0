"""Where SQLite and PostgreSQL say the same thing differently: codecs, lists, words and locks."""

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson
from sqlalchemy import Column, Select, Table, Text, bindparam, cast, func, literal_column, select, table
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect as SqlAlchemyDialect
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias

from adapters.persistence.instants import from_milliseconds, to_milliseconds
from adapters.sql.types import Flag, Id, Instant, Json, Strings, Words

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


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _seq(column: Column[Any]) -> ColumnElement[Any]:
    return literal_column(f"{column.table}.seq")


class Sqlite(Dialect):
    """Lists are JSON text; words and tags are looked up in tables that triggers keep (see the migrations)."""

    def __init__(self) -> None:
        self.sqlalchemy = SQLiteDialect_pysqlite(paramstyle="qmark")
        self.encoders = {Instant: to_milliseconds, Strings: _json, Json: _json, Words: " ".join}
        self.decoders = {Instant: from_milliseconds, Strings: orjson.loads, Json: orjson.loads, Flag: bool}

    def flag(self, column: Column[Any], value: bool) -> ColumnElement[bool]:
        return column == literal_column(str(int(value)))

    def among(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        values = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(values.c.value)), lambda ids: _json(list(ids))

    def has_all(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        kept = table(f"{column.table}_{column.key}", sql_column("owner"), sql_column("value"))
        values = bindparam(name, type_=Text)
        wanted = func.json_each(values).table_valued("value")
        owners = select(kept.c.owner).join(wanted, kept.c.value == wanted.c.value).group_by(kept.c.owner)
        found = _seq(column).in_(owners.having(func.count() == func.json_array_length(values)))
        return found, lambda values: _json(list(dict.fromkeys(values)))

    def matches(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        index = table(f"{column.table}_words", sql_column("rowid"))
        matching = literal_column(index.name).op("MATCH", is_comparison=True)(bindparam(name, type_=Text))

        def encode(words: Sequence[str]) -> str:
            quoted = " AND ".join(f'"{word}"' for word in words)
            return f"{{{column.key}}} : ({quoted} *)"

        return _seq(column).in_(select(index.c.rowid).where(matching)), encode

    def elements(self, column: Column[Any]) -> TableValuedAlias:
        return func.json_each(column).table_valued("value")

    def written(self, column: Column[Any], name: str) -> ColumnElement[Any]:
        return bindparam(name, type_=column.type)

    def held(self, statement: Select[Any], waits: bool) -> Select[Any]:
        """The transaction was begun as the one that writes."""
        return statement


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NOTHING_HAS = "00000000-0000-0000-0000-000000000000"


def _id(value: str) -> str:
    """PostgreSQL would read other forms as the same UUID, and refuse others still; here an id is one text alone."""
    return value if _ID.fullmatch(value) else _NOTHING_HAS


class Postgresql(Dialect):
    """Lists are arrays and words are text search vectors of our own words, both under GIN indexes."""

    def __init__(self) -> None:
        self.sqlalchemy = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
        self.encoders = {Id: _id, Json: _json, Words: list, Strings: list}
        self.decoders = {Json: orjson.loads}

    def flag(self, column: Column[Any], value: bool) -> ColumnElement[bool]:
        return column == literal_column("true" if value else "false")

    def among(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        encode = self.encoders.get(type(column.type), str)
        return column == func.any(bindparam(name, type_=ARRAY(column.type))), lambda values: [*map(encode, values)]

    def has_all(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        return column.op("@>", is_comparison=True)(bindparam(name, type_=ARRAY(Text))), list

    def matches(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        query = cast(bindparam(name, type_=Text), TSQUERY)
        return column.op("@@", is_comparison=True)(query), lambda words: " & ".join(f"'{w}'" for w in words) + ":*"

    def elements(self, column: Column[Any]) -> TableValuedAlias:
        return func.unnest(column).table_valued("value").render_derived()

    def written(self, column: Column[Any], name: str) -> ColumnElement[Any]:
        if isinstance(column.type, Words):
            return func.array_to_tsvector(bindparam(name, type_=ARRAY(Text)))
        return bindparam(name, type_=column.type)

    def held(self, statement: Select[Any], waits: bool) -> Select[Any]:
        return statement.with_for_update(skip_locked=not waits)


def columns_read(table: Table) -> list[Column[Any]]:
    """All but the words, which are there to be searched."""
    return [column for column in table.columns if not isinstance(column.type, Words)]
