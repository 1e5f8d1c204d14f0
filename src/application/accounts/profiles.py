"""Profiles: reading people, revising oneself, and everything that is held about somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.accounts.facts import told
from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.preconditions import Versions, require_version
from application.rooms.channels import Said
from application.rooms.keeping import ShownRoom, shown_rooms
from application.rooms.people import Somebody
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.accounts import User, UserFilter
from domain.api_keys import ApiKey
from domain.catalogue import Item
from domain.files import File
from domain.journal import Comment, Post
from domain.notifications import Notification
from domain.orders import Order
from domain.paging import Listing, Window
from domain.repository import held
from domain.sessions import Session
from domain.todos import Todo
from domain.wallets import Entry, Wallet
from domain.webhooks import Webhook


@use_case
class ReadUser:
    units: Units

    async def __call__(self, id: str) -> User:
        async with self.units.open() as unit:
            return await unit.users.get(id)


@use_case
class ReadUsers:
    """Those that there are, in the order asked, each once; and the ids that there are not."""

    units: Units

    async def __call__(self, ids: Sequence[UserId]) -> tuple[list[User], list[UserId]]:
        wanted = list(dict.fromkeys(ids))
        async with self.units.open() as unit:
            found = {user.id: user for user in await unit.users.among(wanted)}
        return [found[id] for id in wanted if id in found], [id for id in wanted if id not in found]


@use_case
class ListUsers:
    units: Units

    async def __call__(self, wanted: UserFilter, window: Window) -> Listing[User]:
        async with self.units.open() as unit:
            return await unit.users.matching(wanted, window)


@use_case
class ReviseProfile:
    """One's own profile. Raises `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, changes: dict[str, Any], expected: Versions = None) -> User:
        async with self.units.open() as unit:
            user = await held(unit.users, actor.id)
            require_version(user.version, expected)
            revised = unit.users.save(user.revised(self.clock(), **changes))
            if revised is not user:
                unit.tell(told("user.updated", user, fields=sorted(changes)), actor=actor.id)
            return await unit.commit(revised)


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held about somebody."""

    user: User
    sessions: Sequence[Session]
    api_keys: Sequence[ApiKey]
    items: Sequence[Item]
    orders: Sequence[Order]
    wallet: Wallet
    entries: Sequence[Entry]
    todos: Sequence[Todo]
    posts: Sequence[Post]
    comments: Sequence[Comment]
    files: Sequence[File]
    webhooks: Sequence[Webhook]
    rooms: Sequence[ShownRoom]
    messages: Sequence[Said]
    notifications: Sequence[Notification]


@use_case
class Export:
    units: Units

    async def __call__(self, actor: Actor) -> Held:
        async with self.units.open() as unit:
            user = await unit.users.get(actor.id)
            said = await unit.messages.all_by(actor.id)
            return Held(
                user,
                await unit.sessions.all_of(actor.id),
                await unit.api_keys.all_of(actor.id),
                await unit.items.all_of(actor.id),
                await unit.orders.all_of(actor.id),
                await unit.wallets.get(actor.id),
                await unit.ledger.all_of(actor.id),
                await unit.todos.all_of(actor.id),
                await unit.posts.all_of(actor.id),
                await unit.comments.all_of(actor.id),
                await unit.files.all_of(actor.id),
                await unit.webhooks.all_of(actor.id),
                await shown_rooms(unit, await unit.rooms.joined_by(actor.id)),
                [Said.of(message, Somebody.of(user)) for message in said],
                await unit.notifications.all_of(actor.id),
            )
