"""Times, ids and text that the tests agree on."""

import itertools
from datetime import UTC, datetime, timedelta

from application.ports.clock import Clock
from application.ports.ids import Ids

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
MS = timedelta(milliseconds=1)
GREATEST = 2**53 - 1

NASTY = (
    "%", "_", "\\", ".", "*", "(", "[", "]", "'", '"', "\n", "$", "^", "{a,b}", "NULL", "null", "-", "a b", ":*",
    "$set", "a.b", "--", ";", "?", "+", "|", "&", "ß", "ſ", "\u0130", "\u212a", "ﬁ", "é", "日本", "😀", "\U0010ffff",
    "\ue000", "\x01", "\u2028",
)  # fmt: skip
"""Text that some store somewhere takes for something else."""


class FixedClock(Clock):
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> datetime:
        """By what `timedelta` takes; answers the new time."""
        self.now += timedelta(**delta)
        return self.now


class CountedIds(Ids):
    """UUIDv7s that ascend, the same ones each time; `series` keeps two of these apart."""

    def __init__(self, series: int = 0) -> None:
        self._prefix, self._numbers = f"{0x0197_0000_0000 + series:012x}", itertools.count(1)

    def __call__(self) -> str:
        return f"{self._prefix[:8]}-{self._prefix[8:]}-7000-8000-{next(self._numbers):012x}"


new_id = CountedIds()
numbers = itertools.count(1)
