"""Who may do what: roles, scopes and the actor that every use case is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

UserId = NewType("UserId", str)


class Role(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


_AREAS = ("profile", "items", "orders", "wallet", "posts", "todos", "files", "rooms", "webhooks")
_CUSTOMER = frozenset(f"{area}:{verb}" for area in _AREAS for verb in ("read", "write")) | {"predictions:run"}
_STAFF = _CUSTOMER | {"users:read", "notifications:write", "stats:read"}

SCOPES: dict[Role, frozenset[str]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.STAFF: _STAFF,
    Role.ADMIN: _STAFF | {"users:write", "admin"},
}
ALL_SCOPES = SCOPES[Role.ADMIN]


def granted(role: Role, asked: Iterable[str] | None) -> frozenset[str]:
    """What a credential gets: the scopes asked for, cut down to the role's; all of those where none is asked for."""
    return SCOPES[role] if asked is None else SCOPES[role].intersection(asked)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, as they are now."""

    id: UserId
    role: Role
    scopes: frozenset[str]

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.CUSTOMER
