"""The use cases as the application has them, on memory; the clock stands still and passwords cost nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.memory.store import MemoryStore
from adapters.persistence.events import EVENTS
from application.accounts import Accounts
from application.api_keys import ApiKeys
from application.authentication import Credentials
from application.catalogue import Catalogue
from application.ports.security import PasswordHasher
from application.ports.unit_of_work import Units
from application.sessions import Client, Grant, Sessions
from application.standings import Standings
from domain.access import SCOPES, Actor, Role, UserId
from domain.accounts import User
from domain.events import Event
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.builders import FixedClock

PASSWORD = "correct horse 1"


class PlainHasher(PasswordHasher):
    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password: str, hash: str | None) -> bool:
        return hash == f"plain:{password}"


class Ticks:
    """Seconds, as a process counts them."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Worker:
    """One process of those that serve a store: what it believes of people's standing is its own."""

    container: Any
    standings: Standings

    async def asks(self, token: str) -> Credentials:
        found: Credentials = await self.container.authenticate_token()(token)
        return found

    async def asks_by_key(self, key: str) -> Credentials:
        found: Credentials = await self.container.authenticate_key()(key)
        return found

    @property
    def accounts(self) -> Accounts:
        found: Accounts = self.container.accounts()
        return found

    @property
    def sessions(self) -> Sessions:
        found: Sessions = self.container.sessions()
        return found

    @property
    def api_keys(self) -> ApiKeys:
        found: ApiKeys = self.container.api_keys()
        return found

    @property
    def catalogue(self) -> Catalogue:
        found: Catalogue = self.container.catalogue()
        return found

    @property
    def units(self) -> Units:
        found: Units = self.container.units()
        return found


class World:
    """A store, a clock, and as many workers as are asked for."""

    def __init__(self) -> None:
        self.clock, self.ticks, self.store = FixedClock(), Ticks(), MemoryStore()
        self.settings = load_settings(database_url="memory://", blob_url="memory://", secret_key="s" * 32)

    def worker(self) -> Worker:
        container: Any = Container(settings=self.settings)
        standings = Standings(self.ticks)
        overrides = {"clock": self.clock, "store": self.store, "hasher": PlainHasher(), "standings": standings}
        for name, port in overrides.items():
            getattr(container, name).override(port)
        return Worker(container, standings)

    async def joined(self, username: str, role: Role = Role.CUSTOMER) -> Actor:
        register = self.worker().container.register()
        user: User = await register(username=username, email=f"{username}@example.com", password=PASSWORD, role=role)
        return acting(user.id, role)

    async def signed_in(self, username: str, *scopes: str) -> Grant:
        return await self.worker().sessions.sign_in(username, PASSWORD, scopes or None, Client("192.0.2.1", "curl"))

    async def user(self, id: str) -> User:
        return await self.worker().accounts.read(id)

    def told(self) -> Sequence[Event]:
        """What has been told, in order."""
        rows, _ = self.store.of(EVENTS)
        return [EVENTS.load(row) for row in rows.values()]


def acting(id: UserId, role: Role = Role.CUSTOMER) -> Actor:
    return Actor(id, role, SCOPES[role])
