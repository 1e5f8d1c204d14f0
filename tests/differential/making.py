"""Entities and changes of them, as chance has it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain import catalogue, mail
from domain.access import Role
from domain.errors import Invalid
from domain.files import Purpose
from domain.journal import PostStatus, Sentiment
from domain.money import Money
from domain.orders import Address, Line, Order, OrderStatus
from domain.tasks import TaskError, TaskStatus
from domain.wallets import Wallet
from tests.builders import (
    GREATEST,
    MS,
    a_comment,
    a_file,
    a_post,
    a_session,
    a_task,
    a_todo,
    a_user,
    an_api_key,
    an_image,
    an_item,
)
from tests.builders.mail import a_mailed_token, a_notification
from tests.builders.webhooks import a_delivery, a_webhook
from tests.differential import rooms
from tests.differential.world import WORDS, World


def changes(world: World, kind: str) -> dict[str, Any]:
    """Of one or two fields, which may say what is there already."""
    fields = _FIELDS[kind]
    return {name: fields[name](world) for name in (world.one(list(fields)), world.one(list(fields)))}


def _tags(world: World) -> tuple[str, ...]:
    try:
        return catalogue.tags(tag for tag in world.some(WORDS, 4) if tag.strip())
    except Invalid:
        return ()


def _soon(world: World) -> Any:
    return world.clock.now + world.draw.integer(1, 200) * MS


def _price(world: World) -> Money:
    return Money(world.one((1, 2, 3, 4, 5, 1999, 10**14 - 1)))


_FIELDS: Mapping[str, Mapping[str, Callable[[World], Any]]] = {
    "users": {
        "username": World.name,
        "email": lambda world: f"{world.name()}@x.y",
        "full_name": lambda world: world.maybe(world.name()),
        "bio": lambda world: world.maybe(world.phrase()),
        "role": lambda world: world.one(list(Role)),
        "is_active": lambda world: world.chance(70),
        "age": lambda world: world.one((None, 13, 120)),
    },
    "items": {
        "name": World.phrase,
        "description": lambda world: world.maybe(world.phrase()),
        "price": _price,
        "discount": lambda world: world.one((0, 50, 100)),
        "stock": lambda world: world.one((0, 1, 7, GREATEST)),
        "tags": _tags,
        "is_public": lambda world: world.chance(70),
        "images": lambda world: tuple(an_image(id=world.new_id()) for _ in range(world.draw.integer(0, 2))),
        "updated_at": World.later,
    },
    "files": {
        "filename": World.name,
        "is_public": lambda world: world.chance(50),
        "blob": lambda world: world.name()[:2],
        "purpose": lambda world: world.one(list(Purpose)),
        "updated_at": World.later,
    },
    "sessions": {
        "refresh_id": World.new_id,
        "scopes": lambda world: world.one((None, (), ("items:read", "a b"))),
        "user_agent": lambda world: world.maybe(world.phrase()),
        "expires_at": _soon,
    },
    "api_keys": {
        "name": World.name,
        "digest": lambda world: world.name()[:2],
        "last_used_at": World.later,
    },
    "mailed_tokens": {
        "digest": lambda world: world.name()[:2],
        "purpose": lambda world: world.one(list(mail.Purpose)),
        "email": World.name,
        "expires_at": _soon,
    },
    "notifications": {
        "subject": World.phrase,
        "read_at": lambda world: world.maybe(world.later()),
    },
    "wallets": {"balance": lambda world: world.draw.integer(0, 500)},
    "orders": {
        "status": lambda world: world.one(list(OrderStatus)),
        "notes": lambda world: world.maybe(world.name()),
        "expires_at": lambda world: world.maybe(_soon(world)),
    },
    "todos": {
        "title": World.name,
        "priority": lambda world: world.draw.integer(1, 5),
        "due_at": lambda world: world.maybe(_soon(world)),
        "done": lambda world: world.chance(50),
        "completed_at": lambda world: world.maybe(world.clock.now),
    },
    "posts": {
        "title": World.phrase,
        "content": World.phrase,
        "tags": _tags,
        "status": lambda world: world.one(list(PostStatus)),
        "comment_count": lambda world: world.draw.integer(0, 3),
        "updated_at": World.later,
    },
    "comments": {
        "content": World.phrase,
        "sentiment": lambda world: world.one((None, *Sentiment)),
    },
    "webhooks": {
        "events": lambda world: world.one((("*",), ("item.created", "order.paid"))),
        "is_active": lambda world: world.chance(70),
        "ended_at": lambda world: world.maybe(world.clock.now),
    },
    "deliveries": {
        "body": World.phrase,
        "response_status": lambda world: world.maybe(503),
        "due_at": lambda world: world.maybe(_soon(world)),
        "lease": lambda world: world.maybe(world.new_id()),
    },
    "tasks": {
        "status": lambda world: world.one(list(TaskStatus)),
        "kind": lambda world: world.name()[:2],
        "payload": lambda world: {world.name(): [world.phrase(), None, 0.5, {"$x.y": 1}]},
        "result": lambda world: world.maybe({"a": world.draw.integer(0, 9)}),
        "error": lambda world: world.maybe(TaskError(code="x", detail=world.phrase())),
        "due_at": lambda world: world.maybe(_soon(world)),
        "leased_to": lambda world: world.maybe(world.name()),
        "finished_at": lambda world: world.maybe(world.later()),
    },
    **rooms.FIELDS,
}


def entity(world: World, kind: str) -> Any:
    at, over = world.later(), changes(world, kind)
    match kind:
        case "users":
            given = {"username": world.name(), "email": f"{world.name()}@x.y", "full_name": world.maybe(world.name())}
            return a_user(**{"id": world.new_id(), "created_at": at, "updated_at": at, **given, **over})
        case "items":
            given = {"name": world.phrase(), "price": _price(world), "tags": _tags(world), "owner_id": world.user_id()}
            return an_item(**{"id": world.new_id(), "created_at": at, "updated_at": at, **given, **over})
        case "sessions":
            given = {"id": world.new_id(), "user_id": world.user_id(), "refresh_id": world.new_id()}
            return a_session(**{"created_at": at, "expires_at": at + timedelta(seconds=1), **given, **over})
        case "api_keys":
            given = {"id": world.new_id(), "user_id": world.user_id(), "digest": world.name()[:3]}
            return an_api_key(**{"created_at": at, **given, **over})
        case "todos":
            given = {"id": world.new_id(), "owner_id": world.user_id(), "title": world.phrase()}
            return a_todo(**{"created_at": at, "updated_at": at, **given, **over})
        case "files":
            given = {"id": world.new_id(), "owner_id": world.user_id(), "blob": world.name()[:3]}
            return a_file(**{"created_at": at, "updated_at": at, **given, **over})
        case "webhooks":
            return a_webhook(**{"id": world.new_id(), "owner_id": world.user_id(), "created_at": at, **over})
        case "deliveries":
            return a_delivery(**{"id": world.new_id(), "webhook_id": world.known("webhooks"), "created_at": at, **over})
        case "tasks":
            given = {"id": world.new_id(), "owner_id": world.maybe(world.user_id()), "at": at}
            return a_task(**given, **over)
        case "mailed_tokens":
            given = {"id": world.new_id(), "user_id": world.user_id(), "digest": world.name()[:3]}
            return a_mailed_token(**{"created_at": at, "expires_at": at + timedelta(seconds=1), **given, **over})
        case "notifications":
            return a_notification(**{"id": world.new_id(), "user_id": world.user_id(), "created_at": at, **over})
        case "wallets":
            return Wallet(**{"id": world.user_id(), "created_at": at, **over})
        case "posts":
            given = {"title": world.phrase(), "content": world.phrase(), "author_id": world.user_id()}
            return a_post(**{"id": world.new_id(), "created_at": at, **given, **over})
        case "comments":
            given = {"id": world.new_id(), "post_id": world.known("posts"), "author_id": world.user_id()}
            return a_comment(**{"created_at": at, **given, **over})
        case "rooms" | "members" | "messages" | "counts":
            return rooms.entity(world, kind, at, over)
    return _order(world, at, over)


def _order(world: World, at: Any, over: dict[str, Any]) -> Order:
    lines = [
        Line.of(an_item(id=world.known("items"), name=world.phrase(), price=Money(price)), 1 + price)
        for price in (1, *world.some((2, 3), 2))
    ]
    given = {"id": world.new_id(), "user_id": world.user_id(), "currency": "USD"}
    home = Address(street=world.name(), city="x", postal_code=world.maybe(world.name()))
    order = Order.placed(lines=lines, at=at, shipping_address=home, **given)  # type: ignore[arg-type]
    return replace(order, **over)
