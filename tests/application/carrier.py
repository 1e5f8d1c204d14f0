"""A broker within one process, that does as it is told: it is away, and loses what it carries."""

import asyncio
from collections.abc import Sequence

from application.ports.broker import Broker, Received
from domain.errors import Unavailable


class Carrier(Broker):
    def __init__(self) -> None:
        self.away = self.loses = False
        self.handed: list[str] = []
        self.repeated: list[str] = []
        self.wants = 100
        self._received: Received | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def is_here(self) -> bool:
        return self._received is not None and not self.away

    async def hand(self, ids: Sequence[str]) -> None:
        self._carry(ids, self.handed)

    async def hand_again(self, ids: Sequence[str]) -> None:
        self._carry(ids, self.repeated)

    def _carry(self, ids: Sequence[str], told: list[str]) -> None:
        if self.away:
            raise Unavailable
        told += ids
        for id in ids:
            self.bring(id)

    def bring(self, id: str) -> None:
        if self._received is not None and not self.loses:
            task = asyncio.ensure_future(self._received(id))
            self._under_way.add(task)  # type: ignore[arg-type]
            task.add_done_callback(self._under_way.discard)

    async def room(self) -> int:
        if self.away:
            raise Unavailable
        return self.wants

    async def receive(self, received: Received, at_once: int) -> None:
        self._received = received

    async def deafen(self) -> None:
        self._received = None
        await self.idle()

    async def idle(self) -> None:
        """Once nothing that was received is left to be done."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)

    async def ping(self) -> None:
        if self.away:
            raise Unavailable

    async def close(self) -> None:
        """There is nothing to close."""
