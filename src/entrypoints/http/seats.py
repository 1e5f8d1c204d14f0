"""How many streams each person has open, over all workers, and who may not open another."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from application.events.listeners import seats
from application.ports.ids import Ids
from application.rooms.presence import Present
from domain.errors import Refusal
from entrypoints.http.problems import HttpRefusal

MOST_STREAMS = 5
AGAIN_S = 2.0
"""How often it is said again what is open here: it is not believed for ever."""

MANY = 500
PATIENCE_S, LOOK_S = 1.0, 0.05
"""Who ends a stream and opens one at once is not refused because another worker has yet to hear of the end."""


class TooManyStreams(HttpRefusal):
    status, code = 429, "too_many_streams"
    detail = f"At most {MOST_STREAMS} streams a person; end one first."


class Streams:
    """`alone` says that no other process has this store: then there is nobody to be told, or to be asked."""

    def __init__(
        self,
        *,
        take: Callable[[str, Present, int], Awaitable[bool]],
        report: Callable[[str, list[Present]], Awaitable[None]],
        new_id: Ids,
        alone: bool,
    ) -> None:
        self._take, self._report, self._new_id, self._alone = take, report, new_id, alone
        self._worker = secrets.token_hex(8)
        self._open: Counter[str] = Counter()
        self._ids: dict[str, str] = {}
        self._unsaid: set[str] = set()
        self._news, self._saying = asyncio.Event(), asyncio.Lock()
        self._again_at = 0.0

    async def enter(self, person: str) -> Callable[[], None]:
        """Answers what ends it; that is harmless when repeated. Raises `TooManyStreams`."""
        until = asyncio.get_running_loop().time() + PATIENCE_S
        while not await self._entered(person):
            if self._alone or asyncio.get_running_loop().time() > until:
                raise TooManyStreams(headers={"Retry-After": "2"})
            await asyncio.sleep(LOOK_S)
        inside = [person]
        return lambda: self._leave(inside.pop()) if inside else None

    async def say(self) -> None:
        """The next of what has changed, once there is something to say. What is not said now is said later."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._again_at):
                await self._news.wait()
        now = asyncio.get_running_loop().time()
        if now >= self._again_at:
            self._again_at = now + AGAIN_S
            self._unsaid.update(self._open)
        await self._said()

    async def stop(self) -> None:
        with suppress(Refusal):
            await self._said()  # what is not taken back now is not believed for long

    async def _entered(self, person: str) -> bool:
        async with self._saying:
            if self._open[person] >= MOST_STREAMS:
                return False
            if not self._alone and not await self._take(
                self._worker, self._seats(person, self._open[person] + 1), MOST_STREAMS
            ):
                return False
            self._open[person] += 1
            return True

    def _leave(self, person: str) -> None:
        self._open[person] -= 1
        if not self._open[person]:
            del self._open[person]
        if not self._alone:
            self._unsaid.add(person)
            self._news.set()

    async def _said(self) -> None:
        async with self._saying:
            self._news.clear()
            while self._unsaid:
                await self._say_of(list(self._unsaid)[:MANY])

    async def _say_of(self, some: list[str]) -> None:
        self._unsaid.difference_update(some)  # before it is said: who leaves meanwhile is to be said again
        said = [self._seats(each, self._open[each]) for each in some]
        try:
            await self._report(self._worker, said)
        except BaseException:
            self._unsaid.update(some)
            raise
        for each in said:
            if not each.people:
                self._ids.pop(each.room_id, None)  # who comes back is somebody new to this worker

    def _seats(self, person: str, streams: int) -> Present:
        return seats(self._ids.setdefault(person, self._new_id()), person, streams)
