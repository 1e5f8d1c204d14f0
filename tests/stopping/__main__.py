"""`python -m tests.stopping`: SIGTERM under load, again and again; a table of what the clients saw."""

import asyncio
import signal
import time
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from tests.e2e.serving import Server, served
from tests.http.client import sign_up
from tests.stopping.clients import Seen, keep_asking


async def told_to_stop(server: Server, clients: int, after_s: float) -> tuple[Seen, float, bool]:
    """What the clients saw, how long the server took to end, and whether readiness said no before that."""
    async with httpx.AsyncClient(base_url=server.address) as client:
        token = (await sign_up(client)).tokens["access_token"]
    seen, ready = Seen(), httpx.AsyncClient(base_url=server.address)
    asking = [asyncio.create_task(keep_asking(server.port, token, seen)) for _ in range(clients)]
    await asyncio.sleep(after_s)
    began = time.perf_counter()
    server.send_signal(signal.SIGTERM)
    watching = asyncio.create_task(_said_no(ready))
    await server.exit_code()
    took = time.perf_counter() - began
    await asyncio.gather(*asking)
    said_no = await watching
    await ready.aclose()
    return seen, took, said_no


async def _said_no(client: httpx.AsyncClient) -> bool:
    while True:
        try:
            if (await client.get("/health/ready")).status_code == 503:
                return True
        except httpx.TransportError:
            return False
        await asyncio.sleep(0.02)


async def _rounds(store: str, workers: int, rounds: int, clients: int) -> bool:
    table = Table("round", "answered", "5xx", "lost", "readiness said no", "ended after")
    failed = 0
    for number in range(1, rounds + 1):
        async with served(store, workers=workers) as server:
            seen, took, said_no = await told_to_stop(server, clients, after_s=0.5 + number % 5 / 10)
        errors = sum(count for status, count in seen.statuses.items() if status >= 500)
        failed += errors + len(seen.lost) + (not said_no) + (took > 15)
        answered = str(seen.statuses.total())
        table.add_row(str(number), answered, str(errors), str(len(seen.lost)), str(said_no), f"{took:.2f} s")
    Console(width=100).print(table)
    return failed == 0


def main(
    store: str = "sqlite",
    workers: int = 2,
    rounds: Annotated[int, typer.Option(min=1)] = 20,
    clients: Annotated[int, typer.Option(min=1)] = 16,
) -> None:
    raise typer.Exit(0 if asyncio.run(_rounds(store, workers, rounds, clients)) else 1)


if __name__ == "__main__":
    typer.run(main)
