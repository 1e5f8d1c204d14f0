"""Rooms, their members and messages, and who is connected."""

from typing import Any

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Flag, Id, Instant, Json, String, Whole

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    def table(name: str, *columns: Column[Any]) -> None:
        keys = [Column("id", Id(), primary_key=True), required("version", Whole)]
        op.create_table(name, *keys, *columns, sqlite_strict=True)

    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    table(
        "rooms",
        required("owner_id", Id),
        required("name", String),
        required("is_private", Flag),
        required("member_count", Whole),
        required("created_at", Instant),
    )
    table(
        "members",
        required("room_id", Id),
        required("user_id", Id),
        required("place", String),
        required("in_private", Flag),
        required("joined_at", Instant),
    )
    table(
        "messages",
        required("room_id", Id),
        required("sequence", Whole),
        required("author_id", Id),
        required("text", String),
        Column("client_id", String()),
        Column("client_key", String()),
        required("created_at", Instant),
    )
    table("counts", required("last", Whole), required("closed", Flag))
    table(
        "presences",
        required("room_id", Id),
        required("worker_id", String),
        required("people", Json),
        required("expires_at", Instant),
    )
    op.create_index("members_place", "members", ["place"], unique=True)
    op.create_index("messages_client_key", "messages", ["client_key"], unique=True)
    op.create_index("presences_expires_at", "presences", ["expires_at"])
    op.create_index("presences_in", "presences", ["room_id"])
    op.create_index("counts_closed", "counts", ["closed"])
    for name, columns in {
        "rooms_newest": "rooms (created_at DESC, id)",
        "rooms_of": "rooms (owner_id, created_at DESC, id)",
        "members_in": "members (room_id, joined_at DESC, id)",
        "members_of": "members (user_id, joined_at DESC, id)",
        "messages_in": "messages (room_id, sequence DESC, id)",
        "messages_by": "messages (author_id, created_at DESC, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
