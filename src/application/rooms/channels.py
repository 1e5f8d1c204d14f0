"""What goes over the bus about a room: a message that was said, or that there is something new in the store."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from application.rooms.people import Somebody
from domain.rooms import Message, RoomId

LOOK = b"look"
"""Who is in the room, who is connected, or whether it is there has changed."""


def channel(room_id: str) -> str:
    return f"room:{room_id}"


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its author; `again` where it was sent before under its `client_id`."""

    id: str
    room_id: RoomId
    sequence: int
    author: Somebody
    text: str
    client_id: str | None
    created_at: datetime
    again: bool = False
    version: int = 1

    @classmethod
    def of(cls, message: Message, author: Somebody, *, again: bool = False) -> Self:
        return cls(
            message.id,
            message.room_id,
            message.sequence,
            author,
            message.text,
            message.client_id,
            message.created_at,
            again,
        )


def packed(said: Said) -> bytes:
    return json.dumps(asdict(said) | {"created_at": said.created_at.isoformat()}, ensure_ascii=False).encode()


def unpacked(payload: bytes) -> Said:
    members = json.loads(payload)
    members |= {"created_at": datetime.fromisoformat(members["created_at"]), "author": Somebody(**members["author"])}
    return Said(**members)
