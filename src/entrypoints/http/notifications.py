"""Notifications over HTTP: telling somebody, and one's own inbox."""

from types import SimpleNamespace
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from application.notifications import Notifications
from application.preconditions import Versions
from domain.access import Actor, Role, UserId
from domain.notifications import LONGEST_MESSAGE, LONGEST_SUBJECT, subject
from domain.tasks import Task
from entrypoints.http.access import signed_in
from entrypoints.http.accounts import Email
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Flag, Paging
from entrypoints.http.replies import Listed, listed, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Out, TimeOut, accepting, example, string

router = APIRouter(prefix="/api/v1/notifications", tags=["Notifications, webhooks, administration"], route_class=Route)


async def _notifications(request: Request) -> Notifications:
    notifications: Notifications = request.app.state.container.notifications()
    return notifications


Uses = Annotated[Notifications, Depends(_notifications)]
Expected = Annotated[Versions, Depends(if_match)]
_SUBJECT = {"type": "string", "minLength": 1, "maxLength": LONGEST_SUBJECT, "description": "In one line"}
_TEA = {"subject": "Your order has left", "message": "It will be with you tomorrow."}


class NewNotification(In, json_schema_extra=example(email="ada@example.com", **_TEA)):
    """To a person or to an address: exactly one of the two."""

    user_id: Id | None = None
    email: Email | None = None
    subject: Annotated[str, AfterValidator(accepting(subject)), WithJsonSchema(_SUBJECT)]
    message: string(1, LONGEST_MESSAGE)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.user_id is None) == (self.email is None):
            raise PydanticCustomError("one_recipient", "must have exactly one of user_id and email")
        return self


class QueuedOut(Out):
    task_id: str


class NotificationOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    subject: str
    message: str
    read_at: TimeOut | None


class NotificationsQuery(Paging):
    unread: Flag | None = None


@router.post("", operation_id="notify", summary="Tell somebody", status_code=202, response_model=QueuedOut)
async def notify(
    body: NewNotification,
    actor: Annotated[Actor, signed_in("notifications:write", role=Role.STAFF)],
    uses: Uses,
    once: Once,
) -> Response:
    """Into their inbox, and by mail; to an address that nobody here has, by mail alone."""
    to = UserId(body.user_id) if body.user_id else None
    told = {"subject": body.subject, "message": body.message}
    return await once(actor, lambda operation: uses.notify(actor, to, body.email, told, operation), _queued)


@router.get("", operation_id="list_notifications", summary="My inbox", response_model=Listed[NotificationOut])
async def list_notifications(
    request: Request,
    actor: Annotated[Actor, signed_in("profile:read")],
    uses: Uses,
    query: Annotated[NotificationsQuery, Query()],
) -> Response:
    found = await uses.list(actor, query.window(request), query.unread)
    return listed(request, NotificationOut, found, query)


@router.post("/{id}/read", operation_id="read_notification", summary="I have read it", response_model=NotificationOut)
async def read_notification(
    id: Id, actor: Annotated[Actor, signed_in("profile:write")], uses: Uses, expected: Expected, once: Once
) -> Response:
    return await once(
        actor,
        lambda operation: uses.mark_read(actor, id, expected, operation),
        lambda notification: shown(NotificationOut, notification),
    )


def _queued(task: Task) -> Response:
    queued = SimpleNamespace(task_id=task.id)
    return shown(QueuedOut, queued, status=202, tagged=False, Location=f"/api/v1/tasks/{task.id}")
