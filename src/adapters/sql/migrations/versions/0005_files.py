"""Files, and the images of items."""

from typing import Any

from alembic import op
from sqlalchemy import Column, text

from adapters.sql.types import Flag, Id, Instant, Json, String, Whole

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    op.create_table(
        "files",
        Column("id", Id(), primary_key=True),
        required("version", Whole),
        required("owner_id", Id),
        required("purpose", String),
        Column("item_id", Id()),
        required("blob", String),
        required("filename", String),
        required("content_type", String),
        required("size", Whole),
        required("sha256", String),
        Column("width", Whole()),
        Column("height", Whole()),
        required("is_public", Flag),
        required("created_at", Instant),
        required("updated_at", Instant),
        sqlite_strict=True,
    )
    op.create_index("files_blob", "files", ["blob"], unique=True)
    op.execute("CREATE INDEX files_of ON files (owner_id, purpose, created_at DESC, id)")
    op.add_column("items", Column("images", Json(), nullable=False, server_default=text("'[]'")))
