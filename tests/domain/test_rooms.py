"""Rooms: how many fit in, who keeps them, and how messages are counted."""

import pytest

from domain.access import Actor, Role, UserId
from domain.errors import NotFound, NotOwner
from domain.rooms import MOST_MEMBERS, Count, OwnerStays, RoomFull, RoomId
from tests.builders import new_id
from tests.builders.rooms import a_room


def actor(id: str, role: Role = Role.CUSTOMER) -> Actor:
    return Actor(UserId(id), role, frozenset())


def test_a_full_room_takes_nobody() -> None:
    room = a_room(member_count=MOST_MEMBERS - 1).with_one_more()

    assert room.member_count == MOST_MEMBERS
    with pytest.raises(RoomFull):
        room.with_one_more()


def test_the_owner_stays() -> None:
    room = a_room()

    with pytest.raises(OwnerStays):
        room.require_taken_out_by(actor(room.owner_id), room.owner_id)
    with pytest.raises(NotOwner):
        room.require_taken_out_by(actor(new_id()), room.owner_id)


@pytest.mark.parametrize("is_private", [False, True])
def test_staff_keep_public_rooms_alone(is_private: bool) -> None:
    room, staff = a_room(is_private=is_private), actor(new_id(), Role.STAFF)

    if is_private:
        with pytest.raises(NotOwner):
            room.require_kept_by(staff)
        with pytest.raises(NotFound):
            room.require_read_by(staff, None)
    else:
        room.require_kept_by(staff)
        room.require_read_by(staff, None)


def test_messages_are_counted_until_the_room_is_gone() -> None:
    count = Count(id=RoomId(new_id())).following().following()

    assert count.last == 2
    with pytest.raises(NotFound):
        count.ended().following()
