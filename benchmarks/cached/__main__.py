"""`python -m benchmarks.cached [STORE]`: what nobody in particular asks, with the cache and without it.

`missing` keeps everything for a millisecond, so it is never there again: that is what a miss costs. `redis` is measured
where TEST_REDIS_URL names one.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks import machine, rows
from benchmarks.load import Request
from benchmarks.measure import Bench, Samples
from benchmarks.operations import PLANNED, SIZE, Asked, Operation
from benchmarks.stores import ROOT, WORK, rows_of
from benchmarks.targets import Target, checkout

ROUNDS, SECONDS, CONNECTIONS = 4, 2, 32


def _get(asked: Asked) -> Sequence[Request]:
    return [Request(f"{asked.items}/{row.id}") for row in rows.sample(asked.count, PLANNED)]


def _list50(asked: Asked) -> Sequence[Request]:
    return [Request(f"{asked.items}?page={number}&size={SIZE}") for number in range(1, rows.SMALL // SIZE + 1)]


OPERATIONS = (Operation("get", _get), Operation("list50", _list50, size=SIZE))


def main(store: str) -> None:
    machine.require_linux()
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=WORK) as folder:
        data, off = rows_of(store, Path(folder)), checkout(ROOT)
        targets = [_target(off, "off"), _target(off, "on", "60"), _target(off, "missing", "0.001")]
        if redis := os.environ.get("TEST_REDIS_URL"):
            limits_off = {"REDIS_URL": redis, "RATE_LIMIT_ENABLED": "false"}
            targets += [_target(off, "redis, off", **limits_off), _target(off, "redis, on", "60", **limits_off)]
        bench = Bench(targets, data, Path(folder), secs=SECONDS, rounds=ROUNDS, conns=CONNECTIONS)
        try:
            samples = {operation.name: bench.measure(operation) for operation in OPERATIONS}
        finally:
            bench.close()
            data.close()
    for name, found in samples.items():
        Console().print(_table(f"{store}, {name}", found))


def _target(off: Target, name: str, ttl_s: str = "0", **more: str) -> Target:
    return replace(off, name=name, settings={**off.settings, "CACHE_TTL_S": ttl_s, **more})


def _table(title: str, samples: Samples) -> Table:
    """A ratio is of one round, to the same without the cache."""
    table = Table("", "a second", "CPU us", "ratio (least - most)", "CPU ratio", title=title)
    for name, found in samples.items():
        without = samples["redis, off" if name.startswith("redis") else "off"]
        ratios = [each.rps / other.rps for each, other in zip(found, without, strict=True)]
        cpu = median(each.cpu_us / other.cpu_us for each, other in zip(found, without, strict=True))
        figures = (f"{median(each.rps for each in found):.0f}", f"{median(each.cpu_us for each in found):.0f}")
        table.add_row(name, *figures, f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})", f"{cpu:.2f}")
    return table


if __name__ == "__main__":
    main(*sys.argv[1:] or ["sqlite"])
