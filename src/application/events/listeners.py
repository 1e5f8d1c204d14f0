"""Who listens: a person's streams are counted over all workers, each of which says in the store what it has.

It says so as it does of rooms: a person's own feed is a place like a room, whose id is theirs.
"""

from datetime import timedelta

from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.rooms.presence import Present, put
from application.use_case import use_case
from domain.access import UserId
from domain.rooms import RoomId

BELIEVED = timedelta(seconds=6)
"""A worker that was killed is believed for so long: those who come back after it are soon let in."""


def seats(id: str, person: str, streams: int) -> Present:
    """So many streams of theirs; `id` is this worker's own for them."""
    return Present(id, RoomId(person), (UserId(person),) * streams)


@use_case
class TakeSeat:
    """Says what a worker would have, where that is not too much with what the others have; answers whether it was.

    The person is held: of two who come at once to two workers, the later one sees the other.
    """

    units: Units
    clock: Clock

    async def __call__(self, worker_id: str, wanted: Present, most: int) -> bool:
        now = self.clock()
        async with self.units.open() as unit:
            await unit.users.hold(wanted.room_id)
            said = await unit.presences.among([wanted.room_id], at=now)
            others = sum(len(each.people) for each in said if each.worker_id != worker_id)
            if others + len(wanted.people) > most:
                return False
            await put(unit, worker_id, [wanted], now + BELIEVED)
            return await unit.commit(True)
