"""Answers kept in this process. All live as long as each other, so the oldest is always the first to go."""

import time
from collections.abc import Callable, Collection, Hashable, Sequence

from adapters.memory.changes import Changes
from application.ports.cache import LARGEST, Cache, Found

MOST = 64 * LARGEST
"""Bytes of all that is kept."""

BESIDE = 500
"""Bytes that something kept takes beside its value."""


class MemoryCache(Cache):
    def __init__(self, ttl_s: float, most: int = MOST, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ttl_s, self._most, self._now = ttl_s, most, monotonic
        self._kept: dict[str, tuple[float, Hashable, bytes]] = {}
        self._size = 0
        self._changes = Changes()

    async def get(self, key: str, about: Sequence[str]) -> Found:
        state = self._changes.latest(about)
        kept = self._kept.get(key)
        if kept is None or kept[1] != state or kept[0] <= self._now():
            return Found(None, state)
        return Found(kept[2], state)

    async def put(self, key: str, value: bytes, state: Hashable) -> None:
        if len(value) > LARGEST:
            return
        if key in self._kept:
            self._drop(key)
        self._kept[key] = self._now() + self._ttl_s, state, value
        self._size += len(value) + BESIDE
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    async def forget(self, changed: Collection[str]) -> None:
        self._changes.note(changed)

    def _drop(self, key: str) -> None:
        self._size -= len(self._kept.pop(key)[2]) + BESIDE
