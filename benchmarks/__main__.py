"""`python -m benchmarks`: Portico beside endpoints written by hand, on one store. docs/performance.md explains it."""

import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from benchmarks import chart, machine, report
from benchmarks.measure import Bench, Process, Samples
from benchmarks.operations import OPERATIONS, Operation, named
from benchmarks.stores import STORES, WORK, Rows, rows_of
from benchmarks.targets import baselines, checkout, portico

PROCESS_OPERATIONS = ("startup", "rss")
ON_DEMAND = ("rss", "list50_cursor")
"""What takes long and tells little more."""

console = Console(soft_wrap=True, markup=False, highlight=False, record=True)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    store: Annotated[str, typer.Option(help=f"One of {', '.join(STORES)}")] = "sqlite",
    ops: Annotated[str, typer.Option(help="Separated by commas; NAME@120k is NAME on 120,000 items")] = "",
    rounds: Annotated[
        int, typer.Option(help="How often each target is measured; even, so that none is first more often", min=1)
    ] = 4,
    secs: Annotated[int, typer.Option(help="How long each time", min=1)] = 2,
    conns: Annotated[int, typer.Option(help="Connections at once", min=1)] = 32,
    also: Annotated[Path | None, typer.Option(help="Another checkout of Portico, in place of the baseline")] = None,
    out: Annotated[Path, typer.Option(help="Folder for STORE.md, STORE.json and STORE.svg")] = WORK / "results",
) -> None:
    """Compare Portico with the same endpoints written by hand."""
    machine.require_linux()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers and databases are cleared away
    if store not in STORES:
        raise typer.BadParameter(f"one of {', '.join(STORES)}", param_hint="--store")
    usual = [name for name in (*OPERATIONS, *PROCESS_OPERATIONS) if name not in ON_DEMAND]
    wanted = ops.split(",") if ops else usual
    operations = _operations([name for name in wanted if name not in PROCESS_OPERATIONS])
    others = [checkout(also)] if also else baselines(store)
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=WORK) as folder:
        data = rows_of(store, Path(folder))
        bench = Bench([*others, portico(store)], data, Path(folder), secs=secs, rounds=rounds, conns=conns)
        about = {"store": store, "rounds": rounds, "secs": secs, "conns": conns, **_environment(data)}
        try:
            samples = _measured(bench, operations, [other.name for other in others])
            processes = _processes(bench, wanted)
        finally:
            try:
                bench.close()
            finally:
                data.close()
    out.mkdir(parents=True, exist_ok=True)
    kept = report.as_json(samples, processes, **about)
    (out / f"{store}.json").write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))
    if others and samples:
        title = f"Requests a second on {store}: Portico beside {others[0].name.partition(',')[0]}"
        (out / f"{store}.svg").write_text(chart.drawn(samples, [other.name for other in others], title=title))
    (out / f"{store}.md").write_text(console.export_text())
    console.print(f"\n{out / store}.*")


def _operations(names: list[str]) -> list[Operation]:
    try:
        return [named(name) for name in names]
    except KeyError as unknown:
        known = ", ".join([*OPERATIONS, *PROCESS_OPERATIONS])
        raise typer.BadParameter(f"{unknown.args[0]} is none of {known}", param_hint="--ops") from None


def _environment(data: Rows) -> dict[str, str]:
    found = {**machine.described(), **data.about()}
    console.print("; ".join(f"{name} {value}" for name, value in found.items()) + "\n")
    return found


def _measured(bench: Bench, operations: list[Operation], others: list[str]) -> dict[str, Samples]:
    found: dict[str, Samples] = {}
    if operations:
        console.print(report.head())
    for operation in operations:
        found[operation.name] = bench.measure(operation)
        console.print("\n".join(report.lines(operation.name, found[operation.name], others)))
    return found


def _processes(bench: Bench, wanted: list[str]) -> dict[str, Process]:
    if not set(PROCESS_OPERATIONS).intersection(wanted):
        return {}
    found = bench.processes(used="rss" in wanted)
    console.print("\n" + "\n".join(report.process_lines(found)))
    return found


if __name__ == "__main__":
    app()
