"""What is asked at the same moment is put to the store as one question (the pattern of DataLoader)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Batched(Generic[K, V]):
    """`read` answers for many keys and leaves out what is not there; each who asks for one gets it, None, or the error.

    The same moment is one turn of the event loop: nobody waits for others to come, or for what was asked before them.
    """

    def __init__(self, read: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._read = read
        self._asked: dict[K, asyncio.Future[V | None]] = {}
        self._readings: set[asyncio.Task[None]] = set()

    async def __call__(self, key: K) -> V | None:
        answer = self._asked.get(key)
        if answer is None:
            loop = asyncio.get_running_loop()
            if not self._asked:
                loop.call_soon(self._begin)
            answer = self._asked[key] = loop.create_future()
        return await asyncio.shield(answer)  # others may wait for it too

    def _begin(self) -> None:
        asked, self._asked = self._asked, {}
        reading = asyncio.create_task(self._answer(asked))
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)

    async def _answer(self, asked: Mapping[K, "asyncio.Future[V | None]"]) -> None:
        try:
            found = await self._read(asked)
        except Exception as error:  # noqa: BLE001 - it is theirs who asked
            for answer in asked.values():
                answer.set_exception(error)
                answer.exception()  # it is no fault that nobody waits any more
        else:
            for key, answer in asked.items():
                answer.set_result(found.get(key))
        finally:
            for answer in asked.values():
                answer.cancel()
