"""Activity: where facts came from, their place in the feed, and the ways to look for them."""

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import String, Whole

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for name, kind in {"kind": String, "ip": String, "request_id": String, "sequence": Whole}.items():
        op.add_column("events", Column(name, kind(), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    words = "substr(resource, 1, instr(resource, ':') - 1)" if sqlite else "split_part(resource, ':', 1)"
    op.execute(f"UPDATE events SET kind = {words}")  # noqa: S608 - our own words
    op.create_table(
        "counters",
        Column("id", String(), primary_key=True),
        Column("version", Whole(), nullable=False),
        Column("value", Whole(), nullable=False),
        sqlite_strict=True,
    )
    op.drop_index("events_occurred_at", "events")
    for name, columns in {
        "events_newest": "events (occurred_at DESC, id)",
        "events_waiting": "events (id) WHERE sequence IS NULL",
        "events_sequence": "events (sequence) WHERE sequence IS NOT NULL",
        "events_by": "events (actor_id, occurred_at DESC, id) WHERE actor_id IS NOT NULL",
        "events_of_type": "events (type, occurred_at DESC, id)",
        "events_of_kind": "events (kind, occurred_at DESC, id)",
        "events_about": "events (resource, occurred_at DESC, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
