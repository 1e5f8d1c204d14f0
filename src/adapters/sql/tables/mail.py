"""Mailed tokens and inboxes."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, String

mailed_tokens = table(
    "mailed_tokens",
    required("user_id", Id),
    required("purpose", String),
    required("digest", String),
    required("email", String),
    required("created_at", Instant),
    required("expires_at", Instant),
)

notifications = table(
    "notifications",
    required("user_id", Id),
    required("subject", String),
    required("message", String),
    required("unread", Flag),
    required("created_at", Instant),
    optional("read_at", Instant),
)
