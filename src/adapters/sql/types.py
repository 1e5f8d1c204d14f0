"""Column types: one name for what a document holds, and what SQLite and PostgreSQL keep it as.

Values pass to and from the drivers by the codecs of `dialects`; these types say what the columns and binds are.
"""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, DateTime, Integer, Text, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


class _Kind(TypeDecorator[Any]):
    """A type of ours: `postgresql` and `sqlite` are what those call it."""

    impl = Text
    cache_ok = True
    postgresql: TypeEngine[Any] = Text(collation="C")
    sqlite: TypeEngine[Any] = Text()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return self.on_postgresql() if dialect.name == "postgresql" else self.sqlite

    def on_postgresql(self) -> TypeEngine[Any]:
        """Its own types are loaded where it is kept."""
        return self.postgresql


class String(_Kind):
    """Compared by code point on both."""


class Id(_Kind):
    postgresql = Uuid(as_uuid=False)


class Whole(_Kind):
    postgresql, sqlite = BigInteger(), Integer()


class Flag(_Kind):
    postgresql, sqlite = Boolean(), Integer()


class Instant(_Kind):
    """Whole milliseconds; in SQLite their number since 1970."""

    postgresql, sqlite = DateTime(timezone=True), Integer()


class Strings(_Kind):
    """A list of text."""

    postgresql = ARRAY(Text(collation="C"))


class Words(_Kind):
    """Words to be searched; written only."""

    def on_postgresql(self) -> TypeEngine[Any]:
        from sqlalchemy.dialects.postgresql import TSVECTOR

        return TSVECTOR()


class Json(_Kind):
    """Value objects and what else has no column of its own."""

    def on_postgresql(self) -> TypeEngine[Any]:
        from sqlalchemy.dialects.postgresql import JSONB

        return JSONB()
