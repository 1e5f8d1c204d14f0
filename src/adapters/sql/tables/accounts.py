"""Accounts, sign-ins and API keys."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, Json, String, Strings, Whole

users = table(
    "users",
    required("username", String),
    optional("username_key", String),
    required("email", String),
    optional("email_key", String),
    required("email_verified", Flag),
    optional("full_name", String),
    optional("full_name_key", String),
    optional("bio", String),
    optional("age", Whole),
    optional("avatar_url", String),
    required("role", String),
    required("is_active", Flag),
    required("password_hash", String),
    required("created_at", Instant),
    required("updated_at", Instant),
    optional("erased_at", Instant),
)

sessions = table(
    "sessions",
    required("user_id", Id),
    optional("scopes", Strings),
    required("refresh_id", Id),
    required("revoked", Json),
    optional("ip", String),
    optional("user_agent", String),
    required("created_at", Instant),
    required("last_used_at", Instant),
    required("expires_at", Instant),
)

api_keys = table(
    "api_keys",
    required("user_id", Id),
    required("name", String),
    required("prefix", String),
    required("digest", String),
    required("scopes", Strings),
    required("created_at", Instant),
    optional("expires_at", Instant),
    optional("last_used_at", Instant),
)
