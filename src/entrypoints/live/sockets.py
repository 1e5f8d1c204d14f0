"""One connection to a room: bounded both ways, so that it can neither flood nor hold back the others."""

import asyncio
from collections import deque

from application.authentication import Credentials
from application.rooms.people import Somebody
from domain.access import Actor
from entrypoints.live.limits import Close, Limits
from entrypoints.live.wire import Wire

SETTLING_S = 0.02
"""Frames of one moment are with the system after the next turn of the loop: only what is still there then waits."""

LAST_WORDS_S = 30.0
"""How long one who reads too slowly has to come to the end of what was written, and to the close behind it."""


class RoomSocket:
    """`last` is the highest sequence that it was sent; `live` whether what is new goes to it at once."""

    __slots__ = (
        "_arrivals", "_judging", "_limits", "_unsent", "_unsent_bytes", "_wire", "actor", "credentials", "ended",
        "key", "last", "live", "pinged_at", "somebody",
    )  # fmt: skip

    def __init__(
        self, wire: Wire, actor: Actor, somebody: Somebody, credentials: Credentials, key: str | None, limits: Limits
    ) -> None:
        self._wire, self._limits = wire, limits
        self.actor, self.somebody, self.credentials, self.key = actor, somebody, credentials, key
        self.last, self.live, self.ended = 0, False, False
        self.pinged_at = wire.heard_at
        self._arrivals: deque[float] | None = None
        self._unsent: deque[int] | None = None
        self._unsent_bytes = 0
        self._judging = False

    def send(self, frame: bytes) -> None:
        """Writes it, or ends the socket where too much waits already."""
        if self.ended:
            return
        wire = self._wire
        wire.write(frame)
        waiting = wire.waiting()
        if waiting <= len(frame):
            self._unsent = None
            return
        unsent = self._unsent
        if unsent is None:
            before = waiting - len(frame)
            unsent = self._unsent = deque([before])
            self._unsent_bytes = before
        unsent.append(len(frame))
        self._unsent_bytes += len(frame)
        while unsent and self._unsent_bytes - unsent[0] >= waiting:
            self._unsent_bytes -= unsent.popleft()
        if (waiting > self._limits.queue_bytes or len(unsent) > self._limits.queue) and not self._judging:
            self._judging = True
            asyncio.get_running_loop().call_later(SETTLING_S, self._judge)

    @property
    def backlog(self) -> int:
        """Bytes that wait to be sent."""
        return self._wire.waiting()

    def arrived(self, now: float) -> bool:
        """Counts a frame that came in; answers whether it is one too many."""
        arrivals = self._arrivals
        if arrivals is None:
            arrivals = self._arrivals = deque(maxlen=self._limits.flood_frames + 1)
        arrivals.append(now)
        return len(arrivals) > self._limits.flood_frames and now - arrivals[0] < self._limits.flood_s

    def look_after(self, now: float) -> None:
        """Pings it, or ends it where it has been silent for too long."""
        if now - self._wire.heard_at >= self._limits.silent_s:
            self.end(Close.TOO_SILENT, "silent for too long", within_s=1.0)
        elif now - self.pinged_at >= self._limits.ping_s:
            self.pinged_at = now
            self._wire.ping()

    def end(self, code: int, reason: str, *, within_s: float = 10.0) -> None:
        if not self.ended:
            self.ended, self.live = True, False
            self._wire.end(code, reason, within_s=within_s)

    def _judge(self) -> None:
        self._judging = False
        waiting = self._wire.waiting()
        while self._unsent and self._unsent_bytes - self._unsent[0] >= waiting:
            self._unsent_bytes -= self._unsent.popleft()
        if waiting > self._limits.queue_bytes or len(self._unsent or ()) > self._limits.queue:
            self.end(Close.TOO_SLOW, "reads too slowly", within_s=LAST_WORDS_S)
