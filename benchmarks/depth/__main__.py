"""`python -m benchmarks.depth`: what a cursor page costs at the first row and at the last of a million.

The walk is a client's: over HTTP, from cursor to cursor, one connection, until there is no next one. Seeding a million
items takes some minutes; SQLite's are kept in var/bench for the next time.
"""

import http.client
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.servers import Server
from benchmarks.stores import STORES, WORK, rows_of
from benchmarks.targets import portico

SIZE = 100
ENDS = 500
"""How many pages at each end are told of."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    store: Annotated[str, typer.Option(help=f"One of {', '.join(STORES)}")] = "sqlite",
    count: Annotated[int, typer.Option(help="How many items there are", min=2 * SIZE * ENDS)] = 1_000_000,
) -> None:
    """Walk through all items and compare the first pages with the last."""
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=WORK) as folder:
        data = rows_of(store, Path(folder))
        try:
            server = Server(portico(store), data.copy("portico", count), Path(folder))
            try:
                seen, took = _walked(server.host)
            finally:
                server.stop()
        finally:
            data.close()
    if seen != count:
        sys.exit(f"{seen} of {count} items were seen")
    table = Table("pages", "rows", "p50 ms", "p99 ms")
    for name, first, part in (("first", 1, took[:ENDS]), ("last", len(took) - ENDS + 1, took[-ENDS:])):
        ordered = sorted(part)
        rows = f"{(first - 1) * SIZE + 1:,}-{(first - 1 + len(part)) * SIZE:,}"
        table.add_row(name, rows, f"{median(ordered) * 1000:.2f}", f"{ordered[int(len(ordered) * 0.99)] * 1000:.2f}")
    console = Console()
    console.print(table)
    console.print(f"{store}: {seen:,} items in {len(took):,} pages of {SIZE}, {sum(took):.1f} s")


def _walked(host: str) -> tuple[int, list[float]]:
    """How many items there were, and how long each page took."""
    connection = http.client.HTTPConnection(host, timeout=60)
    cursor: str | None = ""
    seen, took = 0, []
    while cursor is not None:
        began = perf_counter()
        connection.request("GET", f"/api/v1/items?size={SIZE}&cursor={cursor}")
        response = connection.getresponse()
        body = response.read()
        took.append(perf_counter() - began)
        if response.status != 200:
            sys.exit(f"a page was answered with {response.status}: {body[:200]!r}")
        page = orjson.loads(body)
        seen, cursor = seen + len(page["items"]), page["next_cursor"]
    return seen, took


if __name__ == "__main__":
    app()
