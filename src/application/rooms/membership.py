"""Members of rooms: adding, taking out, listing, and what becomes of a room whose owner goes."""

from dataclasses import dataclass
from datetime import datetime

from application.ports.bus import Bus
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.rooms.channels import LOOK, channel
from application.rooms.keeping import remove, room_for
from application.rooms.people import Somebody, somebodies
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.errors import NotFound
from domain.paging import Listing, Window, mapped
from domain.repository import held
from domain.rooms import Member


@dataclass(frozen=True, slots=True)
class ShownMember:
    """`added` where they were not in before."""

    user: Somebody
    joined_at: datetime
    version: int = 1
    added: bool = False


@use_case
class AddMember:
    """By the owner. Raises `NotFound` for the room or an active person, `NotOwner`, `RoomFull`."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, room_id: str, user_id: UserId, operation: Operation | None = None
    ) -> ShownMember:
        async with self.units.open(operation) as unit:
            room = await room_for(unit, actor, await held(unit.rooms, room_id))
            user = await unit.users.get(user_id)
            if not user.is_active:
                raise NotFound()
            room.require_kept_by(actor)
            there = await unit.members.find(room_id, user_id)
            if there is not None:
                return await unit.commit(ShownMember(Somebody.of(user), there.joined_at))
            member = Member(
                id=self.ids(), room_id=room.id, user_id=user_id, in_private=room.is_private, joined_at=self.clock()
            )
            unit.rooms.save(room.with_one_more())
            unit.members.add(member)
            return await unit.commit(ShownMember(Somebody.of(user), member.joined_at, added=True))


@use_case
class TakeOutMember:
    """Raises `NotFound`, `NotOwner`, `OwnerStays`."""

    units: Units
    bus: Bus

    async def __call__(self, actor: Actor, room_id: str, user_id: UserId) -> None:
        async with self.units.open() as unit:
            room = await room_for(unit, actor, await held(unit.rooms, room_id))
            member = await unit.members.find(room_id, user_id)
            if member is None:
                raise NotFound()
            room.require_taken_out_by(actor, user_id)
            unit.rooms.save(room.with_one_less())
            unit.members.remove(member)
            await unit.commit(None)
        self.bus.publish(channel(room_id), LOOK)


@use_case
class ListMembers:
    """Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, room_id: str, window: Window) -> Listing[ShownMember]:
        async with self.units.open() as unit:
            await room_for(unit, actor, await unit.rooms.get(room_id))
            found: Listing[Member] = await unit.members.of(room_id, window)
            users = await somebodies(unit, (member.user_id for member in found.items))
        return mapped(found, lambda member: ShownMember(users[member.user_id], member.joined_at))


async def leave(unit: UnitOfWork, user_id: UserId) -> None:
    """Their private rooms go. Public ones stay, as what was said stays: with the id, and without a member."""
    memberships = {member.room_id: member for member in await unit.members.all_of(user_id)}
    for room in await unit.rooms.hold(*memberships):
        if room.is_private and room.owner_id == user_id:
            await remove(unit, room, user_id)
        else:
            unit.rooms.save(room.with_one_less())
            unit.members.remove(memberships[room.id])
