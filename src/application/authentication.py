"""Who is asking: from a token or a key to the actor, as they stand now."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.security import Keys, Tokens
from application.ports.unit_of_work import Units
from application.standings import Standing, Standings, standing_of
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.errors import Conflict, NotFound, Unauthenticated

TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Somebody who signed in: who they are, and by which session, token or key; a token's time ends at `expires_at`."""

    actor: Actor
    session_id: str | None = None
    token_id: str | None = None
    expires_at: datetime | None = None


@use_case
class AuthenticateToken:
    """An access token's bearer. Raises `Unauthenticated`."""

    units: Units
    clock: Clock
    tokens: Tokens
    standings: Standings

    async def __call__(self, text: str) -> Credentials:
        token = self.tokens.read(text, "access")
        standing = self.standings.of_session(token.session_id) or await self._read(token.session_id, token.user_id)
        if token.id in standing.ended:
            raise Unauthenticated()
        return Credentials(standing.actor(token.scopes), token.session_id, token.id, token.expires_at)

    async def _read(self, session_id: str, user_id: UserId) -> Standing:
        as_of, now = self.standings.dropped, self.standings.now()
        try:
            async with self.units.open() as unit:
                session = await unit.sessions.get(session_id)
                user = await unit.users.get(user_id)
        except NotFound:
            raise Unauthenticated() from None
        standing = standing_of(session, user, at=self.clock(), read_at=now)
        if standing is None or standing.user_id != user_id:
            raise Unauthenticated()
        self.standings.put(session_id, standing, as_of=as_of)
        return standing


@use_case
class AuthenticateKey:
    """An API key's bearer. Raises `Unauthenticated`. That the key was used is written down once a minute."""

    units: Units
    clock: Clock
    keys: Keys
    standings: Standings

    async def __call__(self, text: str) -> Credentials:
        digest = self.keys.digest(text)
        standing = self.standings.get(digest) or await self._read(digest)
        if standing.expires_at is not None and standing.expires_at <= self.clock():
            raise Unauthenticated()
        return Credentials(standing.actor())

    async def _read(self, digest: str) -> Standing:
        as_of, now, at = self.standings.dropped, self.standings.now(), self.clock()
        async with self.units.open() as unit:
            key = await unit.api_keys.with_digest(digest)
            if key is None or not key.alive(at):
                raise Unauthenticated()
            try:
                user = await unit.users.get(key.user_id)
            except NotFound:
                raise Unauthenticated() from None
            if not user.is_active:
                raise Unauthenticated()
            if key.last_used_at is None or at - key.last_used_at >= TOUCHED_EVERY:
                unit.api_keys.save(key.used(at))
                with suppress(Conflict):  # of several requests at once, one writes it down
                    await unit.commit(None)
        standing = Standing(key.user_id, user.role, frozenset(key.scopes), frozenset(), key.expires_at, now)
        self.standings.put(digest, standing, as_of=as_of)
        return standing
