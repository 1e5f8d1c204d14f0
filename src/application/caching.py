"""Reading by way of the cache: however many ask for what is not there, the store is asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field

from application.ports.cache import Cache
from application.ports.meters import Meters

SHOWN = frozenset({"items", "posts", "comments", "users"})
"""The collections that kept answers are about; a change of any other is nobody's business here."""

Load = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Counts:
    hit: Callable[[], None]
    miss: Callable[[], None]
    load: Callable[[], None]

    @classmethod
    def of(cls, meters: Meters) -> "Counts":
        return cls(
            meters.counter("cache_hits_total", "Answers that were kept"),
            meters.counter("cache_misses_total", "Answers that could be kept and were not there"),
            meters.counter("cache_loads_total", "Answers that the store was asked for, to be kept"),
        )


@dataclass(frozen=True, slots=True)
class Caching:
    """Who comes while somebody loads is told the same, but not by a load that began before a change they may know of:
    that is of another state.
    """

    cache: Cache
    counts: Counts
    _loading: dict[tuple[str, Hashable], "asyncio.Task[bytes]"] = field(default_factory=dict)

    async def __call__(self, key: str, about: Sequence[str], load: Load) -> bytes:
        """What is kept under `key`, or what `load` answers, which then is kept. Raises what `load` raises."""
        value, state = await self.cache.get(key, about)
        if value is not None:
            self.counts.hit()
            return value
        self.counts.miss()
        loading = self._loading.get((key, state))
        if loading is None:
            loading = self._loading[key, state] = asyncio.create_task(self._loaded(key, state, load))
            loading.add_done_callback(lambda task: self._ended((key, state), task))
        return await asyncio.shield(loading)  # whoever goes away takes nothing from those who wait with them

    async def _loaded(self, key: str, state: Hashable, load: Load) -> bytes:
        self.counts.load()
        value = await load()
        await self.cache.put(key, value, state)
        return value

    def _ended(self, which: tuple[str, Hashable], task: "asyncio.Task[bytes]") -> None:
        del self._loading[which]
        if not task.cancelled():
            task.exception()  # looked at, as those who waited may have gone
