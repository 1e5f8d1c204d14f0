"""What search knows of the things that can be found."""

from adapters.sql.tables.columns import required, table
from adapters.sql.types import Flag, Id, Instant, String, Words

search = table(
    "search",
    required("kind", String),
    required("owner_id", Id),
    required("is_public", Flag),
    required("created_at", Instant),
    required("name_words", Words),
    required("words", Words),
)
