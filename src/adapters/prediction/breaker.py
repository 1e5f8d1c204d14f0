"""A circuit breaker: after a row of failures nobody waits for what does not answer, until one call in a while does."""

from collections.abc import Callable

FAILURES = 5
OPEN_S = 10.0


class Breaker:
    """`now` counts seconds."""

    def __init__(self, now: Callable[[], float], failures: int = FAILURES, open_s: float = OPEN_S) -> None:
        self._now, self._most, self._open_s = now, failures, open_s
        self._failures = 0
        self._tries_at = 0.0

    @property
    def lets_through(self) -> bool:
        """While it is open, one call at a time is let through to see whether things are well again."""
        if self._failures < self._most:
            return True
        if self._now() < self._tries_at:
            return False
        self._tries_at = self._now() + self._open_s
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._tries_at = self._now() + self._open_s
