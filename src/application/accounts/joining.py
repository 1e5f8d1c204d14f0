"""Joining: anybody, and the first admin."""

from collections.abc import Collection

from application.accounts.facts import told
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.security import PasswordHasher
from application.ports.unit_of_work import Units
from application.use_case import use_case
from domain.access import Role, UserId
from domain.accounts import EmailTaken, User, UsernameTaken, check_password
from domain.errors import AlreadyExists, Rejected
from domain.mail import WELCOME
from domain.tasks import Task
from domain.wallets import Wallet

_TAKEN: dict[str, type[Rejected]] = {"username_key": UsernameTaken, "email_key": EmailTaken}


@use_case
class Register:
    """Anybody may join, and is written to. Raises `Invalid` for a weak password, `UsernameTaken`, `EmailTaken`."""

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
                unit.tell(told("user.registered", user), actor=user.id)
                unit.tasks.add(Task.queued(id=self.ids(), kind=WELCOME, payload={"user_id": user.id}, at=at))
                return await unit.commit(user)
        except AlreadyExists as taken:
            raise _TAKEN[taken.field]() from taken


@use_case
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
