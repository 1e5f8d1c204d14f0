"""`python -m benchmarks.profiling`: where Portico's event loop spends its time on one operation."""

import os
import pstats
import signal
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import machine
from benchmarks.load import Load
from benchmarks.operations import Asked, named
from benchmarks.servers import Server
from benchmarks.stores import ROOT, WORK, rows_of
from benchmarks.targets import portico

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class Spent:
    """One function: calls, and microseconds of its own and with what it calls, for one request."""

    where: str
    calls: float
    own_us: float
    all_us: float


@app.command()
def main(
    op: Annotated[str, typer.Option(help="The operation")] = "get",
    store: Annotated[str, typer.Option(help="On which store")] = "sqlite",
    requests: Annotated[int, typer.Option(help="At least so many", min=1)] = 5_000,
    top: Annotated[int, typer.Option(help="How many functions to show", min=1)] = 40,
    by: Annotated[str, typer.Option(help="own or all: without or with what a function calls")] = "own",
) -> None:
    """Profile the event loop's thread under cProfile, which makes small functions look dearer than they are."""
    machine.require_linux()
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="profile-", dir=WORK) as folder:
        seen, count = _profiled(op, store, requests, Path(folder))
    spent = sorted(_spent(seen, count), key=lambda each: each.own_us if by == "own" else each.all_us, reverse=True)
    total = sum(each.own_us for each in spent)
    typer.echo(f"{op} on {store}: {count} requests, {total:.0f} µs each under the profiler\n")
    typer.echo(f"{'own µs':>8} {'all µs':>8} {'calls':>7}  where")
    for each in spent[:top]:
        typer.echo(f"{each.own_us:8.1f} {each.all_us:8.1f} {each.calls:7.1f}  {each.where}")


def _profiled(op: str, store: str, requests: int, folder: Path) -> tuple[pstats.Stats, int]:
    """What was seen, and of how many requests."""
    operation, target, path = named(op), portico(store, profiled=True), folder / "profile"
    target = replace(target, settings={**target.settings, "PROFILE": str(path)})
    data = rows_of(store, folder)
    try:
        server = Server(target, data.copy("portico", operation.count), folder)
        try:
            load = Load(operation.plan(Asked("portico", operation.count, server.host)), server.host, folder)
            load.run(1, CONNECTIONS)
            os.kill(server.process.pid, signal.SIGUSR1)
            count = 0
            while count < requests:
                count += load.run(2, CONNECTIONS).requests
            os.kill(server.process.pid, signal.SIGUSR1)
            _await(path)
        finally:
            server.stop()
    finally:
        data.close()
    return pstats.Stats(str(path)), count


def _await(path: Path) -> None:
    for _ in range(100):
        if path.exists() and path.stat().st_size:
            time.sleep(0.2)
            return
        time.sleep(0.1)
    raise SystemExit("the server wrote no profile")


def _spent(seen: pstats.Stats, requests: int) -> list[Spent]:
    found: dict[Any, Any] = seen.stats  # type: ignore[attr-defined]
    return [
        Spent(_where(*place), calls / requests, own / requests * 1e6, whole / requests * 1e6)
        for place, (_, calls, own, whole, _) in found.items()
    ]


def _where(file: str, line: int, function: str) -> str:
    """Our own files from src on, others from their package on."""
    short = file.replace(f"{ROOT}/src/", "").rpartition("site-packages/")[2]
    return function if file == "~" else f"{short}:{line} {function}"


if __name__ == "__main__":
    app()
