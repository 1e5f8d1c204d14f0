"""Rooms, who is in them, and what was said."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, Json, String, Whole

rooms = table(
    "rooms",
    required("owner_id", Id),
    required("name", String),
    required("is_private", Flag),
    required("member_count", Whole),
    required("created_at", Instant),
)

members = table(
    "members",
    required("room_id", Id),
    required("user_id", Id),
    required("place", String),
    required("in_private", Flag),
    required("joined_at", Instant),
)

messages = table(
    "messages",
    required("room_id", Id),
    required("sequence", Whole),
    required("author_id", Id),
    required("text", String),
    optional("client_id", String),
    optional("client_key", String),
    required("created_at", Instant),
)

counts = table("counts", required("last", Whole), required("closed", Flag))

presences = table(
    "presences",
    required("room_id", Id),
    required("worker_id", String),
    required("people", Json),
    required("expires_at", Instant),
)
