"""To-dos."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, String, Whole

todos = table(
    "todos",
    required("owner_id", Id),
    required("title", String),
    optional("description", String),
    required("priority", Whole),
    optional("due_at", Instant),
    required("due_rising", Whole),
    required("due_falling", Whole),
    required("done", Flag),
    optional("completed_at", Instant),
    required("created_at", Instant),
    required("updated_at", Instant),
)
