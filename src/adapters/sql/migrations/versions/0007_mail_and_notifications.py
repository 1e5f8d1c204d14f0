"""Mail and notifications."""

from typing import Any

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Flag, Id, Instant, String, Whole

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    def table(name: str, *columns: Column[Any]) -> None:
        keys = [Column("id", Id(), primary_key=True), required("version", Whole)]
        op.create_table(name, *keys, *columns, sqlite_strict=True)

    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    table(
        "mailed_tokens",
        required("user_id", Id),
        required("purpose", String),
        required("digest", String),
        required("email", String),
        required("created_at", Instant),
        required("expires_at", Instant),
    )
    table(
        "notifications",
        required("user_id", Id),
        required("subject", String),
        required("message", String),
        required("unread", Flag),
        required("created_at", Instant),
        Column("read_at", Instant()),
    )
    op.create_index("mailed_tokens_digest", "mailed_tokens", ["digest"], unique=True)
    op.create_index("mailed_tokens_expires_at", "mailed_tokens", ["expires_at"])
    op.create_index("mailed_tokens_of", "mailed_tokens", ["user_id"])
    op.execute("CREATE INDEX notifications_of ON notifications (user_id, created_at DESC, id)")
    op.execute("CREATE INDEX notifications_unread ON notifications (user_id, unread, created_at DESC, id)")
