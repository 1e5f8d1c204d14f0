"""What is mailed, valid as it stands."""

import itertools
from datetime import timedelta
from typing import Any

from domain.access import UserId
from domain.mail import MailedToken, Purpose
from domain.notifications import Notification
from tests.builders import FIRST, GREATEST, LAST, NOON, new_id

numbers = itertools.count(1)


def a_mailed_token(**over: Any) -> MailedToken:
    number = next(numbers)
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": new_id(),
        "user_id": UserId(new_id()),
        "purpose": Purpose.RESET,
        "digest": f"digest-{number}",
        "email": "ada@example.com",
        "created_at": at,
        "expires_at": at + timedelta(hours=1),
    }
    return MailedToken(**given | over)


def a_notification(**over: Any) -> Notification:
    given: dict[str, Any] = {
        "id": new_id(),
        "user_id": UserId(new_id()),
        "subject": "Tea",
        "message": "It is ready.",
        "created_at": NOON,
    }
    return Notification(**given | over)


def a_full_mailed_token(**over: Any) -> MailedToken:
    full = {"version": 2, "purpose": Purpose.VERIFY, "email": "jörg+%_'@example.com", "created_at": FIRST}
    return a_mailed_token(**{**full, "expires_at": LAST} | over)


def a_full_notification(**over: Any) -> Notification:
    full = {
        "version": GREATEST - 1,
        "subject": "naïve \U0001d518 'x' \\z %_ 日本",
        "message": "two\nlines \x01\u2028 😀",
    }
    return a_notification(**{**full, "created_at": FIRST, "read_at": LAST} | over)
