"""Accounts, sign-ins and keys that are valid as they stand."""

from datetime import timedelta
from typing import Any

from domain.access import Role, UserId
from domain.accounts import User
from domain.api_keys import ApiKey
from domain.sessions import RevokedToken, Session
from tests.builders.values import FIRST, LAST, MS, NOON, new_id, numbers


def a_user(**over: Any) -> User:
    number = next(numbers)
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": UserId(new_id()),
        "username": f"user_{number}",
        "email": f"user_{number}@example.com",
        "password_hash": "$2b$12$hash",
        "created_at": at,
        "updated_at": at,
    }
    return User(**given | over)


def a_session(**over: Any) -> Session:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": new_id(),
        "user_id": UserId(new_id()),
        "refresh_id": new_id(),
        "created_at": at,
        "last_used_at": at,
        "expires_at": at + timedelta(days=14),
    }
    return Session(**given | over)


def an_api_key(**over: Any) -> ApiKey:
    number = next(numbers)
    given: dict[str, Any] = {
        "id": new_id(),
        "user_id": UserId(new_id()),
        "name": "deploy",
        "prefix": "pk_12345678",
        "digest": f"digest-{number}",
        "scopes": ("items:read",),
        "created_at": NOON,
    }
    return ApiKey(**given | over)


def a_full_user(**over: Any) -> User:
    """With every field other than its default, and with what stores stumble over."""
    return a_user(
        **{
            "version": 7,
            "email_verified": True,
            "full_name": "Ångström ß \u0130\u212a 😀\U0010ffff",
            "bio": "two\nlines\tand 'quotes' \"too\" \\ % _ \x01\u2028 日本",
            "age": 120,
            "avatar_url": "/files/a.png?x=1&y=%20",
            "role": Role.ADMIN,
            "is_active": False,
            "created_at": FIRST,
            "updated_at": LAST,
            "erased_at": FIRST + MS,
        }
        | over
    )


def a_full_session(**over: Any) -> Session:
    return a_session(
        **{
            "version": 3,
            "scopes": ("items:read", "orders:write"),
            "revoked": (RevokedToken(id=new_id(), expires_at=LAST), RevokedToken(id=new_id(), expires_at=FIRST)),
            "ip": "2001:db8::1",
            "user_agent": "curl/8 (ünï) 😀",
            "created_at": FIRST,
            "last_used_at": FIRST + MS,
            "expires_at": LAST,
        }
        | over
    )


def a_full_api_key(**over: Any) -> ApiKey:
    return an_api_key(
        **{
            "version": 2,
            "name": "dëploy 😀",
            "scopes": ("items:read", "items:write"),
            "created_at": FIRST,
            "expires_at": LAST,
            "last_used_at": FIRST + MS,
        }
        | over
    )
