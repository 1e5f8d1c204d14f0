"""What one worker says of the streams that are open on it."""

import itertools

import pytest

from application.rooms.presence import Present
from domain.errors import Unavailable
from entrypoints.http.seats import Streams


class Store:
    """Keeps what it was told last, by the id of each seat; `meanwhile` happens while it is told."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}
        self.meanwhile = lambda: None

    async def take(self, worker: str, wanted: Present, most: int) -> bool:
        await self.report(worker, [wanted])
        return True

    async def report(self, worker: str, present: list[Present]) -> None:
        self.meanwhile()
        self.told.update({each.id: len(each.people) for each in present})

    def streams(self) -> Streams:
        ids = map(str, itertools.count())
        return Streams(take=self.take, report=self.report, new_id=lambda: next(ids), alone=False)


async def test_who_leaves_while_it_is_said_what_is_open_is_said_to_have_left() -> None:
    store = Store()
    streams = store.streams()
    leave, leave_too = await streams.enter("ann"), await streams.enter("ann")
    leave()
    store.meanwhile = leave_too

    await streams.say()
    await streams.say()

    assert sum(store.told.values()) == 0


async def test_what_could_not_be_said_is_said_later() -> None:
    store = Store()
    streams = store.streams()
    leave = await streams.enter("ann")
    leave()

    def away() -> None:
        raise Unavailable

    store.meanwhile = away
    with pytest.raises(Unavailable):
        await streams.say()
    store.meanwhile = lambda: None
    await streams.stop()

    assert sum(store.told.values()) == 0


async def test_nothing_is_remembered_of_who_has_left() -> None:
    store = Store()
    streams = store.streams()
    for person in ("ann", "ben"):
        (await streams.enter(person))()
    await streams.say()

    assert not streams._ids
