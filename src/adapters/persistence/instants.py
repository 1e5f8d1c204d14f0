"""Instants as whole milliseconds since 1970, UTC: what every store can keep without loss."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_milliseconds(value: datetime) -> int:
    return (value - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)
