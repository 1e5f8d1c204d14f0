"""What SQLite says in its own way."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Select, Text, bindparam, func, literal_column, select, table
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias

from adapters.persistence.instants import from_milliseconds, to_milliseconds
from adapters.sql.dialects import Codec, Dialect, as_json
from adapters.sql.types import Flag, Instant, Json, Strings, Words


class Sqlite(Dialect):
    """Lists are JSON text; words and tags are looked up in tables that triggers keep (see the migrations)."""

    def __init__(self) -> None:
        self.sqlalchemy = SQLiteDialect_pysqlite(paramstyle="qmark")
        self.encoders = {Instant: to_milliseconds, Strings: as_json, Json: as_json, Words: " ".join}
        self.decoders = {Instant: from_milliseconds, Strings: orjson.loads, Json: orjson.loads, Flag: bool}

    def flag(self, column: Column[Any], value: bool) -> ColumnElement[bool]:
        return column == literal_column(str(int(value)))

    def among(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        values = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(values.c.value)), lambda ids: as_json(list(ids))

    def has_all(self, column: Column[Any], name: str) -> tuple[ColumnElement[bool], Codec]:
        kept = table(f"{column.table}_{column.key}", sql_column("owner"), sql_column("value"))
        values = bindparam(name, type_=Text)
        wanted = func.json_each(values).table_valued("value")
        owners = select(kept.c.owner).join(wanted, kept.c.value == wanted.c.value).group_by(kept.c.owner)
        found = _seq(column).in_(owners.having(func.count() == func.json_array_length(values)))
        return found, lambda values: as_json(list(dict.fromkeys(values)))

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


def _seq(column: Column[Any]) -> ColumnElement[Any]:
    return literal_column(f"{column.table}.seq")
