"""Accounts: people, their profile, role and standing."""

import re
from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, Self

from domain import text
from domain.access import Actor, Role, UserId
from domain.errors import Forbidden, Invalid, Rejected
from domain.paging import Listing, Window
from domain.repository import Repository

ERASED = "deleted"
"""The username that is shown in place of an erased one."""

AGES = range(13, 121)
_USERNAME = re.compile(r"[A-Za-z0-9_]{3,50}", re.ASCII)


class UsernameTaken(Rejected):
    code = "username_taken"
    detail = "Somebody has this username."


class EmailTaken(Rejected):
    code = "email_taken"
    detail = "Somebody has this e-mail address."


class LastAdmin(Rejected):
    code = "last_admin"
    detail = "The last active admin has to stay one."


class WrongPassword(Forbidden):
    code = "wrong_password"
    detail = "This is not the current password."


def username(value: str) -> str:
    """Stripped. Raises `Invalid` where it is not 3-50 of letters, digits and underscores (ASCII)."""
    value = text.normalise(value)
    if not _USERNAME.fullmatch(value):
        raise Invalid("must be 3-50 of A-Z, a-z, 0-9 and _")
    return value


def check_password(
    password: str, *, username: str, email: str, common: Collection[str], field: str = "password"
) -> None:
    """The policy: 8-128 code points, a letter and a digit, neither common nor the name or address. Raises `Invalid`."""
    lowered = password.lower()
    if not 8 <= len(password) <= 128:
        raise Invalid("must have 8-128 characters", field=field)
    if not (any(c.isalpha() for c in password) and any(c.isdigit() for c in password)):
        raise Invalid("must contain a letter and a digit", field=field)
    if lowered in common:
        raise Invalid("is among the most common passwords", field=field)
    if lowered in (username.lower(), email.lower()):
        raise Invalid("must not be the username or the e-mail address", field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: UserId
    version: int = 1
    username: str
    email: str
    email_verified: bool = False
    full_name: str | None = None
    bio: str | None = None
    age: int | None = None
    avatar_url: str | None = None
    role: Role = Role.CUSTOMER
    is_active: bool = True
    password_hash: str
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.age is not None and self.age not in AGES:
            raise Invalid(f"must be {AGES.start}-{AGES.stop - 1}", field="age")

    @property
    def username_key(self) -> str | None:
        """What makes usernames unique; an erased account gives its name free."""
        return None if self.erased_at else text.unique_key(self.username)

    @property
    def email_key(self) -> str | None:
        return None if self.erased_at else text.unique_key(self.email)

    @property
    def is_active_admin(self) -> bool:
        return self.is_active and self.role is Role.ADMIN

    def revised(self, at: datetime, **changes: Any) -> Self:
        """With these fields changed; itself where that changes nothing."""
        changed = replace(self, **changes)
        return self if changed == self else replace(changed, updated_at=at)

    def erased(self, at: datetime) -> Self:
        """Deactivated, without anything personal. The id stays, for what others hold of them."""
        return replace(
            self,
            username=ERASED,
            email="",
            email_verified=False,
            full_name=None,
            bio=None,
            age=None,
            avatar_url=None,
            role=Role.CUSTOMER,
            is_active=False,
            password_hash="",
            updated_at=at,
            erased_at=at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """`q` is the beginning of a username, full name or address, literally, without regard to case."""

    q: str | None = None
    role: Role | None = None
    is_active: bool | None = None


class Users(Repository[User], Protocol):
    @abstractmethod
    async def known_as(self, login: str) -> User | None:
        """Whose username or e-mail address this is, without regard to case."""

    @abstractmethod
    async def among(self, ids: Sequence[UserId]) -> Sequence[User]:
        """Those of the ids that exist, in no order."""

    @abstractmethod
    async def matching(self, wanted: UserFilter, window: Window) -> Listing[User]:
        """Newest first."""

    @abstractmethod
    async def held_admins(self) -> Sequence[User]:
        """All active admins, held: who decides on one of them knows that the others stay."""


def keep_an_admin(admins: Sequence[User], leaving: User) -> None:
    """Raises `LastAdmin` where nobody but the one who leaves is an active admin."""
    if leaving.is_active_admin and all(admin.id == leaving.id for admin in admins):
        raise LastAdmin()


def sees_whole(actor: Actor, user: User) -> bool:
    """Whether the actor may read more of this person than the public part."""
    return actor.is_staff or actor.id == user.id
