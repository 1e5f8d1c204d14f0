"""What the migrations make of an empty SQLite, as one script: a new database takes it in a tenth of their time.

`make structure` writes it anew after a migration was added; a test holds it to what the migrations make.
"""

import sqlite3
import tempfile
from pathlib import Path

STRUCTURE = Path(__file__).parent / "migrations" / "sqlite.sql"

_STATEMENTS = """
SELECT sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
  AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY rowid
"""


def structure_of(path: Path) -> str:
    """The statements that make a database like this one, without its rows."""
    connection = sqlite3.connect(path)
    try:
        statements = [sql for (sql,) in connection.execute(_STATEMENTS)]
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        connection.close()
    statements.append(f"INSERT INTO alembic_version VALUES ('{revision}')")  # noqa: S608 - our own number
    lines = (line.rstrip() for statement in statements for line in f"{statement};".splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def build(path: Path) -> None:
    """All of it or nothing. Raises what `sqlite3` raises."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=wal")
        connection.executescript(f"BEGIN IMMEDIATE;\n{STRUCTURE.read_text(encoding='utf-8')}COMMIT;")
    finally:
        connection.close()  # rolls back what was not committed


if __name__ == "__main__":
    from adapters.sql.migrate import upgrade_sqlite

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.db"
        upgrade_sqlite(made)
        STRUCTURE.write_text(structure_of(made), encoding="utf-8")
