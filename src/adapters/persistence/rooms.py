from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, AnyOf, Compare, Equal, Key, Query
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.paging import Listing, Window
from domain.rooms import (
    Count,
    Counts,
    Member,
    Members,
    Message,
    Messages,
    Presence,
    Presences,
    Room,
    Rooms,
    client_key,
    place_of,
)


def _place(member: Member) -> dict[str, Any]:
    return {"place": member.place}


def _client_key(message: Message) -> dict[str, Any]:
    return {"client_key": message.client_key}


ROOMS = Collection("rooms", Room, remembered=True)
MEMBERS = Collection("members", Member, unique=("place",), derive=_place, remembered=True)
MESSAGES = Collection("messages", Message, unique=("client_key",), derive=_client_key, remembered=True)
COUNTS = Collection("counts", Count)
PRESENCES = Collection("presences", Presence)

_JOINED = (Key("joined_at", descending=True),)
_LATEST = (Key("sequence", descending=True),)


class StoredRooms(StoredRepository[Room], Rooms):
    collection = ROOMS

    async def open_to(self, user_id: UserId, window: Window) -> Listing[Room]:
        theirs = await self._joined(Equal("user_id", user_id), Equal("in_private", True))
        public = Equal("is_private", False)
        return await self._listing(window, AnyOf((public, Among("id", theirs))) if theirs else public)

    async def joined_by(self, user_id: UserId) -> Sequence[Room]:
        return await self._all(Among("id", await self._joined(Equal("user_id", user_id))))

    async def _joined(self, *where: Equal) -> list[str]:
        return [row["room_id"] for row in await self._session.find(MEMBERS, Query(where, _JOINED))]


class StoredMembers(StoredRepository[Member], Members):
    collection = MEMBERS

    async def of(self, room_id: str, window: Window) -> Listing[Member]:
        return await self._listing(window, Equal("room_id", room_id), order=_JOINED)

    async def find(self, room_id: str, user_id: str) -> Member | None:
        return await self._first(Equal("place", place_of(room_id, user_id)))

    async def at(self, places: Sequence[str]) -> Sequence[Member]:
        return await self._all(Among("place", places), order=(Key("id"),))

    async def all_in(self, room_id: str) -> Sequence[Member]:
        return await self._all(Equal("room_id", room_id), order=_JOINED)

    async def all_of(self, user_id: UserId) -> Sequence[Member]:
        return await self._all(Equal("user_id", user_id), order=_JOINED)


class StoredMessages(StoredRepository[Message], Messages):
    collection = MESSAGES

    async def of(self, room_id: str, window: Window) -> Listing[Message]:
        return await self._listing(window, Equal("room_id", room_id), order=_LATEST)

    async def behind(self, room_id: str, sequence: int, most: int) -> Sequence[Message]:
        """Counted without gaps: the bounds say how many, so that the index of the history serves backwards too."""
        within = Compare("sequence", ">", sequence), Compare("sequence", "<=", sequence + most)
        return await self._all(Equal("room_id", room_id), *within, order=(Key("sequence"),))

    async def any_in(self, room_id: str, limit: int) -> Sequence[Message]:
        query = Query((Equal("room_id", room_id),), _LATEST, limit)
        return self._load_all(await self._session.find(MESSAGES, query))

    async def said_once(self, room_id: str, author_id: UserId, client_id: str) -> Message | None:
        return await self._first(Equal("client_key", client_key(room_id, author_id, client_id)))

    async def all_by(self, author_id: UserId) -> Sequence[Message]:
        said = await self._all(Equal("author_id", author_id))
        rooms = await self._session.find(ROOMS, Query((Among("id", sorted({each.room_id for each in said})),)))
        there = {room["id"] for room in rooms}
        return [each for each in said if each.room_id in there]


class StoredCounts(StoredRepository[Count], Counts):
    collection = COUNTS

    async def among(self, room_ids: Sequence[str]) -> Sequence[Count]:
        return await self._all(Among("id", room_ids), order=(Key("id"),))

    async def closed(self, limit: int) -> Sequence[Count]:
        return self._load_all(await self._session.find(COUNTS, Query((Equal("closed", True),), limit=limit)))


class StoredPresences(StoredRepository[Presence], Presences):
    collection = PRESENCES

    async def among(self, room_ids: Sequence[str], *, at: datetime) -> Sequence[Presence]:
        return await self._all(Among("room_id", room_ids), Compare("expires_at", ">", at), order=(Key("id"),))

    async def lapsed(self, at: datetime, limit: int) -> Sequence[Presence]:
        where = (Compare("expires_at", "<=", at),)
        return self._load_all(await self._session.find(PRESENCES, Query(where, (Key("expires_at"),), limit)))
