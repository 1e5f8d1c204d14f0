import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from weakref import WeakSet

from application.ports.wake import Bell, Wake


class EventBell(Bell):
    def __init__(self) -> None:
        self._rang = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rang.wait()
        rang = self._rang.is_set()
        self._rang.clear()
        return rang

    def ring(self) -> None:
        self._rang.set()


class ProcessWake(Wake):
    """Among the tasks of one event loop."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, WeakSet[EventBell]] = defaultdict(WeakSet)
        self._followers: dict[str, list[Callable[[Sequence[str]], None]]] = {}

    def ring(self, collection: str, ids: Sequence[str] = ()) -> None:
        for bell in self._bells.get(collection, ()):
            bell.ring()
        if ids:
            for heard in self._followers.get(collection, ()):
                heard(ids)

    def bell(self, collection: str) -> EventBell:
        bell = EventBell()
        self._bells[collection].add(bell)
        return bell

    def follow(self, collection: str, heard: Callable[[Sequence[str]], None]) -> None:
        self._followers.setdefault(collection, []).append(heard)
