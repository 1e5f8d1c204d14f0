"""The tables of both SQL stores. A column's key is the field's name; what a field lacks here cannot be written."""

from functools import cache

from sqlalchemy import Column, MetaData, Table

from adapters.sql.types import Flag, Id, Instant, Json, String, Strings, Whole, Words

REVISION = "0002"
"""The migration that these tables belong to."""

metadata = MetaData()


def _table(name: str, *columns: Column[object], id: type[Id | String] = Id) -> Table:
    return Table(name, metadata, Column("id", id(), primary_key=True), _required("version", Whole), *columns)


def _required(name: str, kind: type) -> Column[object]:
    return Column(name, kind(), nullable=False)


def _optional(name: str, kind: type) -> Column[object]:
    return Column(name, kind(), nullable=True)


answers = _table(
    "answers",
    _required("fingerprint", String),
    _required("status", Whole),
    _required("headers", Json),
    _required("body", String),
    _required("created_at", Instant),
    id=String,
)

events = _table(
    "events",
    _required("type", String),
    _required("resource", String),
    _required("occurred_at", Instant),
    _optional("actor_id", Id),
    _optional("owner_id", Id),
    _required("public", Flag),
    _required("details", Json),
)

users = _table(
    "users",
    _required("username", String),
    _optional("username_key", String),
    _required("email", String),
    _optional("email_key", String),
    _required("email_verified", Flag),
    _optional("full_name", String),
    _optional("full_name_key", String),
    _optional("bio", String),
    _optional("age", Whole),
    _optional("avatar_url", String),
    _required("role", String),
    _required("is_active", Flag),
    _required("password_hash", String),
    _required("created_at", Instant),
    _required("updated_at", Instant),
    _optional("erased_at", Instant),
)

sessions = _table(
    "sessions",
    _required("user_id", Id),
    _optional("scopes", Strings),
    _required("refresh_id", Id),
    _required("revoked", Json),
    _optional("ip", String),
    _optional("user_agent", String),
    _required("created_at", Instant),
    _required("last_used_at", Instant),
    _required("expires_at", Instant),
)

api_keys = _table(
    "api_keys",
    _required("user_id", Id),
    _required("name", String),
    _required("prefix", String),
    _required("digest", String),
    _required("scopes", Strings),
    _required("created_at", Instant),
    _optional("expires_at", Instant),
    _optional("last_used_at", Instant),
)

items = _table(
    "items",
    _required("owner_id", Id),
    _required("name", String),
    _required("name_key", String),
    _optional("description", String),
    _required("price", Whole),
    _required("final_price", Whole),
    _required("tax", Whole),
    _required("discount", Whole),
    _required("stock", Whole),
    _required("tags", Strings),
    _required("is_public", Flag),
    _required("created_at", Instant),
    _required("updated_at", Instant),
    _required("name_words", Words),
    _required("words", Words),
)

orders = _table(
    "orders",
    _required("user_id", Id),
    _required("status", String),
    _required("lines", Json),
    _required("subtotal", Whole),
    _required("discount_total", Whole),
    _required("tax_total", Whole),
    _required("total", Whole),
    _required("currency", String),
    _required("shipping_address", Json),
    _optional("notes", String),
    _required("payment", String),
    _optional("cancel_reason", String),
    _optional("paid_at", Instant),
    _optional("shipped_at", Instant),
    _optional("delivered_at", Instant),
    _optional("cancelled_at", Instant),
    _optional("expires_at", Instant),
    _required("created_at", Instant),
    _required("updated_at", Instant),
)

wallets = _table(
    "wallets",
    _required("balance", Whole),
    _required("created_at", Instant),
)

entries = _table(
    "entries",
    _required("movement_id", Id),
    _required("account", String),
    _required("kind", String),
    _required("amount", Whole),
    _optional("balance_after", Whole),
    _optional("counterparty_id", Id),
    _optional("order_id", Id),
    _optional("reference", String),
    _optional("note", String),
    _required("created_at", Instant),
)


@cache
def fields(table: str) -> frozenset[str]:
    """The names of what a document of that table has to have, no more and no less."""
    return frozenset(metadata.tables[table].columns.keys())
