"""The dashboard: exact figures, counted again when they were worth the counting."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from domain.stats import Part, Period

LONGEST_S = 55.0
"""A minute is what is promised, counting included."""

SHARE = 50
"""Figures are kept for so many times as long as counting them took: it is never more than a fiftieth of the work."""


@dataclass(frozen=True, slots=True)
class Stats:
    parts: Mapping[str, Part]
    generated_at: datetime


class ReadStats:
    """However many ask, one counts, and the others get what they found."""

    def __init__(self, units: Units, clock: Clock, now: Callable[[], float] = time.monotonic) -> None:
        self._units, self._clock, self._now = units, clock, now
        self._counting = asyncio.Lock()
        self._kept: Stats | None = None
        self._until = 0.0

    async def __call__(self) -> Stats:
        async with self._counting:
            if self._kept is None or self._now() >= self._until:
                began = self._now()
                self._kept = await self._counted()
                self._until = began + min(LONGEST_S, (1 + SHARE) * (self._now() - began))
            return self._kept

    async def _counted(self) -> Stats:
        at = self._clock()
        async with self._units.open() as unit:
            return Stats(await unit.figures.of(Period.at(at)), at)
