"""Who is online in a room: people, not sockets, over all workers."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from heapq import nsmallest

from application.rooms.people import Somebody
from domain.access import UserId
from domain.text import folded
from entrypoints.live import frames
from entrypoints.live.sockets import RoomSocket

COSTLY = 1024 * 1024
"""Bytes of one round of presence frames, from which on rounds are put together."""

BYTES_A_SECOND = 20 * 1024 * 1024


class Crowd:
    """`local` counts sockets, `remote` is what other workers say; each change of their union is told once.

    A round costs people times sockets. In a great crowd that would be all that is sent, so rounds that cost much are
    followed by a rest, and what changed meanwhile is told in one: by name where it is one change, else by `online`.
    """

    def __init__(self, sockets: Collection[RoomSocket]) -> None:
        self._sockets = sockets
        self._local: dict[UserId, int] = {}
        self._remote: Mapping[UserId, Somebody] = {}
        self._as_of = 0
        self._known: dict[UserId, Somebody] = {}
        self._online: dict[UserId, Somebody] = {}
        self._waiting: list[tuple[Somebody | None, Somebody | None]] = []
        self._resting: asyncio.TimerHandle | None = None

    @property
    def here(self) -> tuple[UserId, ...]:
        """Those whom this worker has."""
        return tuple(sorted(self._local))

    def frame(self) -> bytes:
        """Everyone online, for who has just connected."""
        return frames.presence(None, None, self._shown())

    def come(self, somebody: Somebody) -> bool:
        """Another socket of theirs; answers whether it is their first here."""
        self._known[somebody.id] = somebody
        self._local[somebody.id] = self._local.get(somebody.id, 0) + 1
        self._compare()
        return self._local[somebody.id] == 1

    def go(self, user_id: UserId) -> bool:
        """One socket less; answers whether it was their last here."""
        left = self._local[user_id] - 1
        if left:
            self._local[user_id] = left
            return False
        del self._local[user_id]
        self._compare()
        return True

    def seen(self, remote: Mapping[UserId, Somebody], as_of: int) -> None:
        """What the other workers say; of two who looked, the one that began later is right."""
        if as_of < self._as_of:
            return
        self._as_of = as_of
        if remote.keys() != self._remote.keys():
            self._remote = remote
            self._compare()

    def end(self) -> None:
        if self._resting is not None:
            self._resting.cancel()

    def _compare(self) -> None:
        now = dict(self._remote) | {id: self._known[id] for id in self._local}
        left = [each for id, each in self._online.items() if id not in now]
        joined = [each for id, each in now.items() if id not in self._online]
        for somebody in left:
            del self._online[somebody.id]
            if somebody.id in self._known:
                del self._known[somebody.id]
            self._tell(None, somebody)
        for somebody in joined:
            self._online[somebody.id] = somebody
            self._tell(somebody, None)

    def _tell(self, joined: Somebody | None, left: Somebody | None) -> None:
        if self._resting is not None:
            self._waiting.append((joined, left))
            return
        if not self._sockets:
            return
        frame = frames.presence(joined, left, self._shown())
        for socket in list(self._sockets):
            socket.send(frame)
        cost = len(frame) * len(self._sockets)
        if cost > COSTLY:
            self._resting = asyncio.get_running_loop().call_later(cost / BYTES_A_SECOND, self._rested)

    def _rested(self) -> None:
        self._resting = None
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._tell(*(waiting[0] if len(waiting) == 1 else (None, None)))

    def _shown(self) -> Iterable[Somebody]:
        by: Callable[[Somebody], tuple[str, str]] = lambda each: (folded(each.username), each.id)  # noqa: E731
        return nsmallest(frames.MOST_ONLINE, self._online.values(), key=by)
