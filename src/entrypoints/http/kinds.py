"""What events are about: each kind of thing in a line, as HTTP shows it and to whom."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from application.ports.unit_of_work import UnitOfWork
from application.rooms.keeping import ShownRoom, shown_rooms
from domain.access import Actor
from domain.accounts import User, sees_whole
from domain.catalogue import Item
from domain.errors import NotFound
from domain.files import File
from domain.webhooks import Webhook
from entrypoints.http.accounts import UserOut
from entrypoints.http.catalogue import ItemOut
from entrypoints.http.files import FileOut
from entrypoints.http.journal import CommentOut, PostOut
from entrypoints.http.notifications import NotificationOut
from entrypoints.http.orders import OrderOut
from entrypoints.http.people import Beside
from entrypoints.http.rooms import RoomOut
from entrypoints.http.sessions import SessionOut
from entrypoints.http.showing import Kind
from entrypoints.http.tasks import TaskOut
from entrypoints.http.wallets import WalletOut
from entrypoints.http.webhooks import WebhookOut


def kinds(currency: str) -> Mapping[str, Kind]:
    """By the word before the colon of a fact's resource. What is not here is shown to its owner alone, by its id."""

    async def wallet(unit: UnitOfWork, id: str) -> Any:
        found = await unit.wallets.get(id)
        return SimpleNamespace(user_id=found.id, balance=found.balance, currency=currency)

    return {
        "item": Kind(lambda unit, key: unit.items.get(key), Item.readable_by, ItemOut, staff=True),
        "order": Kind(lambda unit, key: unit.orders.get(key), _of("user_id", staff=True), OrderOut, staff=True),
        "post": Kind(_post, lambda post, actor: bool(post.readable_by(actor)), PostOut),
        "comment": Kind(_comment, lambda comment, actor: bool(comment.post.readable_by(actor)), CommentOut),
        "file": Kind(lambda unit, key: unit.files.get(key), File.readable_by, FileOut),
        "user": Kind(lambda unit, key: unit.users.get(key), _whole, UserOut, staff=True),
        "wallet": Kind(wallet, _of("user_id"), WalletOut),
        "task": Kind(lambda unit, key: unit.tasks.get(key), _of("owner_id"), TaskOut),
        "notification": Kind(lambda unit, key: unit.notifications.get(key), _of("user_id"), NotificationOut),
        "room": Kind(_room, lambda room, actor: not room.is_private or actor.id == room.owner.id, RoomOut),
        "session": Kind(_session, _of("user_id"), SessionOut),
        "webhook": Kind(_webhook, Webhook.readable_by, WebhookOut),
    }


async def _post(unit: UnitOfWork, id: str) -> Beside:
    post = await unit.posts.get(id)
    return Beside(post, author=await unit.users.get(post.author_id))


async def _session(unit: UnitOfWork, id: str) -> Beside:
    """Who is told of it by an event does not ask by any sign-in."""
    return Beside(await unit.sessions.get(id), current=False)


async def _webhook(unit: UnitOfWork, id: str) -> Webhook:
    """One that was deleted is still kept while its deliveries are; nobody can read it."""
    webhook = await unit.webhooks.get(id)
    if webhook.ended_at is not None:
        raise NotFound()
    return webhook


async def _room(unit: UnitOfWork, id: str) -> ShownRoom:
    (room,) = await shown_rooms(unit, [await unit.rooms.get(id)])
    return room


async def _comment(unit: UnitOfWork, id: str) -> Beside:
    """A draft hides the comments on it."""
    comment = await unit.comments.get(id)
    post = await unit.posts.get(comment.post_id)
    return Beside(comment, post=post, author=await unit.users.get(comment.author_id))


def _whole(user: User, actor: Actor) -> bool:
    return sees_whole(actor, user)


def _of(owner: str, *, staff: bool = False) -> Callable[[Any, Actor], bool]:
    """Whomever the field `owner` names may read it, and perhaps staff."""
    return lambda thing, actor: actor.id == getattr(thing, owner) or (staff and actor.is_staff)
