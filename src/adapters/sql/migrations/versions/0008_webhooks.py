"""Webhooks and their deliveries."""

from typing import Any

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Flag, Id, Instant, String, Strings, Whole

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    def table(name: str, *columns: Column[Any]) -> None:
        keys = [Column("id", Id(), primary_key=True), required("version", Whole)]
        op.create_table(name, *keys, *columns, sqlite_strict=True)

    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    table(
        "webhooks",
        required("owner_id", Id),
        required("url", String),
        required("events", Strings),
        required("sealed_secret", String),
        required("is_active", Flag),
        Column("failing_since", Instant()),
        required("created_at", Instant),
        Column("ended_at", Instant()),
    )
    table(
        "deliveries",
        required("webhook_id", Id),
        required("message_id", Id),
        required("event", String),
        required("body", String),
        required("status", String),
        required("attempts", Whole),
        required("tries", Whole),
        Column("response_status", Whole()),
        Column("error", String()),
        Column("next_attempt_at", Instant()),
        Column("due_at", Instant()),
        Column("lease", Id()),
        required("created_at", Instant),
        Column("delivered_at", Instant()),
    )
    for name, columns in {
        "webhooks_of": "webhooks (owner_id, created_at DESC, id)",
        "webhooks_active": "webhooks (is_active, id)",
        "webhooks_ended_at": "webhooks (ended_at)",
        "deliveries_of": "deliveries (webhook_id, created_at DESC, id)",
        "deliveries_due_at": "deliveries (due_at, id)",
        "deliveries_created_at": "deliveries (created_at, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
