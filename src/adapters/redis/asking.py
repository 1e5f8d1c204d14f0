"""Asking a Redis that may be away: nobody waits for it long, and after it did not answer nobody does for a while."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import RedisError

PAUSE_S = 1.0
"""How long Redis is not asked again after it did not answer: then each request costs what it does without Redis."""


class Asking:
    """`said` hears that it is away, once each time that it begins."""

    __slots__ = ("_away_until", "_is_away", "_now", "_said")

    def __init__(self, said: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._said, self._now = said, monotonic
        self._away_until = float("-inf")
        self._is_away = False

    async def __call__(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """None where there is no answer."""
        if self._now() < self._away_until:
            return None
        try:
            found = await question()
        except (RedisError, OSError) as error:
            self._away_until = self._now() + PAUSE_S
            if not self._is_away:
                self._is_away = True
                self._said(type(error).__name__)
            return None
        self._is_away = False
        return found
