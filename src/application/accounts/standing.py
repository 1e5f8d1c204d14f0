"""Standing: roles, passwords, and leaving. What ends somebody's credentials drops what is remembered of them."""

from collections.abc import Collection, Sequence
from typing import Any

from application.accounts.facts import told
from application.authentication import Credentials
from application.ports.clock import Clock
from application.ports.security import PasswordHasher
from application.ports.unit_of_work import UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.standings import Standings
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.accounts import User, WrongPassword, check_password, keep_an_admin
from domain.errors import NotFound
from domain.mail import Purpose
from domain.repository import held


async def one_of(held_ones: Sequence[User], unit: UnitOfWork, id: str) -> User:
    """Somebody, held: perhaps among those who are already. Raises `NotFound`."""
    for user in held_ones:
        if user.id == id:
            return user
    return await held(unit.users, id)


async def end_credentials(unit: UnitOfWork, user_id: UserId, *, but: str | None = None, keys: bool = True) -> None:
    """Ends their sign-ins, links that were mailed for a new password, and their keys. `but` is a sign-in whose access
    tokens live on, without being refreshed."""
    for session in await unit.sessions.all_of(user_id):
        if session.id == but:
            unit.sessions.save(session.unrefreshable())
        else:
            unit.sessions.remove(session)
    for token in await unit.mailed_tokens.all_of(user_id):
        if token.purpose is Purpose.RESET:
            unit.mailed_tokens.remove(token)
    if keys:
        for key in await unit.api_keys.all_of(user_id):
            unit.api_keys.remove(key)


async def end_links(unit: UnitOfWork, user_id: UserId) -> None:
    """Ends all that was mailed to somebody who goes."""
    for token in await unit.mailed_tokens.all_of(user_id):
        unit.mailed_tokens.remove(token)


@use_case
class Administer:
    """Somebody's role and standing. Raises `NotFound`, `PreconditionFailed`, `LastAdmin`."""

    units: Units
    clock: Clock
    standings: Standings

    async def __call__(self, actor: Actor, id: str, changes: dict[str, Any], expected: Versions = None) -> User:
        async with self.units.open() as unit:
            admins = await unit.users.held_admins()
            user = await one_of(admins, unit, id)
            if user.erased_at is not None:
                raise NotFound()
            require_version(user.version, expected)
            revised = user.revised(self.clock(), **changes)
            if not revised.is_active_admin:
                keep_an_admin(admins, user)
            if not revised.is_active:
                await end_credentials(unit, user.id)
            if revised.role is not user.role:
                unit.tell(told("user.role_changed", user, role=revised.role), actor=actor.id)
            if user.is_active and not revised.is_active:
                unit.tell(told("user.deactivated", user), actor=actor.id)
            if revised.is_active and not user.is_active:
                unit.tell(told("user.updated", user, fields=["is_active"]), actor=actor.id)
            revised = await unit.commit(unit.users.save(revised))
        self.standings.drop(revised.id)
        return revised


@use_case
class ChangePassword:
    """Ends all refresh tokens and other sign-ins; keys stay. Raises `WrongPassword`, and `Invalid` for a weak one."""

    units: Units
    clock: Clock
    hasher: PasswordHasher
    common: Collection[str]
    standings: Standings

    async def __call__(self, who: Credentials, current: str, new: str) -> None:
        async with self.units.open() as unit:
            user = await unit.users.get(who.actor.id)
            check_password(new, username=user.username, email=user.email, common=self.common, field="new_password")
            if not await self.hasher.verify(current, user.password_hash):
                raise WrongPassword()
            hash = await self.hasher.hash(new)
            unit.users.save(user.revised(self.clock(), password_hash=hash))
            await end_credentials(unit, user.id, but=who.session_id, keys=False)
            unit.tell(told("user.updated", user, fields=["password"]), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)
