"""Who is connected: each worker says so in the store, for a while at a time, and looks at what the others say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.authentication import Credentials
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from application.rooms.keeping import room_for
from application.rooms.people import Somebody, somebodies
from application.use_case import use_case
from domain.access import Actor, UserId, granted
from domain.accounts import User
from domain.rooms import Presence, Room, RoomId, place_of
from domain.sessions import Session

BELIEVED = timedelta(seconds=15)
"""A worker that was killed is believed for so long."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who one worker has in a room; `id` is the worker's own for this room."""

    id: str
    room_id: RoomId
    people: tuple[UserId, ...]


@use_case
class Report:
    """Writes down who is connected to this worker."""

    units: Units
    clock: Clock
    believed: timedelta = BELIEVED

    async def __call__(self, worker_id: str, present: Collection[Present]) -> None:
        async with self.units.open() as unit:
            await put(unit, worker_id, present, self.clock() + self.believed)
            await unit.commit(None)


async def put(unit: UnitOfWork, worker_id: str, present: Collection[Present], until: datetime) -> None:
    """What a worker says, in place of what it said before."""
    known = {each.id: each for each in await unit.presences.hold(*(each.id for each in present))}
    for each in present:
        before = known.get(each.id)
        version = before.version if before else 1
        now = Presence(
            id=each.id, version=version, room_id=each.room_id, worker_id=worker_id, people=each.people,
            expires_at=until,
        )  # fmt: skip
        if before is None and each.people:
            unit.presences.add(now)
        elif before is not None and each.people:
            unit.presences.save(now)
        elif before is not None:
            unit.presences.remove(before)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the store says of a room: how far it has been counted, and whom the other workers have there."""

    last: int
    people: Mapping[UserId, Somebody]


@use_case
class Look:
    """At rooms: those that are gone are left out. `worker_id` is whose own report is not asked for."""

    units: Units
    clock: Clock

    async def __call__(self, worker_id: str, room_ids: Sequence[str]) -> dict[str, Sight]:
        async with self.units.open() as unit:
            counts = [count for count in await unit.counts.among(room_ids) if not count.closed]
            reports = await unit.presences.among(room_ids, at=self.clock())
            others: dict[str, list[UserId]] = {}
            for report in reports:
                if report.worker_id != worker_id:
                    others.setdefault(report.room_id, []).extend(report.people)
            known = await somebodies(unit, (id for ids in others.values() for id in ids))
        return {
            count.id: Sight(count.last, {id: known[id] for id in others.get(count.id, ()) if id in known})
            for count in counts
        }


@use_case
class Admit:
    """Whether they may connect. Raises `NotFound`."""

    units: Units

    async def __call__(self, actor: Actor, room_id: str) -> tuple[Room, Somebody]:
        async with self.units.open() as unit:
            room = await room_for(unit, actor, await unit.rooms.get(room_id))
            return room, Somebody.of(await unit.users.get(actor.id))


@use_case
class Recheck:
    """Many at once: who still is who they were, and who is still in the private rooms where they are connected."""

    units: Units
    clock: Clock

    async def credentials(self, given: Sequence[Credentials]) -> list[Actor | None]:
        """Each token's bearer as they are now, or None where it has ended."""
        async with self.units.open() as unit:
            sessions = {each.id: each for each in await unit.sessions.among(_sessions(given))}
            users = {each.id: each for each in await unit.users.among(list({each.actor.id for each in given}))}
        return [self._now(each, sessions.get(each.session_id or ""), users.get(each.actor.id)) for each in given]

    def _now(self, given: Credentials, session: Session | None, user: User | None) -> Actor | None:
        now = self.clock()
        if session is None or user is None or not user.is_active or session.expires_at <= now:
            return None
        if given.expires_at is not None and given.expires_at <= now:
            return None
        if given.token_id is None or session.has_revoked(given.token_id):
            return None
        return Actor(user.id, user.role, granted(user.role, given.actor.scopes))

    async def places(self, pairs: Collection[tuple[str, UserId]]) -> set[tuple[str, UserId]]:
        """Those of the pairs of room and person that are members."""
        async with self.units.open() as unit:
            found = await unit.members.at([place_of(room_id, user_id) for room_id, user_id in pairs])
        return {(member.room_id, member.user_id) for member in found}


def _sessions(given: Sequence[Credentials]) -> list[str]:
    return list({each.session_id for each in given if each.session_id is not None})
