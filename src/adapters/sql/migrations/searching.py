"""Words and tags to be searched: indexes in PostgreSQL, in SQLite tables beside that triggers keep.

Those who call this are migrations, so what it does to a table stays what it is; another way gets another function.
"""

from typing import Any

from alembic import op
from sqlalchemy import Column, Integer, Text

from adapters.sql.types import Id, Whole


def create_searched(name: str, *columns: Column[Any], tagged: bool = False) -> None:
    """A table with the columns `name_words` and `words`, which are searched, and perhaps `tags`.

    In SQLite `seq` is what search finds rows by: without it a VACUUM would give them other numbers.
    """
    sqlite = op.get_bind().dialect.name == "sqlite"
    keys: list[Column[Any]] = [Column("id", Id(), primary_key=True)]
    if sqlite:
        keys = [Column("seq", Integer(), primary_key=True), Column("id", Id(), nullable=False, unique=True)]
    op.create_table(name, *keys, Column("version", Whole(), nullable=False), *columns, sqlite_strict=True)
    if sqlite:
        _search_in_sqlite(name, tagged=tagged)
        return
    op.create_index(f"{name}_words", name, ["words"], postgresql_using="gin")
    if tagged:
        op.create_index(f"{name}_tags", name, ["tags"], postgresql_using="gin")


def _search_in_sqlite(name: str, *, tagged: bool) -> None:
    """As in 0001: our own words (all of `ascii`'s separators are gone from them), and the tags as rows."""
    op.execute(
        f"CREATE VIRTUAL TABLE {name}_words USING fts5"
        f"(name_words, words, content='{name}', content_rowid='seq', tokenize='ascii', prefix='1 2 3')"
    )
    forget = (
        f"INSERT INTO {name}_words({name}_words, rowid, name_words, words)"  # noqa: S608
        " VALUES ('delete', old.seq, old.name_words, old.words);"
    )
    keep = f"INSERT INTO {name}_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words);"  # noqa: S608
    op.execute(f"CREATE TRIGGER {name}_added AFTER INSERT ON {name} BEGIN {keep} END")
    op.execute(f"CREATE TRIGGER {name}_removed AFTER DELETE ON {name} BEGIN {forget} END")
    op.execute(
        f"CREATE TRIGGER {name}_reworded AFTER UPDATE ON {name}"
        f" WHEN old.words <> new.words OR old.name_words <> new.name_words BEGIN {forget} {keep} END"
    )
    if tagged:
        _tags_in_sqlite(name)


def _tags_in_sqlite(name: str) -> None:
    op.create_table(
        f"{name}_tags",
        Column("value", Text(), primary_key=True),
        Column("owner", Integer(), primary_key=True),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    untag = f"DELETE FROM {name}_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags));"  # noqa: S608
    tag = f"INSERT INTO {name}_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags);"  # noqa: S608
    op.execute(f"CREATE TRIGGER {name}_tagged AFTER INSERT ON {name} BEGIN {tag} END")
    op.execute(f"CREATE TRIGGER {name}_untagged AFTER DELETE ON {name} BEGIN {untag} END")
    op.execute(
        f"CREATE TRIGGER {name}_retagged AFTER UPDATE ON {name} WHEN old.tags <> new.tags BEGIN {untag} {tag} END"
    )
