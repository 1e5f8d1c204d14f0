"""What PostgreSQL says in its own way."""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Select, Text, bindparam, cast, func, literal_column
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.selectable import TableValuedAlias

from adapters.sql.dialects import Codec, Dialect, as_json
from adapters.sql.types import Id, Json, Strings, Words

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NOTHING_HAS = "00000000-0000-0000-0000-000000000000"


def _id(value: str) -> str:
    """PostgreSQL would read other forms as the same UUID, and refuse others still; here an id is one text alone."""
    return value if _ID.fullmatch(value) else _NOTHING_HAS


def _vector(words: Sequence[str]) -> str:
    """One text: the driver takes half a microsecond for each element of an array. Words are letters and digits."""
    return " ".join([f"'{word}'" for word in words])


class Postgresql(Dialect):
    """Lists are arrays and words are text search vectors of our own words, both under GIN indexes."""

    def __init__(self) -> None:
        self.sqlalchemy = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
        self.encoders = {Id: _id, Json: as_json, Words: _vector, Strings: list}
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
        return column.op("@@", is_comparison=True)(query), lambda words: " & ".join([f"'{w}'" for w in words]) + ":*"

    def elements(self, column: Column[Any]) -> TableValuedAlias:
        return func.unnest(column).table_valued("value").render_derived()

    def written(self, column: Column[Any], name: str) -> ColumnElement[Any]:
        if isinstance(column.type, Words):
            return cast(bindparam(name, type_=Text), TSVECTOR)
        return bindparam(name, type_=column.type)

    def held(self, statement: Select[Any], waits: bool) -> Select[Any]:
        return statement.with_for_update(skip_locked=not waits)
