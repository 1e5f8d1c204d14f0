"""One socket's bounds and a room's crowd, without a network: time and the peer do what the test says."""

import json
from collections.abc import Iterator

import pytest

from application.authentication import Credentials
from application.rooms.people import Somebody
from domain.access import Actor, Role, UserId
from entrypoints.live import crowd
from entrypoints.live.crowd import Crowd
from entrypoints.live.limits import Limits
from entrypoints.live.sockets import RoomSocket
from entrypoints.live.wire import Wire
from tests.builders import new_id


class Peer(Wire):
    """Takes nothing by itself; `taken` says how much of what was written is with the system."""

    def __init__(self) -> None:
        self.heard_at, self.pings, self.ended = 0.0, 0, 0
        self.written: list[bytes] = []
        self.taken = 0

    def write(self, frame: bytes) -> None:
        self.written.append(frame)

    def waiting(self) -> int:
        return sum(map(len, self.written)) - self.taken

    def ping(self) -> None:
        self.pings += 1

    def end(self, code: int, reason: str, *, within_s: float = 10.0) -> None:
        self.ended = code

    def settled(self) -> None:
        """Nothing was kept."""

    def frames(self) -> list[dict[str, object]]:
        return [json.loads(frame[frame.index(b"{") :]) for frame in self.written]


def somebody(name: str) -> Somebody:
    return Somebody(UserId(new_id()), name, None, None)


def a_socket(peer: Peer, who: Somebody | None = None, **limits: int) -> RoomSocket:
    who = who or somebody("ada")
    actor = Actor(who.id, Role.CUSTOMER, frozenset())
    return RoomSocket(peer, actor, who, Credentials(actor), None, Limits(**limits))


def test_it_is_pinged_every_twenty_seconds_and_dropped_after_forty_of_silence() -> None:
    peer = Peer()
    socket = a_socket(peer)

    for now in range(20):
        socket.look_after(now)
    assert peer.pings == 0
    socket.look_after(20)
    socket.look_after(39.9)
    assert (peer.pings, peer.ended) == (1, 0)
    peer.heard_at = 39.9
    socket.look_after(40)
    assert (peer.pings, peer.ended) == (2, 0)
    socket.look_after(79.9)
    assert peer.ended == 1011


async def test_it_is_ended_past_so_many_frames_that_wait() -> None:
    peer = Peer()
    socket = a_socket(peer, queue=3)

    for _ in range(3):
        socket.send(b"x")
    socket._judge()
    assert peer.ended == 0
    socket.send(b"x")
    socket._judge()
    assert peer.ended == 1013


async def test_what_the_system_has_taken_waits_no_longer() -> None:
    peer = Peer()
    socket = a_socket(peer, queue=3)

    for _ in range(100):
        socket.send(b"xx")
        peer.taken += 2
    socket._judge()

    assert peer.ended == 0


async def test_it_is_ended_past_a_mebibyte_that_waits() -> None:
    peer = Peer()
    socket = a_socket(peer)

    socket.send(b"x" * 2**20)
    socket._judge()
    assert peer.ended == 0
    socket.send(b"x")
    socket._judge()
    assert peer.ended == 1013


def test_so_many_frames_in_so_many_seconds_are_no_flood_and_one_more_is() -> None:
    socket = a_socket(Peer(), flood_frames=3, flood_s=10)

    assert [socket.arrived(now) for now in (0, 1, 2)] == [False] * 3
    assert socket.arrived(9.9)
    assert not a_socket(Peer(), flood_frames=3, flood_s=10).arrived(0)
    assert [socket.arrived(now) for now in (30, 31, 32, 40)] == [False, False, False, False]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every round costs much."""
    monkeypatch.setattr(crowd, "COSTLY", 0)
    return iter(())


@pytest.mark.usefixtures("cheap")
async def test_in_a_great_crowd_changes_are_told_together() -> None:
    peer = Peer()
    sockets = {a_socket(peer): None}
    people = Crowd(sockets)
    first, others = somebody("ada"), [somebody(name) for name in ("eve", "Bob", "dan")]
    people.come(first)
    for each in others:
        people.come(each)
    people.go(others[2].id)
    people._rested()
    people.end()

    told = peer.frames()
    assert [frame["joined"] and frame["joined"]["username"] for frame in told] == ["ada", None]  # type: ignore[index]
    assert [each["username"] for each in told[1]["online"]] == ["ada", "Bob", "eve"]  # type: ignore[attr-defined]


def test_somebody_whom_another_worker_has_too_is_told_once() -> None:
    peer, ada = Peer(), somebody("ada")
    people = Crowd({a_socket(peer): None})

    people.seen({ada.id: ada}, 2)
    people.seen({}, 1)
    assert people.come(ada)
    assert not people.come(ada)
    assert not people.go(ada.id)
    assert people.go(ada.id)
    people.seen({}, 3)

    told = peer.frames()
    assert [(frame["joined"] is not None, frame["left"] is not None) for frame in told] == [
        (True, False),
        (False, True),
    ]
