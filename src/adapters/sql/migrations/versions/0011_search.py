"""Search, with what can be found already."""

from typing import Any

from alembic import op
from sqlalchemy import Column, bindparam, column, func, insert, select, table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from adapters.sql.migrations.searching import create_searched
from adapters.sql.types import Flag, Id, Instant, String, Words
from domain import text

revision = "0011"
down_revision = "0010"

AT_ONCE = 500


def upgrade() -> None:
    def required(name: str, kind: type) -> Column[object]:
        return Column(name, kind(), nullable=False)

    create_searched(
        "search",
        required("kind", String),
        required("owner_id", Id),
        required("is_public", Flag),
        required("created_at", Instant),
        required("name_words", Words),
        required("words", Words),
    )
    op.execute("CREATE INDEX search_newest ON search (created_at DESC, id, is_public, owner_id)")
    for things, kind, owner in (("items", "item", "owner_id"), ("posts", "post", "author_id")):
        op.execute(
            "INSERT INTO search (id, version, kind, owner_id, is_public, created_at, name_words, words)"  # noqa: S608
            f" SELECT id, 1, '{kind}', {owner}, is_public, created_at, name_words, words FROM {things}"
        )
    _enter_users()


def _enter_users() -> None:
    """Their words were not kept before."""
    bind = op.get_bind()
    read: list[Any] = [column(name) for name in ("id", "is_active", "created_at", "username", "full_name")]
    users, sqlite = select(*read).select_from(table("users")), bind.dialect.name == "sqlite"
    rows = bind.execute(users).all()

    def words(row: Any) -> Any:
        found = list(text.words(row.username, row.full_name))
        return " ".join(found) if sqlite else found

    kept = bindparam("found") if sqlite else func.array_to_tsvector(bindparam("found", type_=ARRAY(Text)))
    names = ("id", "owner_id", "is_public", "created_at")
    values = {**{name: bindparam(f"its_{name}") for name in names}, "version": 1, "kind": "user"}
    search = table("search", *(column(name) for name in (*values, "name_words", "words")))
    statement = insert(search).values(**values, name_words=kept, words=kept)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        bind.execute(
            statement,
            [
                {
                    "its_id": row.id,
                    "its_owner_id": row.id,
                    "its_is_public": row.is_active,
                    "its_created_at": row.created_at,
                    "found": words(row),
                }
                for row in some
            ],
        )
