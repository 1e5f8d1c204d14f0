"""Rooms: where people talk. A public one is open to everybody signed in, a private one to its members."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType, Protocol, Self

from domain.access import Actor, UserId
from domain.errors import NotFound, NotOwner, Rejected
from domain.paging import Listing, Window
from domain.repository import Repository

RoomId = NewType("RoomId", str)

MOST_MEMBERS = 1_000
LONGEST_NAME, LONGEST_TEXT, LONGEST_CLIENT_ID = 100, 4_000, 64


class RoomFull(Rejected):
    code = "room_full"
    detail = f"A room has at most {MOST_MEMBERS} members."


class OwnerStays(Rejected):
    code = "owner_stays"
    detail = "The owner of a room stays its member."


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    id: RoomId
    version: int = 1
    owner_id: UserId
    name: str
    is_private: bool = False
    member_count: int = 1
    created_at: datetime

    def require_read_by(self, actor: Actor, member: "Member | None") -> None:
        """Raises `NotFound` for a private room where they are no member."""
        if self.is_private and member is None:
            raise NotFound()

    def require_kept_by(self, actor: Actor) -> None:
        """By its owner, or staff where they may see it without being a member. Raises `NotOwner`."""
        if actor.id != self.owner_id and (self.is_private or not actor.is_staff):
            raise NotOwner()

    def require_taken_out_by(self, actor: Actor, user_id: UserId) -> None:
        """Members may take out themselves, but for the owner. Raises `NotOwner`, `OwnerStays`."""
        if actor.id != user_id:
            self.require_kept_by(actor)
        if user_id == self.owner_id:
            raise OwnerStays()

    def with_one_more(self) -> Self:
        """Raises `RoomFull`."""
        if self.member_count >= MOST_MEMBERS:
            raise RoomFull()
        return replace(self, member_count=self.member_count + 1)

    def with_one_less(self) -> Self:
        return replace(self, member_count=self.member_count - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a room; of one person there is one. `in_private` is the room's, which never changes."""

    id: str
    version: int = 1
    room_id: RoomId
    user_id: UserId
    in_private: bool
    joined_at: datetime

    @property
    def place(self) -> str:
        return place_of(self.room_id, self.user_id)


def place_of(room_id: str, user_id: str) -> str:
    """What there is once: a person's membership of a room."""
    return f"{room_id} {user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`sequence` counts the room's messages from 1, without gaps. What was said stays as it was said."""

    id: str
    version: int = 1
    room_id: RoomId
    sequence: int
    author_id: UserId
    text: str
    client_id: str | None = None
    created_at: datetime

    @property
    def client_key(self) -> str | None:
        """What makes one out of a message that its sender sent twice."""
        return None if self.client_id is None else client_key(self.room_id, self.author_id, self.client_id)


def client_key(room_id: str, author_id: str, client_id: str) -> str:
    return f"{room_id} {author_id} {client_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How far a room's messages have been counted; its id is the room's. Who speaks holds it, so that messages come in
    one order. It outlives its room, `closed`, until the room's messages are gone."""

    id: RoomId
    version: int = 1
    last: int = 0
    closed: bool = False

    def following(self) -> Self:
        """Raises `NotFound` where the room is gone."""
        if self.closed:
            raise NotFound()
        return replace(self, last=self.last + 1)

    def ended(self) -> Self:
        return replace(self, closed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who is connected to a room by one worker, as that worker says; believed until `expires_at`."""

    id: str
    version: int = 1
    room_id: RoomId
    worker_id: str
    people: tuple[UserId, ...]
    expires_at: datetime


class Rooms(Repository[Room], Protocol):
    @abstractmethod
    async def open_to(self, user_id: UserId, window: Window) -> Listing[Room]:
        """Public ones, and those private ones where they are a member. Newest first."""

    @abstractmethod
    async def joined_by(self, user_id: UserId) -> Sequence[Room]:
        """All in which they are a member, for export. Newest first."""


class Members(Repository[Member], Protocol):
    @abstractmethod
    async def of(self, room_id: str, window: Window) -> Listing[Member]:
        """Newest first."""

    @abstractmethod
    async def find(self, room_id: str, user_id: str) -> Member | None:
        """Their membership of that room."""

    @abstractmethod
    async def at(self, places: Sequence[str]) -> Sequence[Member]:
        """Those memberships, where they are, in no order."""

    @abstractmethod
    async def all_in(self, room_id: str) -> Sequence[Member]:
        """Everybody in the room."""

    @abstractmethod
    async def all_of(self, user_id: UserId) -> Sequence[Member]:
        """Theirs in all rooms."""


class Messages(Repository[Message], Protocol):
    @abstractmethod
    async def of(self, room_id: str, window: Window) -> Listing[Message]:
        """Newest first."""

    @abstractmethod
    async def behind(self, room_id: str, sequence: int, most: int) -> Sequence[Message]:
        """The first `most` of those that follow `sequence`, oldest first."""

    @abstractmethod
    async def any_in(self, room_id: str, limit: int) -> Sequence[Message]:
        """Some of the room's, for removing them."""

    @abstractmethod
    async def said_once(self, room_id: str, author_id: UserId, client_id: str) -> Message | None:
        """What the author sent under that `client_id`."""

    @abstractmethod
    async def all_by(self, author_id: UserId) -> Sequence[Message]:
        """Everything that they said in rooms that there still are. Newest first."""


class Counts(Repository[Count], Protocol):
    @abstractmethod
    async def among(self, room_ids: Sequence[str]) -> Sequence[Count]:
        """Of those rooms, in no order."""

    @abstractmethod
    async def closed(self, limit: int) -> Sequence[Count]:
        """Some of those whose rooms are gone."""


class Presences(Repository[Presence], Protocol):
    @abstractmethod
    async def among(self, room_ids: Sequence[str], *, at: datetime) -> Sequence[Presence]:
        """Those of these rooms that are believed at that time."""

    @abstractmethod
    async def lapsed(self, at: datetime, limit: int) -> Sequence[Presence]:
        """Some of those that are not believed any more."""
