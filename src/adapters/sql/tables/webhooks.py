"""Webhooks and their deliveries."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, String, Strings, Whole

webhooks = table(
    "webhooks",
    required("owner_id", Id),
    required("url", String),
    required("events", Strings),
    required("sealed_secret", String),
    required("is_active", Flag),
    optional("failing_since", Instant),
    required("created_at", Instant),
    optional("ended_at", Instant),
)

deliveries = table(
    "deliveries",
    required("webhook_id", Id),
    required("message_id", Id),
    required("event", String),
    required("body", String),
    required("status", String),
    required("attempts", Whole),
    required("tries", Whole),
    optional("response_status", Whole),
    optional("error", String),
    optional("next_attempt_at", Instant),
    optional("due_at", Instant),
    optional("lease", Id),
    required("created_at", Instant),
    optional("delivered_at", Instant),
)
