"""Column types: one name for what a document holds, and what SQLite and PostgreSQL keep it as.

Values pass to and from the drivers by the codecs of `dialects.py`; these types say what the columns and binds are.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP, TSVECTOR, UUID
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


class _Kind(TypeDecorator[Any]):
    """A type of ours: `postgresql` and `sqlite` are what those call it."""

    impl = Text
    cache_ok = True
    postgresql: TypeEngine[Any] = Text(collation="C")
    sqlite: TypeEngine[Any] = Text()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return self.postgresql if dialect.name == "postgresql" else self.sqlite


class String(_Kind):
    """Compared by code point on both."""


class Id(_Kind):
    postgresql = UUID(as_uuid=False)


class Whole(_Kind):
    postgresql, sqlite = BigInteger(), Integer()


class Flag(_Kind):
    postgresql, sqlite = Boolean(), Integer()


class Instant(_Kind):
    """Whole milliseconds; in SQLite their number since 1970."""

    postgresql, sqlite = TIMESTAMP(timezone=True), Integer()


class Strings(_Kind):
    """A list of text."""

    postgresql = ARRAY(Text(collation="C"))


class Words(_Kind):
    """Words to be searched; written only."""

    postgresql = TSVECTOR()


class Json(_Kind):
    """Value objects and what else has no column of its own."""

    postgresql = JSONB()
