"""Files: what is known of them; their bytes are in the blob store."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, String, Whole

files = table(
    "files",
    required("owner_id", Id),
    required("purpose", String),
    optional("item_id", Id),
    required("blob", String),
    required("filename", String),
    required("content_type", String),
    required("size", Whole),
    required("sha256", String),
    optional("width", Whole),
    optional("height", Whole),
    required("is_public", Flag),
    required("created_at", Instant),
    required("updated_at", Instant),
)
