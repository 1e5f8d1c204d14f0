"""What leaves with a commit: answers to operations, and facts."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, Json, String, Whole

answers = table(
    "answers",
    required("fingerprint", String),
    required("status", Whole),
    required("headers", Json),
    required("body", String),
    required("created_at", Instant),
    id=String,
)

events = table(
    "events",
    required("type", String),
    required("resource", String),
    required("occurred_at", Instant),
    optional("actor_id", Id),
    optional("owner_id", Id),
    required("public", Flag),
    required("details", Json),
    optional("kind", String),
    optional("ip", String),
    optional("request_id", String),
    optional("sequence", Whole),
)

counters = table("counters", required("value", Whole), id=String)
