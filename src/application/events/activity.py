"""The activity log: who did what, when, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.ports.unit_of_work import Units
from application.use_case import use_case
from domain.accounts import User
from domain.events import ActivityFilter, Event
from domain.paging import Listing, Window, mapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event as the log shows it; `actor` is None where nobody who is known did it."""

    id: str
    at: datetime
    actor: User | None
    action: str
    resource: str
    ip: str | None
    request_id: str
    details: Mapping[str, Any]


@use_case
class ListActivity:
    """Newest first."""

    units: Units

    async def __call__(self, wanted: ActivityFilter, window: Window) -> Listing[Record]:
        async with self.units.open() as unit:
            found = await unit.events.matching(wanted, window)
            actors = {event.actor_id for event in found.items if event.actor_id is not None}
            people = {user.id: user for user in await unit.users.among(sorted(actors))}

        def record(event: Event) -> Record:
            return Record(
                id=event.id,
                at=event.occurred_at,
                actor=people.get(event.actor_id) if event.actor_id is not None else None,
                action=event.type,
                resource=event.resource,
                ip=event.ip,
                request_id=event.request_id or event.id,
                details=event.details,
            )

        return mapped(found, record)
