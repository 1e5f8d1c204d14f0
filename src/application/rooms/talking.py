"""Talking: saying something, and reading what was said."""

from collections.abc import Sequence

from application.ports.bus import Bus
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, Units
from application.rooms.channels import Said, channel, packed
from application.rooms.keeping import room_for
from application.rooms.people import Somebody, somebodies
from application.use_case import use_case
from domain.access import Actor
from domain.errors import AlreadyExists
from domain.paging import Listing, Window, mapped
from domain.repository import held
from domain.rooms import Message, RoomId


@use_case
class Say:
    """Stored under the room's next number, then told to the workers. Raises `NotFound`.

    Who may speak is looked at first, in a unit of its own: what holds the room's count is as short as it can be.
    """

    units: Units
    clock: Clock
    ids: Ids
    bus: Bus

    async def __call__(
        self, actor: Actor, room_id: str, text: str, client_id: str | None = None, operation: Operation | None = None
    ) -> Said:
        async with self.units.open() as unit:
            await room_for(unit, actor, await unit.rooms.get(room_id))
            author = Somebody.of(await unit.users.get(actor.id))
        try:
            said = await self._stored(author, room_id, text, client_id, operation)
        except AlreadyExists as taken:
            if taken.field != "client_key":
                raise
            said = await self._before(author, room_id, str(client_id))
        if not said.again:
            self.bus.publish(channel(room_id), packed(said))
        return said

    async def _stored(
        self, author: Somebody, room_id: str, text: str, client_id: str | None, operation: Operation | None
    ) -> Said:
        async with self.units.open(operation) as unit:
            count = unit.counts.save((await held(unit.counts, room_id)).following())
            if client_id is not None:
                before = await unit.messages.said_once(room_id, author.id, client_id)
                if before is not None:
                    return Said.of(before, author, again=True)
            message = Message(
                id=self.ids(),
                room_id=RoomId(room_id),
                sequence=count.last,
                author_id=author.id,
                text=text,
                client_id=client_id,
                created_at=self.clock(),
            )
            unit.messages.add(message)
            return await unit.commit(Said.of(message, author))

    async def _before(self, author: Somebody, room_id: str, client_id: str) -> Said:
        async with self.units.open() as unit:
            before = await unit.messages.said_once(room_id, author.id, client_id)
        assert before is not None  # noqa: S101 - its key is taken, and messages stay as long as their room
        return Said.of(before, author, again=True)


@use_case
class ReadHistory:
    """Newest first. Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, room_id: str, window: Window) -> Listing[Said]:
        async with self.units.open() as unit:
            await room_for(unit, actor, await unit.rooms.get(room_id))
            found: Listing[Message] = await unit.messages.of(room_id, window)
            authors = await somebodies(unit, (message.author_id for message in found.items))
        return mapped(found, lambda message: Said.of(message, authors[message.author_id]))


@use_case
class ReadOn:
    """The next so many of a room, oldest first, whoever asks: for sockets that were let in."""

    units: Units

    async def __call__(self, room_id: str, sequence: int, most: int) -> Sequence[Said]:
        async with self.units.open() as unit:
            found = await unit.messages.behind(room_id, sequence, most)
            authors = await somebodies(unit, (message.author_id for message in found))
        return [Said.of(message, authors[message.author_id]) for message in found]
