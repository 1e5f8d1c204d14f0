"""Rooms, their members and what is said, as chance has it; and what is asked of them."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.access import UserId
from domain.rooms import RoomId, place_of
from tests.builders.rooms import a_count, a_member, a_message, a_room
from tests.differential.world import World

FIELDS: Mapping[str, Mapping[str, Callable[[World], Any]]] = {
    "rooms": {
        "name": World.phrase,
        "is_private": lambda world: world.chance(50),
        "member_count": lambda world: world.draw.integer(0, 1000),
    },
    "members": {"joined_at": World.later, "in_private": lambda world: world.chance(50)},
    "messages": {
        "text": World.phrase,
        "client_id": lambda world: world.one((None, "a", "A", "!")),
        "sequence": lambda world: world.draw.integer(1, 30),
    },
    "counts": {"last": lambda world: world.draw.integer(0, 30), "closed": lambda world: world.chance(30)},
}


def entity(world: World, kind: str, at: Any, over: dict[str, Any]) -> Any:
    match kind:
        case "rooms":
            return a_room(**{"id": world.new_id(), "owner_id": world.user_id(), "created_at": at, **over})
        case "counts":
            return a_count(**{"id": world.new_id(), **over})
        case "members":
            given = {"id": world.new_id(), "room_id": world.known("rooms"), "user_id": world.user_id()}
            return a_member(**{"joined_at": at, **given, **over})
    given = {"id": world.new_id(), "room_id": world.known("rooms"), "author_id": world.user_id()}
    return a_message(**{"created_at": at, "sequence": world.draw.integer(1, 30), **given, **over})


def question(world: World) -> tuple[Any, ...]:
    """One that has a single answer."""
    user, room, number = UserId(world.user_id()), RoomId(world.known("rooms")), world.draw.integer(1, 20)
    questions: list[tuple[Any, ...]] = [
        ("rooms", "joined_by", user), ("members", "find", room, user), ("members", "at", [place_of(room, user)]),
        ("members", "all_in", room), ("members", "all_of", user), ("messages", "behind", room, number, number),
        ("messages", "any_in", room, number), ("messages", "said_once", room, user, world.one(("a", "A", "!"))),
        ("messages", "all_by", user), ("counts", "among", [world.known("counts") for _ in range(3)]),
        ("counts", "closed", number), ("sessions", "among", [world.known("sessions") for _ in range(3)]),
    ]  # fmt: skip
    return world.one(questions)


def listing(world: World) -> tuple[Any, ...]:
    """One that is answered in pages or by cursor."""
    room = world.known("rooms")
    lists: list[tuple[Any, ...]] = [
        ("rooms", "open_to", world.user_id()), ("members", "of", room), ("messages", "of", room),
    ]  # fmt: skip
    return world.one(lists)
