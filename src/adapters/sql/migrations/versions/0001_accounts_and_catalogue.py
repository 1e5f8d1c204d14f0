"""Accounts, sessions, API keys, the catalogue, answers to operations and the outbox."""

from typing import Any

from alembic import op
from sqlalchemy import Column, Integer, Text

from adapters.sql.types import Flag, Id, Instant, Json, String, Strings, Whole, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _create_tables(sqlite)
    _create_indexes(sqlite)
    if sqlite:
        _search_in_sqlite()
    else:
        op.create_index("items_words", "items", ["words"], postgresql_using="gin")
        op.create_index("items_tags", "items", ["tags"], postgresql_using="gin")


def _create_tables(sqlite: bool) -> None:
    def table(name: str, *columns: Column[Any], id: type = Id) -> None:
        """In SQLite `seq` is what search finds rows by: without it a VACUUM would give them other numbers."""
        keys = [Column("id", id(), primary_key=True)]
        if sqlite:
            keys = [Column("seq", Integer(), primary_key=True), Column("id", id(), nullable=False, unique=True)]
        op.create_table(name, *keys, Column("version", Whole(), nullable=False), *columns, sqlite_strict=True)

    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    table(
        "answers",
        required("fingerprint", String),
        required("status", Whole),
        required("headers", Json),
        required("body", String),
        required("created_at", Instant),
        id=String,
    )
    table(
        "events",
        required("type", String),
        required("resource", String),
        required("occurred_at", Instant),
        Column("actor_id", Id()),
        Column("owner_id", Id()),
        required("public", Flag),
        required("details", Json),
    )
    table(
        "users",
        required("username", String),
        Column("username_key", String()),
        required("email", String),
        Column("email_key", String()),
        required("email_verified", Flag),
        Column("full_name", String()),
        Column("full_name_key", String()),
        Column("bio", String()),
        Column("age", Whole()),
        Column("avatar_url", String()),
        required("role", String),
        required("is_active", Flag),
        required("password_hash", String),
        required("created_at", Instant),
        required("updated_at", Instant),
        Column("erased_at", Instant()),
    )
    table(
        "sessions",
        required("user_id", Id),
        Column("scopes", Strings()),
        required("refresh_id", Id),
        required("revoked", Json),
        Column("ip", String()),
        Column("user_agent", String()),
        required("created_at", Instant),
        required("last_used_at", Instant),
        required("expires_at", Instant),
    )
    table(
        "api_keys",
        required("user_id", Id),
        required("name", String),
        required("prefix", String),
        required("digest", String),
        required("scopes", Strings),
        required("created_at", Instant),
        Column("expires_at", Instant()),
        Column("last_used_at", Instant()),
    )
    table(
        "items",
        required("owner_id", Id),
        required("name", String),
        required("name_key", String),
        Column("description", String()),
        required("price", Whole),
        required("final_price", Whole),
        required("tax", Whole),
        required("discount", Whole),
        required("stock", Whole),
        required("tags", Strings),
        required("is_public", Flag),
        required("created_at", Instant),
        required("updated_at", Instant),
        required("name_words", Words),
        required("words", Words),
    )


def _create_indexes(sqlite: bool) -> None:
    """Lists end with the ascending id, so their indexes do."""
    op.create_index("users_username_key", "users", ["username_key"], unique=True)
    op.create_index("users_email_key", "users", ["email_key"], unique=True)
    op.create_index("api_keys_digest", "api_keys", ["digest"], unique=True)
    op.create_index("answers_created_at", "answers", ["created_at"])
    op.create_index("events_occurred_at", "events", ["occurred_at"])
    op.create_index("users_full_name_key", "users", ["full_name_key"])
    op.create_index("sessions_expires_at", "sessions", ["expires_at"])
    for name, columns in {
        "users_newest": "users (created_at DESC, id)",
        "sessions_of": "sessions (user_id, created_at DESC, id)",
        "api_keys_of": "api_keys (user_id, created_at DESC, id)",
        "items_of": "items (owner_id, created_at DESC, id)",
        "items_newest": "items (created_at DESC, id, is_public, owner_id)",
        "items_public": "items (created_at DESC, id) WHERE is_public = " + ("1" if sqlite else "true"),
        "items_by_name": "items (name_key, id)",
        "items_by_price": "items (price, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")


def _search_in_sqlite() -> None:
    """An index of our own words (all of `ascii`'s separators are gone from them) and one of tags, kept by triggers."""
    op.execute(
        "CREATE VIRTUAL TABLE items_words USING fts5"
        "(name_words, words, content='items', content_rowid='seq', tokenize='ascii', prefix='1 2 3')"
    )
    op.create_table(
        "items_tags",
        Column("value", Text(), primary_key=True),
        Column("owner", Integer(), primary_key=True),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    forget = (
        "INSERT INTO items_words(items_words, rowid, name_words, words)"
        " VALUES ('delete', old.seq, old.name_words, old.words);"
    )
    keep = "INSERT INTO items_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words);"
    untag = "DELETE FROM items_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags));"
    tag = "INSERT INTO items_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags);"
    op.execute(f"CREATE TRIGGER items_added AFTER INSERT ON items BEGIN {keep} {tag} END")
    op.execute(f"CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN {forget} {untag} END")
    op.execute(
        "CREATE TRIGGER items_reworded AFTER UPDATE ON items"
        f" WHEN old.words <> new.words OR old.name_words <> new.name_words BEGIN {forget} {keep} END"
    )
    op.execute(f"CREATE TRIGGER items_retagged AFTER UPDATE ON items WHEN old.tags <> new.tags BEGIN {untag} {tag} END")
