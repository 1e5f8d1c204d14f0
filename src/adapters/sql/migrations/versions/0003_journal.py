"""Posts and comments."""

from alembic import op
from sqlalchemy import Column

from adapters.sql.migrations.searching import create_searched
from adapters.sql.types import Flag, Id, Instant, String, Strings, Whole, Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"

    def required(name: str, kind: type) -> Column[object]:
        return Column(name, kind(), nullable=False)

    create_searched(
        "posts",
        required("author_id", Id),
        required("title", String),
        required("content", String),
        required("tags", Strings),
        required("status", String),
        required("is_public", Flag),
        required("comment_count", Whole),
        Column("published_at", Instant()),
        required("created_at", Instant),
        required("updated_at", Instant),
        required("name_words", Words),
        required("words", Words),
        tagged=True,
    )
    op.create_table(
        "comments",
        Column("id", Id(), primary_key=True),
        required("version", Whole),
        required("post_id", Id),
        required("author_id", Id),
        required("content", String),
        Column("sentiment", String()),
        required("created_at", Instant),
        sqlite_strict=True,
    )
    for name, columns in {
        "posts_of": "posts (author_id, created_at DESC, id)",
        "posts_newest": "posts (created_at DESC, id, is_public, author_id)",
        "posts_public": "posts (created_at DESC, id) WHERE is_public = " + ("1" if sqlite else "true"),
        "comments_on": "comments (post_id, created_at, id)",
        "comments_of": "comments (author_id, created_at DESC, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
