"""Who is next at a document, within this process.

The server would keep holders apart alone, but by refusing: 200 that wanted one document at once mostly failed, because
they kept it busy with being refused. In a queue all of them are served. What other processes want, the server decides.
"""

import asyncio
from collections.abc import Iterable
from weakref import WeakValueDictionary

from adapters.mongo.client import PATIENCE_S
from domain.errors import Conflict, Unavailable

Key = tuple[str, str]
"""A collection's name and an id."""

Queues = WeakValueDictionary[Key, asyncio.Lock]
"""There as long as anybody stands in them."""

LATER_S = 1.0
"""How long who has turns waits for more: perhaps for one that waits for them."""


class Turns:
    """The turns that one session has."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self._mine: dict[Key, asyncio.Lock] = {}

    async def take(self, keys: Iterable[Key]) -> None:
        """In order, so that none who take theirs at once wait for each other. Raises `Unavailable`, or `Conflict`
        where there were turns before."""
        before = bool(self._mine)
        try:
            async with asyncio.timeout(LATER_S if before else PATIENCE_S):
                for key in sorted(set(keys) - self._mine.keys()):
                    queue = self._queues.setdefault(key, asyncio.Lock())
                    await queue.acquire()
                    self._mine[key] = queue
        except TimeoutError as error:
            raise (Conflict if before else Unavailable) from error

    def give_back(self) -> None:
        while self._mine:
            self._mine.popitem()[1].release()
