"""Reads on the event loop: none is interrupted for the steps of another."""

from pathlib import Path
from typing import Any

from adapters.sql.sqlite import SqliteStore


async def test_every_read_on_the_loop_begins_with_all_its_steps(tmp_path: Path) -> None:
    store, begun = SqliteStore(tmp_path / "x.db"), []
    await store.start()

    class Watched:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def execute(self, text: str, *arguments: Any) -> Any:
            begun.append((text, store._ticks))
            return self._connection.execute(text, *arguments)

        def close(self) -> None:
            self._connection.close()

    store.inline = Watched(store.inline)  # type: ignore[assignment]
    for _ in range(2):
        store._ticks = 1
        assert await store.counted("SELECT count(*) FROM items", []) == 0
        store._ticks = 1
        await store.read("SELECT 1", [])
    await store.stop()

    assert [ticks for _, ticks in begun] == [0] * len(begun)
    assert {text for text, _ in begun} == {"PRAGMA data_version", "SELECT count(*) FROM items", "SELECT 1"}
