"""Standing: roles, passwords, and leaving. What ends somebody's credentials drops what is remembered of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from application.accounts.facts import told
from application.authentication import Credentials, Standings
from application.orders import cancel
from application.ports.clock import Clock
from application.ports.security import PasswordHasher
from application.ports.unit_of_work import UnitOfWork, Units
from application.preconditions import Versions, require_version
from domain.access import Actor, Role, UserId
from domain.accounts import User, WrongPassword, check_password, keep_an_admin
from domain.errors import NotFound
from domain.events import Fact
from domain.orders import OrderId, OrderStatus
from domain.repository import held
from domain.wallets import WalletNotEmpty


async def _one_of(held_ones: Sequence[User], unit: UnitOfWork, id: str) -> User:
    """Somebody, held: perhaps among those who are already. Raises `NotFound`."""
    for user in held_ones:
        if user.id == id:
            return user
    return await held(unit.users, id)


async def end_credentials(unit: UnitOfWork, user_id: UserId, *, but: str | None = None, keys: bool = True) -> None:
    """Ends their sign-ins, all or all but one, and their keys."""
    for session in await unit.sessions.all_of(user_id):
        if session.id != but:
            unit.sessions.remove(session)
    if keys:
        for key in await unit.api_keys.all_of(user_id):
            unit.api_keys.remove(key)


@dataclass(frozen=True, slots=True)
class Administer:
    """Somebody's role and standing. Raises `NotFound`, `PreconditionFailed`, `LastAdmin`."""

    units: Units
    clock: Clock
    standings: Standings

    async def __call__(self, actor: Actor, id: str, changes: dict[str, Any], expected: Versions = None) -> User:
        async with self.units.open() as unit:
            admins = await unit.users.held_admins()
            user = await _one_of(admins, unit, id)
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
            revised = await unit.commit(unit.users.save(revised))
        self.standings.drop(revised.id)
        return revised


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Ends all other sign-ins; keys stay. Raises `WrongPassword`, and `Invalid` for a weak one."""

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


@dataclass(frozen=True, slots=True)
class Erase:
    """Ends one's own account and takes what is personal out of it.

    Raises `PreconditionFailed`, `LastAdmin`, `WalletNotEmpty`.
    """

    units: Units
    clock: Clock
    standings: Standings

    async def __call__(self, actor: Actor, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            admins = await unit.users.held_admins() if actor.role is Role.ADMIN else []
            user = await _one_of(admins, unit, actor.id)
            require_version(user.version, expected)
            keep_an_admin(admins, user)
            at = self.clock()
            orders = await unit.orders.hold(*await self._placed(unit, actor))
            placed = [order for order in orders if order.status is OrderStatus.PLACED]
            await cancel(unit, placed, reason="account_deleted", at=at, by=actor.id)
            if (await held(unit.wallets, user.id)).balance:
                raise WalletNotEmpty()
            unit.users.save(user.erased(at))
            await end_credentials(unit, user.id)
            for item in await unit.items.all_of(user.id):
                unit.items.remove(item)
                unit.tell(
                    Fact(type="item.deleted", resource=f"item:{item.id}", owner_id=user.id, public=item.is_public),
                    actor=user.id,
                )
            unit.tell(told("user.deactivated", user), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)

    async def _placed(self, unit: UnitOfWork, actor: Actor) -> list[OrderId]:
        return [order.id for order in await unit.orders.all_of(actor.id, OrderStatus.PLACED)]
