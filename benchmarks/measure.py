"""Rounds of one operation over all targets, interleaved, so that what else the machine does meets all of them."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks import rows
from benchmarks.load import Load, Report, reported
from benchmarks.operations import OPERATIONS, Asked, Operation
from benchmarks.servers import Server, Used, move_backends
from benchmarks.stores import Rows
from benchmarks.targets import Target

PROBES = 10
WARM_UP_S = 1
SLOW_S = 6
MANY = 100_000
BESIDE = 4
"""Connections of what goes on beside an operation."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One target's part of a round."""

    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    requests: int


@dataclass(frozen=True, slots=True)
class Process:
    """A server as a process: seconds to the first answer, resident memory then, and after `MANY` requests."""

    started_s: list[float]
    idle_mb: float
    used_mb: float | None


Samples = dict[str, list[Sample]]


class Bench:
    """Servers are started when an operation first needs them, and replaced once their rows have changed."""

    def __init__(
        self, targets: Sequence[Target], data: Rows, folder: Path, *, secs: int, rounds: int, conns: int
    ) -> None:
        self._targets, self._data, self._folder = targets, data, folder
        self._secs, self._rounds, self._conns = secs, rounds, conns
        self._running: dict[tuple[str, int], Server] = {}

    def measure(self, operation: Operation) -> Samples:
        """Raises `SystemExit` where an answer is not a good one: a figure of wrong answers is none."""
        samples: Samples = {target.name: [] for target in self._targets}
        loads: dict[str, Load] = {}
        sizes: dict[str, float] = {}
        try:
            for target in self._targets:
                server = self._server(target, operation.count)
                loads[target.name] = self._load(server, operation)
                sizes[target.name] = self._warm(server, operation, loads[target.name])
            for number in range(self._rounds):
                for target in self._targets[:: -1 if number % 2 else 1]:
                    server = self._server(target, operation.count)
                    report, cpu_s = self._run(server, operation, loads[target.name])
                    self._require_sound(operation, server, report, sizes[target.name])
                    samples[target.name].append(_sample(report, cpu_s))
        finally:
            for load in loads.values():
                load.close()
            if operation.writes:
                self._retire(operation.count)
        return samples

    def processes(self, *, used: bool) -> dict[str, Process]:
        """Start-up, and memory before and after many requests."""
        started: dict[str, list[float]] = {target.name: [] for target in self._targets}
        idle: dict[str, float] = {}
        for _ in range(self._rounds):
            for target in self._targets:
                with self._alone(target) as server:
                    started[target.name].append(server.started_s)
                    idle[target.name] = server.rss_mb()
        grown = {target.name: self._grown(target) if used else None for target in self._targets}
        return {name: Process(times, idle[name], grown[name]) for name, times in started.items()}

    def close(self) -> None:
        for server in self._running.values():
            server.stop()
        self._running.clear()

    def _grown(self, target: Target) -> float:
        with self._alone(target) as server:
            load, sent = self._load(server, OPERATIONS["get"]), 0
            while sent < MANY:
                sent += load.run(self._secs * 2, self._conns).requests
            load.close()
            return server.rss_mb()

    @contextmanager
    def _alone(self, target: Target) -> Iterator[Server]:
        url = self._data.copy(target.speaks, rows.SMALL)
        server = Server(target, url, self._folder)
        try:
            yield server
        finally:
            server.stop()
            self._data.drop(url)

    def _server(self, target: Target, count: int) -> Server:
        key = target.name, count
        if key not in self._running:
            self._running[key] = Server(target, self._data.copy(target.speaks, count), self._folder)
        return self._running[key]

    def _retire(self, count: int) -> None:
        for key in [key for key in self._running if key[1] == count]:
            server = self._running.pop(key)
            server.stop()
            self._data.drop(server.url)

    def _load(self, server: Server, operation: Operation) -> Load:
        asked = Asked(server.target.speaks, operation.count, server.host)
        return Load(operation.plan(asked), server.host, self._folder)

    def _warm(self, server: Server, operation: Operation, load: Load) -> float:
        """Looks at some answers; answers how long they are in the middle."""
        answers = load.samples(PROBES)
        for answer in answers:
            complaint = operation.complaint(server.target.speaks, answer)
            if complaint:
                raise SystemExit(f"{server.target.name}, {operation.name}: {complaint}")
        if not operation.slow:
            load.run(WARM_UP_S, operation.connections or self._conns)
        if server.url.startswith("postgresql:"):
            move_backends(urlsplit(server.url).path.strip("/"))
        return median(len(answer.body) for answer in answers)

    def _run(self, server: Server, operation: Operation, load: Load) -> tuple[Report, float]:
        """What the load says, and the seconds of CPU that it took the server."""
        with self._beside(server, operation):
            used = Used.since_now(server)
            report = load.run(self._seconds(operation), operation.connections or self._conns)
            cpu_s = used.seconds()
        if operation.slow:
            server.settle()
        return report, cpu_s

    def _seconds(self, operation: Operation) -> int:
        return max(self._secs, SLOW_S) if operation.slow else self._secs

    @contextmanager
    def _beside(self, server: Server, operation: Operation) -> Iterator[None]:
        if operation.beside is None:
            yield
            return
        load = self._load(server, OPERATIONS[operation.beside])
        running: subprocess.Popen[str] = load.begin(self._seconds(operation) + 2, BESIDE)
        time.sleep(1)
        try:
            yield
        finally:
            reported(running)
            load.close()

    def _require_sound(self, operation: Operation, server: Server, report: Report, size: float) -> None:
        """All answered, none refused, and none cut short: together they are about as long as the ones looked at."""
        if report.refused or report.broken or report.bytes < report.requests * size / 2 or not report.requests:
            raise SystemExit(f"{server.target.name}, {operation.name}: {report}\n{server.said()}")


def _sample(report: Report, cpu_s: float) -> Sample:
    return Sample(report.rps, report.p50_ms, report.p99_ms, cpu_s / report.requests * 1e6, report.requests)
