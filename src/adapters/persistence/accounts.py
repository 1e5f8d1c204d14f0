from collections.abc import Sequence
from typing import Any

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, AnyOf, Condition, Equal, Key, begins
from adapters.persistence.search import Findable, FindableRepository
from domain import text
from domain.access import Role, UserId
from domain.accounts import User, UserFilter, Users
from domain.paging import Listing, Window
from domain.search import Kind


def _derived(user: User) -> dict[str, Any]:
    return {
        "username_key": user.username_key,
        "email_key": user.email_key,
        "full_name_key": text.unique_key(user.full_name) if user.full_name else None,
    }


USERS = Collection("users", User, unique=("username_key", "email_key"), derive=_derived, remembered=True)


class StoredUsers(FindableRepository[User], Users):
    collection = USERS

    def found_by(self, user: User) -> Findable:
        """By what others may read of them, never by their address."""
        return Findable(
            kind=Kind.USER,
            owner_id=user.id,
            is_public=user.is_active,
            created_at=user.created_at,
            names=(user.username, user.full_name),
        )

    async def known_as(self, login: str) -> User | None:
        key = text.unique_key(login)
        return await self._first(Equal("email_key" if "@" in key else "username_key", key))

    async def among(self, ids: Sequence[UserId]) -> Sequence[User]:
        return await self._all(Among("id", ids))

    async def matching(self, wanted: UserFilter, window: Window) -> Listing[User]:
        where: list[Condition] = []
        if wanted.q is not None:
            prefix = text.unique_key(wanted.q)
            where.append(AnyOf(tuple(begins(f"{name}_key", prefix) for name in ("username", "full_name", "email"))))
        if wanted.role is not None:
            where.append(Equal("role", wanted.role.value))
        if wanted.is_active is not None:
            where.append(Equal("is_active", wanted.is_active))
        return await self._listing(window, *where)

    async def held_admins(self) -> Sequence[User]:
        admins = await self._all(Equal("role", Role.ADMIN.value), Equal("is_active", True), order=(Key("id"),))
        held = await self.hold(*(admin.id for admin in admins))
        return [admin for admin in held if admin.is_active_admin]
