"""Accounts: joining, one's own profile, and looking after others'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from application.authentication import Credentials, Standings
from application.orders import cancel
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.security import PasswordHasher
from application.ports.unit_of_work import UnitOfWork, Units
from application.preconditions import Versions, require_version
from domain.access import Actor, Role, UserId
from domain.accounts import EmailTaken, User, UserFilter, UsernameTaken, WrongPassword, check_password, keep_an_admin
from domain.api_keys import ApiKey
from domain.catalogue import Item
from domain.errors import AlreadyExists, NotFound, Rejected
from domain.events import Fact
from domain.orders import Order, OrderId, OrderStatus
from domain.paging import Listing, Window
from domain.repository import held
from domain.sessions import Session
from domain.wallets import Entry, Wallet, WalletNotEmpty

_TAKEN: dict[str, type[Rejected]] = {"username_key": UsernameTaken, "email_key": EmailTaken}


def _told(type: str, user: User, **details: Any) -> Fact:
    return Fact(type=type, resource=f"user:{user.id}", owner_id=user.id, details=details)


async def end_credentials(unit: UnitOfWork, user_id: UserId, *, but: str | None = None, keys: bool = True) -> None:
    """Ends their sign-ins, all or all but one, and their keys."""
    for session in await unit.sessions.all_of(user_id):
        if session.id != but:
            unit.sessions.remove(session)
    if keys:
        for key in await unit.api_keys.all_of(user_id):
            unit.api_keys.remove(key)


async def _one_of(held_ones: Sequence[User], unit: UnitOfWork, id: str) -> User:
    """Somebody, held: perhaps among those who are already. Raises `NotFound`."""
    for user in held_ones:
        if user.id == id:
            return user
    return await held(unit.users, id)


@dataclass(frozen=True, slots=True)
class Register:
    """Anybody may join. Raises `Invalid` for a weak password, `UsernameTaken`, `EmailTaken`."""

    units: Units
    clock: Clock
    ids: Ids
    hasher: PasswordHasher
    common: Collection[str]

    async def __call__(
        self, *, username: str, email: str, password: str, full_name: str | None = None, role: Role = Role.CUSTOMER
    ) -> User:
        check_password(password, username=username, email=email, common=self.common)
        hash, at = await self.hasher.hash(password), self.clock()
        user = User(
            id=UserId(self.ids()),
            username=username,
            email=email,
            full_name=full_name,
            role=role,
            password_hash=hash,
            created_at=at,
            updated_at=at,
        )
        try:
            async with self.units.open() as unit:
                unit.users.add(user)
                unit.wallets.add(Wallet(id=user.id, created_at=at))
                unit.tell(_told("user.registered", user), actor=user.id)
                return await unit.commit(user)
        except AlreadyExists as taken:
            raise _TAKEN[taken.field]() from taken


@dataclass(frozen=True, slots=True)
class ReadUser:
    units: Units

    async def __call__(self, id: str) -> User:
        async with self.units.open() as unit:
            return await unit.users.get(id)


@dataclass(frozen=True, slots=True)
class ReadUsers:
    """Those that there are, in the order asked, each once; and the ids that there are not."""

    units: Units

    async def __call__(self, ids: Sequence[UserId]) -> tuple[list[User], list[UserId]]:
        wanted = list(dict.fromkeys(ids))
        async with self.units.open() as unit:
            found = {user.id: user for user in await unit.users.among(wanted)}
        return [found[id] for id in wanted if id in found], [id for id in wanted if id not in found]


@dataclass(frozen=True, slots=True)
class ListUsers:
    units: Units

    async def __call__(self, wanted: UserFilter, window: Window) -> Listing[User]:
        async with self.units.open() as unit:
            return await unit.users.matching(wanted, window)


@dataclass(frozen=True, slots=True)
class ReviseProfile:
    """One's own profile. Raises `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, changes: dict[str, Any], expected: Versions = None) -> User:
        async with self.units.open() as unit:
            user = await held(unit.users, actor.id)
            require_version(user.version, expected)
            revised = unit.users.save(user.revised(self.clock(), **changes))
            if revised is not user:
                unit.tell(_told("user.updated", user, fields=sorted(changes)), actor=actor.id)
            return await unit.commit(revised)


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
                unit.tell(_told("user.role_changed", user, role=revised.role), actor=actor.id)
            if user.is_active and not revised.is_active:
                unit.tell(_told("user.deactivated", user), actor=actor.id)
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
            unit.tell(_told("user.updated", user, fields=["password"]), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)


@dataclass(frozen=True, slots=True)
class Erase:
    """Ends one's own account and takes what is personal out of it. Raises `LastAdmin`, `WalletNotEmpty`."""

    units: Units
    clock: Clock
    standings: Standings

    async def __call__(self, actor: Actor) -> None:
        async with self.units.open() as unit:
            admins = await unit.users.held_admins() if actor.role is Role.ADMIN else []
            user = await _one_of(admins, unit, actor.id)
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
            unit.tell(_told("user.deactivated", user), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)

    async def _placed(self, unit: UnitOfWork, actor: Actor) -> list[OrderId]:
        return [order.id for order in await unit.orders.all_of(actor.id, OrderStatus.PLACED)]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held about somebody."""

    user: User
    sessions: Sequence[Session]
    api_keys: Sequence[ApiKey]
    items: Sequence[Item]
    orders: Sequence[Order]
    wallet: Wallet
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Export:
    units: Units

    async def __call__(self, actor: Actor) -> Held:
        async with self.units.open() as unit:
            return Held(
                await unit.users.get(actor.id),
                await unit.sessions.all_of(actor.id),
                await unit.api_keys.all_of(actor.id),
                await unit.items.all_of(actor.id),
                await unit.orders.all_of(actor.id),
                await unit.wallets.get(actor.id),
                await unit.ledger.all_of(actor.id),
            )


@dataclass(frozen=True, slots=True)
class AppointAdmin:
    """The first admin, where there is none. Answers whether one was appointed."""

    units: Units
    register: Register

    async def __call__(self, *, username: str, email: str, password: str) -> bool:
        async with self.units.open() as unit:
            if await unit.users.held_admins():
                return False
        try:
            await self.register(username=username, email=email, password=password, role=Role.ADMIN)
        except (UsernameTaken, EmailTaken):
            async with self.units.open() as unit:
                if not await unit.users.held_admins():
                    raise
            return False
        return True


@dataclass(frozen=True, slots=True)
class Accounts:
    """The use cases of this feature."""

    register: Register
    read: ReadUser
    read_many: ReadUsers
    list: ListUsers
    revise: ReviseProfile
    administer: Administer
    change_password: ChangePassword
    erase: Erase
    export: Export
