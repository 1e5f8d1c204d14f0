"""Keeping rooms: opening, finding and closing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.ports.bus import Bus
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.rooms.channels import LOOK, channel
from application.rooms.people import Somebody, somebodies
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.events import Fact
from domain.paging import Listing, Window, mapped
from domain.repository import held
from domain.rooms import Count, Member, Room, RoomId

AT_ONCE = 500
"""How many messages of a room that is gone one unit removes."""

_VERSIONS = 2**24
"""What a room shows is of two versions, its own and its owner's: one number holds both."""


@dataclass(frozen=True, slots=True)
class ShownRoom:
    """A room and its owner; `version` changes with either."""

    id: RoomId
    version: int
    name: str
    is_private: bool
    owner: Somebody
    member_count: int
    created_at: datetime


def shown(room: Room, owner: Somebody) -> ShownRoom:
    version = room.version * _VERSIONS + owner.version % _VERSIONS
    return ShownRoom(room.id, version, room.name, room.is_private, owner, room.member_count, room.created_at)


async def shown_rooms(unit: UnitOfWork, rooms: Sequence[Room]) -> list[ShownRoom]:
    owners = await somebodies(unit, (room.owner_id for room in rooms))
    return [shown(room, owners[room.owner_id]) for room in rooms]


def told(type: str, room: Room) -> Fact:
    return Fact(type=type, resource=f"room:{room.id}", owner_id=room.owner_id, public=not room.is_private)


async def room_for(unit: UnitOfWork, actor: Actor, room: Room) -> Room:
    """The same room, where they may read it. Raises `NotFound`."""
    room.require_read_by(actor, await unit.members.find(room.id, actor.id) if room.is_private else None)
    return room


async def remove(unit: UnitOfWork, room: Room, by: UserId) -> None:
    """The room and its memberships; its messages, of which there is no end, go afterwards by `SweepRooms`."""
    for count in await unit.counts.hold(room.id):
        unit.counts.save(count.ended())
    for member in await unit.members.all_in(room.id):
        unit.members.remove(member)
    unit.rooms.remove(room)
    unit.tell(told("room.deleted", room), actor=by)


@use_case
class OpenRoom:
    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, name: str, is_private: bool, operation: Operation | None = None
    ) -> ShownRoom:
        room = Room(id=RoomId(self.ids()), owner_id=actor.id, name=name, is_private=is_private, created_at=self.clock())
        member = Member(
            id=self.ids(), room_id=room.id, user_id=actor.id, in_private=is_private, joined_at=room.created_at
        )
        async with self.units.open(operation) as unit:
            owner = Somebody.of(await unit.users.get(actor.id))
            unit.rooms.add(room)
            unit.counts.add(Count(id=room.id))
            unit.members.add(member)
            unit.tell(told("room.created", room), actor=actor.id)
            return await unit.commit(shown(room, owner))


@use_case
class ReadRoom:
    """Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, id: str) -> ShownRoom:
        async with self.units.open() as unit:
            room = await room_for(unit, actor, await unit.rooms.get(id))
            return shown(room, Somebody.of(await unit.users.get(room.owner_id)))


@use_case
class ListRooms:
    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[ShownRoom]:
        async with self.units.open() as unit:
            rooms = await unit.rooms.open_to(actor.id, window)
            owners = await somebodies(unit, (room.owner_id for room in rooms.items))
        return mapped(rooms, lambda room: shown(room, owners[room.owner_id]))


@use_case
class CloseRoom:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units
    bus: Bus

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            room = await room_for(unit, actor, await held(unit.rooms, id))
            room.require_kept_by(actor)
            if expected is not None:
                require_version(shown(room, Somebody.of(await unit.users.get(room.owner_id))).version, expected)
            await remove(unit, room, actor.id)
            await unit.commit(None)
        self.bus.publish(channel(id), LOOK)


@use_case
class SweepRooms:
    """Removes what was said in rooms that are gone, and who is no longer said to be there; answers how much."""

    units: Units
    clock: Clock

    async def __call__(self) -> int:
        swept = 0
        async with self.units.open() as unit:
            closed = await unit.counts.closed(AT_ONCE)
        for count in closed:
            while removed := await self._messages(count.id):
                swept += removed
            async with self.units.open() as unit:
                for ended in await unit.counts.hold(count.id):
                    unit.counts.remove(ended)
                await unit.commit(None)
        async with self.units.open() as unit:
            lapsed = await unit.presences.lapsed(self.clock(), AT_ONCE)
            for presence in lapsed:
                unit.presences.remove(presence)
            return await unit.commit(swept + len(lapsed))

    async def _messages(self, room_id: str) -> int:
        async with self.units.open() as unit:
            found = await unit.messages.any_in(room_id, AT_ONCE)
            for message in found:
                unit.messages.remove(message)
            return await unit.commit(len(found))
