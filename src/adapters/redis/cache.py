"""Answers that several processes keep together, in Redis: one round trip to look, one to keep, one to forget.

Beside an answer stands how each name that it is about stood when it began to be read: a mark, which whoever changes the
thing replaces. So an answer that was read before a change and comes after it is never found.
"""

import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from typing import Any, cast

from redis.asyncio import Redis

from adapters.memory.changes import Changes
from adapters.redis.asking import Asking
from application.ports.cache import LARGEST, Cache, Found

PREFIX = "portico:cache:"
LONGEST_LOAD_S = 10.0
"""By then whoever had begun to read has put what they read, or was refused."""


class RedisCache(Cache):
    """`scope` keeps apart those who share a Redis and not a store. Where Redis is away nothing is kept; `said` hears
    of it, once each time that it begins.

    Who could not tell Redis of a change reads nothing from there until all that was kept by then is too old.
    """

    def __init__(
        self,
        redis: Redis,
        ttl_s: float,
        scope: str,
        said: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis, self._ttl_s, self._prefix, self._now = redis, ttl_s, f"{PREFIX}{scope}:", monotonic
        self._asked = Asking(said, monotonic)
        self._changes = Changes()
        self._deaf_until = float("-inf")

    async def get(self, key: str, about: Sequence[str]) -> Found:
        own = self._changes.latest(about)
        if self._now() < self._deaf_until:
            return Found(None, (own, None))
        names = [self._prefix + key, *map(self._mark, about)]
        found = await self._asked(lambda: cast(Awaitable[Any], self._redis.mget(names)))
        if found is None:
            return Found(None, (own, None))
        kept, marks = found[0], b" ".join(mark or b"-" for mark in found[1:]) + b"\n"
        value = kept[len(marks) :] if kept is not None and kept.startswith(marks) else None
        return Found(value, (own, marks))

    async def put(self, key: str, value: bytes, state: Hashable) -> None:
        marks = cast(tuple[int, bytes | None], state)[1]
        if marks is None or len(value) > LARGEST or self._now() < self._deaf_until:
            return
        await self._asked(lambda: self._redis.set(self._prefix + key, marks + value, px=_ms(self._ttl_s)))

    async def forget(self, changed: Collection[str]) -> None:
        self._changes.note(changed)
        heard = None
        try:
            heard = await self._asked(lambda: self._marked(changed))
        finally:
            if heard is None:
                self._deaf_until = self._now() + self._ttl_s + LONGEST_LOAD_S

    async def _marked(self, changed: Collection[str]) -> Any:
        """Each with a mark that no other change has; it outlives all that was kept by the one before it."""
        mark, px = secrets.token_hex(8), _ms(self._ttl_s + LONGEST_LOAD_S)
        pipeline = self._redis.pipeline(transaction=False)
        for name in changed:
            pipeline.set(self._mark(name), mark, px=px)
        return await pipeline.execute()

    def _mark(self, name: str) -> str:
        return f"{self._prefix}changed:{name}"


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
