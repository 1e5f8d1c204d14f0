"""The public part of people, beside what they own or said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from application.people import people
from application.ports.unit_of_work import UnitOfWork
from domain.access import UserId
from domain.accounts import User


@dataclass(frozen=True, slots=True)
class Somebody:
    id: UserId
    username: str
    full_name: str | None
    avatar_url: str | None
    version: int = 1

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.id, user.username, user.full_name, user.avatar_url, user.version)


async def somebodies(unit: UnitOfWork, ids: Iterable[UserId]) -> Mapping[UserId, Somebody]:
    return {id: Somebody.of(user) for id, user in (await people(unit, ids)).items()}
