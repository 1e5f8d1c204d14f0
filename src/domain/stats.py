"""Figures for a dashboard."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

Part = Mapping[str, int] | int
"""A number, or several of one area by their names."""


@dataclass(frozen=True, slots=True)
class Period:
    """The instants from which on something is of today (in UTC) and of the last thirty days."""

    today: datetime
    last_30_days: datetime

    @classmethod
    def at(cls, now: datetime) -> "Period":
        return cls(now.replace(hour=0, minute=0, second=0, microsecond=0), now - timedelta(days=30))


class Figures(Protocol):
    """Sums and counts over everything there is."""

    @abstractmethod
    async def of(self, period: Period) -> Mapping[str, Part]:
        """All parts by their names; amounts of money in minor units."""
