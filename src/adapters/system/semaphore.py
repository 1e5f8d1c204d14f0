"""A semaphore for those who would rather be refused than wait for ever."""

import asyncio
from collections import deque


class Semaphore:
    """So many places, given in the order in which they were asked for. All who wait share one timer, as one for each
    would cost more than most of them wait."""

    def __init__(self, places: int, patience_s: float) -> None:
        self._free, self._patience_s = places, patience_s
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def acquire(self) -> float:
        """Answers how many seconds it took; release it. Raises `TimeoutError` after `patience_s`."""
        if self._free:
            self._free -= 1
            return 0.0
        loop = asyncio.get_running_loop()
        began, place = loop.time(), loop.create_future()
        self._waiting.append((began, place))
        if self._timer is None:
            self._timer = loop.call_later(self._patience_s, self._refuse)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled() and place.exception() is None:  # it was given at the same moment
                self.release()
            raise
        return loop.time() - began

    def release(self) -> None:
        while self._waiting:
            _, place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def _refuse(self) -> None:
        """Those who have waited for too long; the timer then is for whoever waits longest."""
        loop = asyncio.get_running_loop()
        self._timer = None
        while self._waiting:
            began, place = self._waiting[0]
            if not place.done() and loop.time() < began + self._patience_s:
                self._timer = loop.call_at(began + self._patience_s, self._refuse)
                return
            self._waiting.popleft()
            if not place.done():
                place.set_exception(TimeoutError())
