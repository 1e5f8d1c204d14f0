"""Those who are shown beside what they made: looked up for all of a list at once, as they are now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from application.ports.unit_of_work import UnitOfWork
from domain.access import UserId
from domain.accounts import User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Signed(Generic[T]):
    """Something, and whose it is."""

    thing: T
    person: User


async def people(unit: UnitOfWork, ids: Iterable[UserId]) -> Mapping[UserId, User]:
    """An account that was erased is still there, with nothing personal in it."""
    wanted = sorted(set(ids))
    return {user.id: user for user in await unit.users.among(wanted)} if wanted else {}
