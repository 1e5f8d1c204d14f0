"""What is shown of the figures: a line for each target of an operation, the same in JSON, and a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.measure import MANY, Process, Sample, Samples

HEAD = ("operation", "target", "requests/s", "p50 ms", "p99 ms", "CPU µs", "ratio", "(spread)", "CPU ratio")
_WIDTHS = (-18, -15, 10, 7, 7, 7, 5, 13, 9)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Requests a second beside the reference's of the same round: the middle one, the least and the most."""

    middle: float
    least: float
    most: float
    cpu: float


def reference(samples: Samples, others: Sequence[str]) -> str | None:
    """The fastest of those that Portico is compared with."""
    return max(others, key=lambda name: median(sample.rps for sample in samples[name]), default=None)


def ratio(own: Sequence[Sample], other: Sequence[Sample]) -> Ratio:
    ratios = sorted(a.rps / b.rps for a, b in zip(own, other, strict=True))
    cpu = median(sample.cpu_us for sample in own) / max(1e-9, median(sample.cpu_us for sample in other))
    return Ratio(median(ratios), ratios[0], ratios[-1], cpu)


def head() -> str:
    return f"{_line(HEAD)}\n{_line(['-' * abs(width) for width in _WIDTHS])}"


def lines(operation: str, samples: Samples, others: Sequence[str]) -> list[str]:
    best = reference(samples, others)
    return [_line((operation, *_cells(name, own, samples, best))) for name, own in samples.items()]


def _cells(name: str, own: Sequence[Sample], samples: Samples, best: str | None) -> list[str]:
    def middle(field: str) -> float:
        return float(median(getattr(sample, field) for sample in own))

    latencies = [f"{middle(field):.2f}" for field in ("p50_ms", "p99_ms")]
    cells = [name, f"{middle('rps'):.0f}", *latencies, f"{middle('cpu_us'):.0f}"]
    if best is None or name == best:
        return [*cells, "", "", ""]
    found = ratio(own, samples[best])
    return [*cells, f"{found.middle:.2f}", f"({found.least:.2f}-{found.most:.2f})", f"{found.cpu:.2f}"]


def process_lines(processes: Mapping[str, Process]) -> list[str]:
    title = ("target", "start-up s", "idle MB", f"MB after {MANY:,} requests")
    found = ["| " + " | ".join(title) + " |", "| --- | ---: | ---: | ---: |"]
    for name, process in processes.items():
        used = "" if process.used_mb is None else f"{process.used_mb:.0f}"
        found.append(f"| {name} | {median(process.started_s):.2f} | {process.idle_mb:.0f} | {used} |")
    return found


def as_json(samples: Mapping[str, Samples], processes: Mapping[str, Process], **about: Any) -> dict[str, Any]:
    operations = {
        operation: {name: [asdict(sample) for sample in own] for name, own in targets.items()}
        for operation, targets in samples.items()
    }
    return {**about, "operations": operations, "processes": {name: asdict(each) for name, each in processes.items()}}


def _line(cells: Sequence[str]) -> str:
    padded = (
        cell.ljust(-width) if width < 0 else cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=True)
    )
    return f"| {' | '.join(padded)} |"
