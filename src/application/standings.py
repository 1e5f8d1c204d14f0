"""How people stand: what was read about a session or a key is believed for a second at most."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.use_case import use_case
from domain.access import Actor, Role, UserId, granted
from domain.accounts import User
from domain.sessions import Session

FRESH_S = 1.0
"""How long what was read about somebody may be believed by a worker that did not change it."""

RENEWED_S = FRESH_S / 2
BUSY_S = 2.0
"""How long after its last request a session is renewed: two rows out of many cost a tenth of two by themselves."""

MOST = 20_000
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """What a session or key may do as of now. `ended` are the access tokens of the session that were revoked."""

    user_id: UserId
    role: Role
    scopes: frozenset[str] | None
    ended: frozenset[str]
    expires_at: datetime | None
    read_at: float

    def actor(self, scopes: frozenset[str] | None = None) -> Actor:
        return Actor(self.user_id, self.role, granted(self.role, self.scopes if scopes is None else scopes))


def standing_of(session: Session, user: User | None, *, at: datetime, read_at: float) -> Standing | None:
    """None where the session is no longer good."""
    if user is None or not user.is_active or session.user_id != user.id or session.expires_at <= at:
        return None
    ended = frozenset(token.id for token in session.revoked)
    return Standing(user.id, user.role, None, ended, session.expires_at, read_at)


class Standings:
    """What was read of people's standing, for a second at most; what ends somebody's drops it at once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.now = monotonic
        self.dropped = 0
        self._kept: dict[str, Standing] = {}
        self._of: dict[UserId, set[str]] = {}
        self._asked: dict[str, float] = {}

    def get(self, credential: str) -> Standing | None:
        standing = self._kept.get(credential)
        return standing if standing is not None and self.now() - standing.read_at < FRESH_S else None

    def of_session(self, session_id: str) -> Standing | None:
        """The same; a session that was asked for is renewed before its second is over, for a while."""
        self._asked[session_id] = self.now()
        return self.get(session_id)

    def busy(self) -> Sequence[tuple[str, UserId]]:
        """The sessions that were asked for lately, each with whose it is."""
        since = self.now() - BUSY_S
        self._asked = {id: at for id, at in self._asked.items() if at > since and id in self._kept}
        return [(id, self._kept[id].user_id) for id in self._asked]

    def put(self, credential: str, standing: Standing, *, as_of: int) -> None:
        """`as_of` is what `dropped` was before the reading: what was read before an ending is not kept after it."""
        if as_of != self.dropped:
            return
        if len(self._kept) >= MOST and credential not in self._kept:
            self._kept.clear()
            self._of.clear()
        self._kept[credential] = standing
        self._of.setdefault(standing.user_id, set()).add(credential)

    def drop(self, user_id: UserId) -> None:
        self.dropped += 1
        for credential in self._of.pop(user_id, ()):
            self._kept.pop(credential, None)


@use_case
class RenewStandings:
    """Reads those of busy sessions again, many by one question, so that none of their requests has to wait for it.

    Whose session has ended is not renewed: the next request finds out for itself.
    """

    units: Units
    clock: Clock
    standings: Standings

    async def __call__(self) -> None:
        busy = self.standings.busy()
        for start in range(0, len(busy), AT_ONCE):
            await self._renew(dict(busy[start : start + AT_ONCE]))

    async def _renew(self, owners: dict[str, UserId]) -> None:
        as_of, read_at = self.standings.dropped, self.standings.now()
        async with self.units.open() as unit:
            sessions = await unit.sessions.among(list(owners))
            users = {user.id: user for user in await unit.users.among(list(set(owners.values())))}
        at = self.clock()
        for session in sessions:
            standing = standing_of(session, users.get(session.user_id), at=at, read_at=read_at)
            if standing is not None:
                self.standings.put(session.id, standing, as_of=as_of)
