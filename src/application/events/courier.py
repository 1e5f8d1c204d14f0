"""The job in the background that moves facts on as soon as they are committed."""

import asyncio
import time
from collections.abc import Callable, Sequence

from application.events.feed import Feed
from application.events.relay import Hook, Relaying
from application.ports.bus import Bus
from application.ports.ids import Ids
from application.ports.wake import Wake

CHANNEL = "feed"

POLL_S = 1.0
"""How soon what other processes commit is found where the bus does not tell."""

PAUSE_S = 0.02
UNHURRIED_S = 0.5
SHARE = 10
"""A turn is followed by a pause of so many times its length: what is told meanwhile goes together, in one commit."""


class Courier:
    """Nobody who listens and no hooks: then there is no hurry."""

    def __init__(
        self,
        relay: Relaying,
        feed: Feed,
        hooks: Sequence[Hook],
        wake: Wake,
        bus: Bus,
        ids: Ids,
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._relay, self._feed, self._hooks, self._now = relay, feed, hooks, now
        self._wake, self._bell, self._bus = wake, wake.bell("events"), bus
        self._own = ids().encode()
        self._subscription = bus.subscribe(CHANNEL, self._heard)

    async def turn(self) -> None:
        """Waits for something to be told, and moves it on. To be called again and again."""
        await self._bell.wait(POLL_S)
        began = self._now()
        await self.move()
        pause = PAUSE_S if self._feed.is_listened_to or self._hooks else UNHURRIED_S
        await asyncio.sleep(max(pause, min(POLL_S, SHARE * (self._now() - began))))

    async def move(self) -> None:
        """All that waits gets its place, and whoever listens hears of it, on the other workers too."""
        while await self._relay():
            self._bus.publish(CHANNEL, self._own)
        await self._feed.catch_up()

    def _heard(self, whose: bytes | None) -> None:
        if whose != self._own:
            self._wake.ring("events")
