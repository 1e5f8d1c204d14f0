"""To-dos."""

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Flag, Id, Instant, String, Whole

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "todos",
        Column("id", Id(), primary_key=True),
        Column("version", Whole(), nullable=False),
        Column("owner_id", Id(), nullable=False),
        Column("title", String(), nullable=False),
        Column("description", String()),
        Column("priority", Whole(), nullable=False),
        Column("due_at", Instant()),
        Column("due_rising", Whole(), nullable=False),
        Column("due_falling", Whole(), nullable=False),
        Column("done", Flag(), nullable=False),
        Column("completed_at", Instant()),
        Column("created_at", Instant(), nullable=False),
        Column("updated_at", Instant(), nullable=False),
        sqlite_strict=True,
    )
    for name, columns in {
        "todos_of": "created_at DESC",
        "todos_by_priority": "priority",
        "todos_by_due": "due_rising",
        "todos_by_due_last_first": "due_falling DESC",
    }.items():
        op.execute(f"CREATE INDEX {name} ON todos (owner_id, {columns}, id)")
