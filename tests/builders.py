"""Entities that are valid as they stand: a test names only what it is about. Their unique values are unique."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from application.ports.clock import Clock
from application.ports.ids import Ids
from domain.access import Role, UserId
from domain.accounts import User
from domain.api_keys import ApiKey
from domain.catalogue import Item, ItemId
from domain.events import Counter, Event
from domain.files import File, FileId, Purpose
from domain.images import Image
from domain.journal import Comment, CommentId, Post, PostId, PostStatus, Sentiment
from domain.money import Money
from domain.sessions import RevokedToken, Session
from domain.tasks import Task, TaskError, TaskStatus
from domain.todos import Todo, TodoId

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
MS = timedelta(milliseconds=1)
GREATEST = 2**53 - 1

NASTY = (
    "%", "_", "\\", ".", "*", "(", "[", "]", "'", '"', "\n", "$", "^", "{a,b}", "NULL", "null", "-", "a b", ":*",
    "$set", "a.b", "--", ";", "?", "+", "|", "&", "ß", "ſ", "\u0130", "\u212a", "ﬁ", "é", "日本", "😀", "\U0010ffff",
    "\ue000", "\x01", "\u2028",
)  # fmt: skip
"""Text that some store somewhere takes for something else."""


class FixedClock(Clock):
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> datetime:
        """By what `timedelta` takes; answers the new time."""
        self.now += timedelta(**delta)
        return self.now


class CountedIds(Ids):
    """UUIDv7s that ascend, the same ones each time; `series` keeps two of these apart."""

    def __init__(self, series: int = 0) -> None:
        self._prefix, self._numbers = f"{0x0197_0000_0000 + series:012x}", itertools.count(1)

    def __call__(self) -> str:
        return f"{self._prefix[:8]}-{self._prefix[8:]}-7000-8000-{next(self._numbers):012x}"


new_id = CountedIds()
_number = itertools.count(1)


def a_user(**over: Any) -> User:
    number = next(_number)
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


def an_item(**over: Any) -> Item:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": ItemId(new_id()),
        "owner_id": UserId(new_id()),
        "name": "Kettle",
        "price": Money(1999),
        "created_at": at,
        "updated_at": at,
    }
    return Item(**given | over)


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
    number = next(_number)
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


def a_todo(**over: Any) -> Todo:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": TodoId(new_id()),
        "owner_id": UserId(new_id()),
        "title": "Descale",
        "created_at": at,
        "updated_at": at,
    }
    return Todo(**given | over)


def a_post(**over: Any) -> Post:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": PostId(new_id()),
        "author_id": UserId(new_id()),
        "title": "Our kettles",
        "content": "They whistle.",
        "created_at": at,
        "updated_at": at,
    }
    return Post(**given | over)


def a_comment(**over: Any) -> Comment:
    given: dict[str, Any] = {
        "id": CommentId(new_id()),
        "post_id": PostId(new_id()),
        "author_id": UserId(new_id()),
        "content": "Lovely!",
        "created_at": NOON,
    }
    return Comment(**given | over)


def an_event(**over: Any) -> Event:
    given: dict[str, Any] = {
        "id": new_id(),
        "type": "item.created",
        "resource": f"item:{new_id()}",
        "occurred_at": NOON,
        "actor_id": None,
        "owner_id": None,
        "public": False,
        "details": {},
    }
    return Event(**given | over)


def a_full_event(**over: Any) -> Event:
    return an_event(
        **{
            "version": 2,
            "occurred_at": LAST,
            "actor_id": UserId(new_id()),
            "owner_id": UserId(new_id()),
            "public": True,
            "details": {"a.b": [1, None, "😀"]},
            "ip": "2001:db8::1",
            "request_id": "a-request.1_",
            "sequence": GREATEST,
        }
        | over
    )


def a_counter(**over: Any) -> Counter:
    return Counter(**{"id": new_id(), **over})


def a_full_counter(**over: Any) -> Counter:
    return a_counter(**{"version": 5, "value": GREATEST, **over})


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


def a_full_item(**over: Any) -> Item:
    return an_item(
        **{
            "version": GREATEST - 1,
            "description": "naïve \U0001d518𝔫𝔦 'x' \"y\" \\z %_ \n 日本",
            "price": Money(10**14 - 1),
            "tax": Money(1),
            "discount": 50,
            "stock": GREATEST,
            "tags": ("rot", "grün", "100%", "a,b", "null", '"', "{x}"),
            "is_public": False,
            "images": (an_image(), an_image(created_at=FIRST + MS, size=GREATEST)),
            "created_at": FIRST,
            "updated_at": LAST,
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


def a_full_todo(**over: Any) -> Todo:
    return a_todo(
        **{
            "version": 4,
            "title": "Dëscale 😀 'x' %_",
            "description": "two\nlines",
            "priority": 5,
            "due_at": LAST,
            "done": True,
            "completed_at": FIRST + MS,
            "created_at": FIRST,
            "updated_at": LAST,
        }
        | over
    )


def a_task(**over: Any) -> Task:
    at = over.pop("at", NOON)
    given: dict[str, Any] = {"id": new_id(), "kind": "test", "payload": {}, "at": at}
    return replace(Task.queued(**given), **over)


def a_full_task(**over: Any) -> Task:
    text = "naïve 'x' \"y\" \\z %_ \n 日本 😀"
    return a_task(
        **{
            "version": 9,
            "kind": "test.full",
            "owner_id": UserId(new_id()),
            "payload": {"text": text, "n": [1, 0.25, -1e-9, None, True], "a.b": {"$set": 7}},
            "status": TaskStatus.RUNNING,
            "done": 999,
            "result": {"scores": {"a": 0.1, "b": 0.9}, "none": None, "": []},
            "error": TaskError(code="attempts_exhausted", detail=text),
            "attempts": 3,
            "due_at": LAST,
            "leased_to": "host:1:0197",
            "started_at": FIRST,
            "finished_at": FIRST + MS,
        }
        | over
    )


def a_full_post(**over: Any) -> Post:
    return a_post(
        **{
            "version": 9,
            "title": "Ångström ß \u0130\u212a 😀\U0010ffff",
            "content": "two\nlines\tand 'quotes' \"too\" \\ % _ \x01\u2028 日本" * 200,
            "tags": ("rot", "100%", "a,b", "null", '"'),
            "status": PostStatus.PUBLISHED,
            "comment_count": GREATEST,
            "published_at": FIRST + MS,
            "created_at": LAST,
        }
        | over
    )


def a_full_comment(**over: Any) -> Comment:
    return a_comment(
        **{
            "version": 2,
            "content": "naïve \U0001d518𝔫𝔦 'x' \"y\" \\z %_ \n 日本",
            "sentiment": Sentiment.NEGATIVE,
            "created_at": LAST,
        }
        | over
    )


def a_file(**over: Any) -> File:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": FileId(new_id()),
        "owner_id": UserId(new_id()),
        "blob": new_id(),
        "filename": "notes.txt",
        "content_type": "text/plain",
        "size": 3,
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "created_at": at,
        "updated_at": at,
    }
    return File(**given | over)


def an_image(**over: Any) -> Image:
    given: dict[str, Any] = {
        "id": new_id(),
        "content_type": "image/png",
        "width": 30,
        "height": 20,
        "size": 92,
        "created_at": NOON,
    }
    return Image(**given | over)


def a_full_file(**over: Any) -> File:
    return a_file(
        **{
            "version": 4,
            "purpose": Purpose.IMAGE,
            "item_id": ItemId(new_id()),
            "filename": "Ångström 'x' \"y\" \\z %_ 日本 😀.png",
            "content_type": "image/png",
            "size": GREATEST,
            "width": 1,
            "height": GREATEST,
            "is_public": True,
            "created_at": FIRST,
            "updated_at": LAST,
        }
        | over
    )
