"""Whether there are traces. Without an endpoint nothing of OpenTelemetry's SDK is imported."""

from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.telemetry.traces import OtlpTraces

_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


class NoTraces(ValueError):
    """Traces are wanted, and what they need is not installed."""


def require_traces(endpoint: str | None) -> None:
    """Raises `NoTraces`."""
    if endpoint is not None and not all(_is_there(name) for name in _NEEDED):
        raise NoTraces("OTEL_EXPORTER_OTLP_ENDPOINT needs the extra: pip install 'portico[otel]'")


def open_traces(endpoint: str | None) -> "OtlpTraces | None":
    """Raises `NoTraces`."""
    require_traces(endpoint)
    if endpoint is None:
        return None
    from adapters.telemetry.traces import OtlpTraces

    return OtlpTraces(endpoint, version("portico"))


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
