"""The catalogue, orders and wallets."""

from adapters.sql.tables.columns import optional, required, table
from adapters.sql.types import Flag, Id, Instant, Json, String, Strings, Whole, Words

items = table(
    "items",
    required("owner_id", Id),
    required("name", String),
    required("name_key", String),
    optional("description", String),
    required("price", Whole),
    required("final_price", Whole),
    required("tax", Whole),
    required("discount", Whole),
    required("stock", Whole),
    required("tags", Strings),
    required("is_public", Flag),
    required("images", Json),
    required("created_at", Instant),
    required("updated_at", Instant),
    required("name_words", Words),
    required("words", Words),
)

orders = table(
    "orders",
    required("user_id", Id),
    required("status", String),
    required("lines", Json),
    required("subtotal", Whole),
    required("discount_total", Whole),
    required("tax_total", Whole),
    required("total", Whole),
    required("currency", String),
    required("shipping_address", Json),
    optional("notes", String),
    required("payment", String),
    optional("cancel_reason", String),
    optional("paid_at", Instant),
    optional("shipped_at", Instant),
    optional("delivered_at", Instant),
    optional("cancelled_at", Instant),
    optional("expires_at", Instant),
    required("created_at", Instant),
    required("updated_at", Instant),
)

wallets = table(
    "wallets",
    required("balance", Whole),
    required("created_at", Instant),
)

entries = table(
    "entries",
    required("movement_id", Id),
    required("account", String),
    required("kind", String),
    required("amount", Whole),
    optional("balance_after", Whole),
    optional("counterparty_id", Id),
    optional("order_id", Id),
    optional("reference", String),
    optional("note", String),
    required("created_at", Instant),
)
