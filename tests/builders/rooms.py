"""Rooms and what is in them, valid as they stand, as in `builders.py`."""

from typing import Any

from domain.access import UserId
from domain.rooms import Count, Member, Message, Presence, Room, RoomId
from tests.builders import FIRST, GREATEST, LAST, NOON, new_id


def a_room(**over: Any) -> Room:
    given: dict[str, Any] = {"id": RoomId(new_id()), "owner_id": UserId(new_id()), "name": "Tea", "created_at": NOON}
    return Room(**given | over)


def a_member(**over: Any) -> Member:
    given: dict[str, Any] = {"id": new_id(), "room_id": RoomId(new_id()), "user_id": UserId(new_id())}
    return Member(**given | {"in_private": False, "joined_at": NOON} | over)


def a_message(**over: Any) -> Message:
    given: dict[str, Any] = {"id": new_id(), "room_id": RoomId(new_id()), "author_id": UserId(new_id())}
    return Message(**given | {"sequence": 1, "text": "hi", "created_at": NOON} | over)


def a_count(**over: Any) -> Count:
    return Count(**{"id": RoomId(new_id())} | over)


def a_presence(**over: Any) -> Presence:
    given: dict[str, Any] = {"id": new_id(), "room_id": RoomId(new_id()), "worker_id": "a1", "people": ()}
    return Presence(**given | {"expires_at": NOON} | over)


def a_full_room(**over: Any) -> Room:
    full = {"version": 5, "name": "Té 😀 'x'", "is_private": True, "member_count": 1000, "created_at": FIRST}
    return a_room(**full | over)


def a_full_member(**over: Any) -> Member:
    return a_member(**{"version": 3, "in_private": True, "joined_at": LAST} | over)


def a_full_message(**over: Any) -> Message:
    full = {
        "version": 2,
        "sequence": GREATEST,
        "text": "a\nb % _ \\ 日本 \U0010ffff",
        "client_id": "!~",
        "created_at": FIRST,
    }
    return a_message(**full | over)


def a_full_count(**over: Any) -> Count:
    return a_count(**{"version": 9, "last": GREATEST, "closed": True} | over)


def a_full_presence(**over: Any) -> Presence:
    return a_presence(**{"version": 4, "people": (new_id(), new_id()), "expires_at": LAST} | over)
