"""Events with what they are about, by the schemas of HTTP, for whoever may see it at this moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from application.ports.showing import Showing
from application.ports.unit_of_work import UnitOfWork, Units
from domain.access import Actor
from domain.errors import NotFound
from domain.events import TO_OWNER, WITHDRAWALS, Event
from entrypoints.http.rendering import rendered
from entrypoints.http.schema import Out, as_text_time


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of thing is read, by whom, and as what; `staff` see those of others, public or not."""

    load: Callable[[UnitOfWork, str], Awaitable[Any]]
    readable: Callable[[Any, Actor], bool]
    schema: type[Out]
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """`thing` is None where it is gone; `whole` and `bare` are the event with it and without it."""

    thing: Any
    whole: bytes
    bare: bytes


class SchemaShowing(Showing):
    """Of what no kind is registered, the owner alone hears, and the id alone.

    Receivers are told of an event at the same time, so those who ask while it is read share the reading. Afterwards it
    is read anew, as what it is about may have been made private meanwhile.
    """

    def __init__(self, units: Units, kinds: Mapping[str, Kind]) -> None:
        self._units, self._kinds = units, kinds
        self._reading: dict[str, asyncio.Task[Shown]] = {}

    async def __call__(self, event: Event, actor: Actor) -> bytes | None:
        kind = self._kinds.get(event.kind)
        own = actor.id == event.owner_id
        if event.type in TO_OWNER and not own:
            return None
        shown = await self._shown(event, kind)
        if kind is not None and shown.thing is not None and kind.readable(shown.thing, actor):
            return shown.whole
        if not (own or event.public or (kind is not None and kind.staff and actor.is_staff)):
            return None
        return shown.bare if shown.thing is None or event.type in WITHDRAWALS else None

    async def _shown(self, event: Event, kind: Kind | None) -> Shown:
        reading = self._reading.get(event.id)
        if reading is None:
            reading = self._reading[event.id] = asyncio.ensure_future(self._read(event, kind))
            reading.add_done_callback(lambda _: self._reading.pop(event.id))
        return await asyncio.shield(reading)

    async def _read(self, event: Event, kind: Kind | None) -> Shown:
        thing = None
        if kind is not None:
            async with self._units.open() as unit:
                try:
                    thing = await kind.load(unit, event.resource_id)
                except NotFound:
                    thing = None
        bare = _envelope(event, orjson.dumps({"id": event.resource_id}))
        return Shown(
            thing, bare if kind is None or thing is None else _envelope(event, rendered(kind.schema, thing)), bare
        )


def _envelope(event: Event, data: bytes) -> bytes:
    members = {
        "id": event.id,
        "type": event.type,
        "occurred_at": as_text_time(event.occurred_at),
        "actor_id": event.actor_id,
    }
    return orjson.dumps(members)[:-1] + b',"data":' + data + b"}"
