"""Orders, wallets and the ledger."""

from typing import Any

from alembic import op
from sqlalchemy import Column

from adapters.sql.types import Id, Instant, Json, String, Whole

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    def table(name: str, *columns: Column[Any]) -> None:
        keys = [Column("id", Id(), primary_key=True), required("version", Whole)]
        op.create_table(name, *keys, *columns, sqlite_strict=True)

    def required(name: str, kind: type) -> Column[Any]:
        return Column(name, kind(), nullable=False)

    table(
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
        Column("notes", String()),
        required("payment", String),
        Column("cancel_reason", String()),
        Column("paid_at", Instant()),
        Column("shipped_at", Instant()),
        Column("delivered_at", Instant()),
        Column("cancelled_at", Instant()),
        Column("expires_at", Instant()),
        required("created_at", Instant),
        required("updated_at", Instant),
    )
    table("wallets", required("balance", Whole), required("created_at", Instant))
    table(
        "entries",
        required("movement_id", Id),
        required("account", String),
        required("kind", String),
        required("amount", Whole),
        Column("balance_after", Whole()),
        Column("counterparty_id", Id()),
        Column("order_id", Id()),
        Column("reference", String()),
        Column("note", String()),
        required("created_at", Instant),
    )
    op.create_index("entries_reference", "entries", ["reference"], unique=True)
    op.create_index("orders_expires_at", "orders", ["expires_at"])
    for name, columns in {
        "orders_newest": "orders (created_at DESC, id)",
        "orders_of": "orders (user_id, created_at DESC, id)",
        "entries_of": "entries (account, created_at DESC, id)",
    }.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
