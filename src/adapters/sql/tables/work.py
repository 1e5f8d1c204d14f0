"""Tasks, and when jobs are due."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Id, Instant, Json, String, Whole

tasks = table(
    "tasks",
    required("kind", String),
    optional("owner_id", Id),
    required("payload", Json),
    required("status", String),
    required("done", Whole),
    optional("result", Json),
    optional("error", Json),
    required("attempts", Whole),
    optional("due_at", Instant),
    optional("leased_to", String),
    required("created_at", Instant),
    optional("started_at", Instant),
    optional("finished_at", Instant),
)

schedules = table(
    "schedules",
    required("due_at", Instant),
    id=String,
)
