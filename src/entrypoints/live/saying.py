"""What this worker says of who is connected to it: at once where that changes, and again before it is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from application.ports.bus import Bus
from application.rooms.channels import LOOK, channel
from application.rooms.presence import Present
from entrypoints.live.rechecks import parts

AGAIN_S = 5.0
PATIENCE_S = 2.0


class Sayings:
    """What changes while one write is under way is said in the next, however much it is."""

    def __init__(self, report: Callable[[str, list[Present]], Awaitable[None]], worker_id: str, bus: Bus) -> None:
        self._report, self._worker, self._bus = report, worker_id, bus
        self._unsaid: dict[str, Present] = {}
        self._news = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._again_at = 0.0

    def change(self, present: Present) -> None:
        self._unsaid[present.id] = present
        self._news.set()

    async def said(self) -> None:
        """Until what has changed so far is in the store; not for long, where the store is slow."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await waiting

    async def say(self, everybody: Callable[[], Iterable[Present]]) -> None:
        """The next of it, once there is something to say. Raises `Unavailable`; what was not said is said later."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._again_at):
                await self._news.wait()
        await self.flush(everybody)

    async def flush(self, everybody: Callable[[], Iterable[Present]] = tuple) -> None:
        self._news.clear()
        unsaid, self._unsaid = self._unsaid, {}
        waiting, self._waiting = self._waiting, []
        now = asyncio.get_running_loop().time()
        again = now >= self._again_at
        present = {each.id: each for each in everybody()} | unsaid if again else unsaid
        try:
            for several in parts(present.values()):
                await self._report(self._worker, several)
        except BaseException:
            self._unsaid = unsaid | self._unsaid
            self._news.set()
            raise
        finally:
            for each in waiting:
                if not each.done():
                    each.set_result(None)
        if again:
            self._again_at = now + AGAIN_S
        for room_id in {each.room_id for each in unsaid.values()}:
            self._bus.publish(channel(room_id), LOOK)
