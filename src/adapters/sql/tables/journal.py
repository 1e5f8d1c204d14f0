"""The journal."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, String, Strings, Whole, Words

posts = table(
    "posts",
    required("author_id", Id),
    required("title", String),
    required("content", String),
    required("tags", Strings),
    required("status", String),
    required("is_public", Flag),
    required("comment_count", Whole),
    optional("published_at", Instant),
    required("created_at", Instant),
    required("updated_at", Instant),
    required("name_words", Words),
    required("words", Words),
)

comments = table(
    "comments",
    required("post_id", Id),
    required("author_id", Id),
    required("content", String),
    optional("sentiment", String),
    required("created_at", Instant),
)
