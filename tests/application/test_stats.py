"""The dashboard: one counts for all who ask, and what was counted is never older than a minute."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from application.stats import ReadStats
from domain.stats import Part, Period
from tests.builders import NOON, FixedClock


class Slow:
    """Units whose figures take so many seconds of a clock that is set by hand."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.counted = seconds, 0.0, 0
        self.figures = SimpleNamespace(of=self._of)

    def open(self) -> Any:
        return self

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def _of(self, period: Period) -> Mapping[str, Part]:
        await asyncio.sleep(0)
        self.now += self.seconds
        self.counted += 1
        return {"number": self.counted}


async def test_many_who_ask_at_once_are_answered_by_one_counting() -> None:
    slow = Slow(0.5)
    read = ReadStats(slow, FixedClock(), lambda: slow.now)  # type: ignore[arg-type]

    found = await asyncio.gather(*(read() for _ in range(50)))

    assert slow.counted == 1
    assert {stats.parts["number"] for stats in found} == {1}


@pytest.mark.parametrize(("took", "kept"), [(0.001, 0.051), (0.5, 25.5), (10, 55)])
async def test_figures_are_kept_for_as_long_as_they_are_worth_and_less_than_a_minute(took: float, kept: float) -> None:
    slow = Slow(took)
    read = ReadStats(slow, FixedClock(), lambda: slow.now)  # type: ignore[arg-type]
    await read()
    slow.now = kept - 0.0005
    await read()
    assert slow.counted == 1

    slow.now = kept + 0.0005
    await read()

    assert slow.counted == 2


def test_today_begins_at_midnight_in_utc() -> None:
    period = Period.at(NOON)

    assert period == Period(datetime(2026, 3, 1, tzinfo=UTC), NOON - timedelta(days=30))
