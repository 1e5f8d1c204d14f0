"""What is told of accounts."""

from typing import Any

from domain.accounts import User
from domain.events import Fact


def told(type: str, user: User, **details: Any) -> Fact:
    return Fact(type=type, resource=f"user:{user.id}", owner_id=user.id, details=details)
