"""Notifications: staff tell somebody something, in their inbox and by mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.mail import Letters, Mailer
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.tasks.handler import Handler, Progress
from application.tasks.queueing import queue
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.accounts import User
from domain.errors import NotFound
from domain.events import Fact
from domain.notifications import SEND, Notification
from domain.paging import Listing, Window
from domain.repository import held
from domain.tasks import Task


async def leave(unit: UnitOfWork, user_id: UserId) -> None:
    """Empties the inbox of somebody who goes."""
    for notification in await unit.notifications.all_of(user_id):
        unit.notifications.remove(notification)


@use_case
class Notify:
    """Queued as a task of who asks; to a person, or to an address that need not be anybody's. Raises `NotFound`."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, to: UserId | None, email: str | None, told: Mapping[str, str], operation: Operation | None
    ) -> Task:
        async with self.units.open(operation) as unit:
            user = await unit.users.known_as(email) if email else await unit.users.get(to or "")
            if user is not None and user.erased_at is not None:
                raise NotFound()
            payload = {**told, **({"email": email} if user is None else {"user_id": user.id})}
            task = Task.queued(id=self.ids(), kind=SEND, payload=payload, at=self.clock(), owner_id=actor.id)
            return await unit.commit(queue(unit, task))


@use_case
class SendNotification(Handler):
    """First the inbox, once for a task, then the mail. Raises `Unavailable`, `Undeliverable`."""

    units: Units
    clock: Clock
    letters: Letters
    mailer: Mailer

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any]:
        told = {name: task.payload[name] for name in ("subject", "message")}
        to, kept = task.payload.get("email"), None
        if to is None:
            user = await self._put(task, UserId(task.payload["user_id"]), told)
            if user is None:
                return {"notification_id": None, "mailed": False}
            to, kept = user.email, task.id
        await self.mailer.send(self.letters.write("notification", id=task.id, to=to, at=self.clock(), **told))
        return {"notification_id": kept, "mailed": True}

    async def _put(self, task: Task, to: UserId, told: Mapping[str, str]) -> User | None:
        """Into the inbox of somebody who is held, so that they cannot leave meanwhile; None where they have left."""
        async with self.units.open() as unit:
            user = await held(unit.users, to)
            if user.erased_at is not None:
                return None
            if not await unit.notifications.hold(task.id):
                unit.notifications.add(Notification.told(id=task.id, user_id=to, at=self.clock(), **told))
                fact = Fact(type="notification.created", resource=f"notification:{task.id}", owner_id=to)
                unit.tell(fact, actor=task.owner_id)
            return await unit.commit(user)


@use_case
class ListNotifications:
    units: Units

    async def __call__(self, actor: Actor, window: Window, unread: bool | None) -> Listing[Notification]:
        async with self.units.open() as unit:
            return await unit.notifications.of(actor.id, window, unread=unread)


@use_case
class MarkRead:
    """Harmless when repeated. Raises `NotFound` where it is not theirs, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(
        self, actor: Actor, id: str, expected: Versions = None, operation: Operation | None = None
    ) -> Notification:
        async with self.units.open(operation) as unit:
            notification = await held(unit.notifications, id)
            notification.require_recipient(actor)
            require_version(notification.version, expected)
            return await unit.commit(unit.notifications.save(notification.read(self.clock())))


@dataclass(frozen=True, slots=True)
class Notifications:
    """The use cases of this feature."""

    notify: Notify
    list: ListNotifications
    mark_read: MarkRead
