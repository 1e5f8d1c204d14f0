"""Metrics for Prometheus. Where PROMETHEUS_MULTIPROC_DIR names a folder, several processes add up in it."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from application.ports.meters import Meters

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Has to be set before this module is imported: the library decides then how it counts."""

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OF_A_PROCESS = re.compile(r"gauge_\w+_(\d+)\.db")


class PrometheusMeters(Meters):
    """`in_flight` is how many requests are being answered by this process."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._registry = CollectorRegistry()
        self._folder = os.environ.get(FOLDER)
        self._read: list[tuple[Gauge, Callable[[], float]]] = []
        self._requests = Counter(
            "http_requests", "Requests that were answered", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "How long answers took",
            ["method", "route"],
            buckets=BOUNDS_S,
            registry=self._registry,
        )
        self._kept: dict[tuple[str, str | None, int], tuple[Counter, Histogram]] = {}
        self.gauge("http_requests_in_flight", "Requests that are being answered", lambda: self.in_flight)
        if not self._folder:
            ProcessCollector(registry=self._registry)

    def answered(self, method: str, template: str | None, status: int, seconds: float) -> None:
        """One request was; `template` is None where no route has its path."""
        found = self._kept.get((method, template, status))
        if found is None:
            found = self._kept[_key(method, template, status)] = self._labelled(method, template, status)
        found[0].inc()
        found[1].observe(seconds)

    def gauge(self, name: str, says: str, read: Callable[[], float]) -> None:
        gauge = Gauge(name, says, registry=self._registry, multiprocess_mode="livesum")
        self._read.append((gauge, read))

    def counter(self, name: str, says: str) -> Callable[[], None]:
        return Counter(name, says, registry=self._registry).inc

    async def sample(self) -> None:
        """Reads the gauges, so that another process may tell of them."""
        if self._folder:
            self._sample()

    def _sample(self) -> None:
        for gauge, read in self._read:
            gauge.set(read())

    def page(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        self._sample()
        if not self._folder:
            return generate_latest(self._registry)
        _forget_ended(Path(self._folder))
        shared = CollectorRegistry()
        MultiProcessCollector(shared, path=self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _labelled(self, method: str, template: str | None, status: int) -> tuple[Counter, Histogram]:
        method, route, _ = _key(method, template, status)
        return self._requests.labels(method, route, str(status)), self._seconds.labels(method, route)


def _key(method: str, template: str | None, status: int) -> tuple[str, str, int]:
    """Methods that nobody defined are one, and so are paths: labels may not grow with what is sent."""
    return method if method in _METHODS else "other", template or "none", status


def _forget_ended(folder: Path) -> None:
    """Gauges of processes that are no more; their counts stay."""
    for path in folder.glob("gauge_*.db"):
        found = _OF_A_PROCESS.fullmatch(path.name)
        if found and not _lives(int(found[1])):
            with suppress(OSError):
                path.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
