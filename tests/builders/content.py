"""To-dos, posts, comments and files that are valid as they stand."""

from typing import Any

from domain.access import UserId
from domain.catalogue import ItemId
from domain.files import File, FileId, Purpose
from domain.journal import Comment, CommentId, Post, PostId, PostStatus, Sentiment
from domain.todos import Todo, TodoId
from tests.builders.values import FIRST, GREATEST, LAST, MS, NOON, new_id


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


def a_comment(**over: Any) -> Comment:
    given: dict[str, Any] = {
        "id": CommentId(new_id()),
        "post_id": PostId(new_id()),
        "author_id": UserId(new_id()),
        "content": "Lovely!",
        "created_at": NOON,
    }
    return Comment(**given | over)


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
