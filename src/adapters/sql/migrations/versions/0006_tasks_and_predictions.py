"""Tasks and predictions."""

from typing import Any

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Id, Instant, Json, String, Whole

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    op.create_table(
        "tasks",
        Column("id", Id(), primary_key=True),
        required("version", Whole),
        required("kind", String),
        Column("owner_id", Id()),
        required("payload", Json),
        required("status", String),
        required("done", Whole),
        Column("result", Json()),
        Column("error", Json()),
        required("attempts", Whole),
        Column("due_at", Instant()),
        Column("leased_to", String()),
        required("created_at", Instant),
        Column("started_at", Instant()),
        Column("finished_at", Instant()),
        sqlite_strict=True,
    )
    op.create_table(
        "schedules",
        Column("id", String(), primary_key=True),
        required("version", Whole),
        required("due_at", Instant),
        sqlite_strict=True,
    )
    for name, columns in {
        "tasks_due_at": "tasks (due_at, id) WHERE due_at IS NOT NULL",
        "tasks_leased_to": "tasks (leased_to) WHERE leased_to IS NOT NULL",
        "tasks_finished_at": "tasks (finished_at, id) WHERE finished_at IS NOT NULL",
        "tasks_of": "tasks (owner_id, created_at DESC, id) WHERE owner_id IS NOT NULL",
        "tasks_newest": "tasks (created_at DESC, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
