"""API keys: making, listing and ending one's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.security import Keys
from application.ports.unit_of_work import Units
from application.standings import Standings
from application.use_case import use_case
from domain.access import Actor, granted
from domain.api_keys import ApiKey
from domain.errors import NotFound
from domain.paging import Listing, Window
from domain.repository import held


@use_case
class MakeApiKey:
    """Answers what is kept of it, and the key itself: this once. It may no more than what it was made with."""

    units: Units
    clock: Clock
    ids: Ids
    keys: Keys

    async def __call__(
        self, actor: Actor, name: str, scopes: Collection[str], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        key, prefix = self.keys.new()
        async with self.units.open() as unit:
            kept = ApiKey(
                id=self.ids(),
                user_id=actor.id,
                name=name,
                prefix=prefix,
                digest=self.keys.digest(key),
                scopes=tuple(sorted(actor.scopes & granted(actor.role, scopes))),
                created_at=self.clock(),
                expires_at=expires_at,
            )
            unit.api_keys.add(kept)
            return await unit.commit((kept, key))


@use_case
class ListApiKeys:
    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[ApiKey]:
        async with self.units.open() as unit:
            return await unit.api_keys.of(actor.id, window)


@use_case
class EndApiKey:
    """Raises `NotFound` where it is not one of theirs."""

    units: Units
    standings: Standings

    async def __call__(self, actor: Actor, id: str) -> None:
        async with self.units.open() as unit:
            key = await held(unit.api_keys, id)
            if key.user_id != actor.id:
                raise NotFound()
            unit.api_keys.remove(key)
            await unit.commit(None)
        self.standings.drop(actor.id)


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The use cases of this feature."""

    make: MakeApiKey
    list: ListApiKeys
    end: EndApiKey
