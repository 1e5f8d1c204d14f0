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


class Queue:
    """Those that want one document; whoever has it is `first`."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.first: Turns | None = None


Queues = WeakValueDictionary[Key, Queue]
"""A queue is there as long as anybody stands in it."""


class Turns:
    """The turns that one session has, and what it waits for."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self._mine: dict[Key, Queue] = {}
        self._wanted: Queue | None = None

    async def take(self, keys: Iterable[Key]) -> None:
        """In order, so that none who take theirs at once wait for each other. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                for key in sorted(set(keys) - self._mine.keys()):
                    await self._take(key, self._queues.setdefault(key, Queue()))
        except TimeoutError as error:
            raise Unavailable from error

    def has_to_wait(self, keys: Iterable[Key]) -> bool:
        queues = (self._queues.get(key) for key in set(keys) - self._mine.keys())
        return any(queue is not None and queue.lock.locked() for queue in queues)

    def give_back(self) -> None:
        while self._mine:
            queue = self._mine.popitem()[1]
            queue.first = None
            queue.lock.release()

    async def _take(self, key: Key, queue: Queue) -> None:
        """Raises `Conflict` where all would wait for each other: one has to start over."""
        if self._is_waited_for_by(queue.first):
            raise Conflict
        self._wanted = queue
        try:
            await queue.lock.acquire()
        finally:
            self._wanted = None
        queue.first, self._mine[key] = self, queue

    def _is_waited_for_by(self, other: "Turns | None") -> bool:
        while other is not None and other is not self:
            other = other._wanted.first if other._wanted else None
        return other is not None
