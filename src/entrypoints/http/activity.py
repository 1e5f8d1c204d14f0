"""The activity log over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from application.events import ListActivity
from domain.access import Actor, Role, UserId
from domain.errors import Invalid
from domain.events import TOPICS, ActivityFilter
from entrypoints.http.access import signed_in
from entrypoints.http.paging import Paging
from entrypoints.http.people import PersonOut
from entrypoints.http.replies import Listed, listed
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, Out, TimeOut, accepting, as_id

router = APIRouter(prefix="/api/v1", tags=["Notifications, webhooks, administration"], route_class=Route)

KINDS = frozenset({type.partition(".")[0] for type in TOPICS})


async def _list(request: Request) -> ListActivity:
    uses: ListActivity = request.app.state.container.list_activity()
    return uses


def _action(value: str) -> str:
    if value not in TOPICS:
        raise Invalid("must be an event's name")
    return value


def _resource(value: str) -> str:
    """`item`, or `item:<id>`."""
    kind, colon, id = value.partition(":")
    if kind not in KINDS:
        raise Invalid("must be a kind of thing, or one of them as kind:id")
    return f"{kind}:{as_id(id)}" if colon else kind


Action = Annotated[str, AfterValidator(accepting(_action)), WithJsonSchema({"type": "string", "enum": sorted(TOPICS)})]
Resource = Annotated[
    str,
    AfterValidator(accepting(_resource)),
    WithJsonSchema({"type": "string", "pattern": "^[a-z]+(:[0-9a-fA-F-]{36})?$"}),
]


class ActivityOut(Out):
    id: str
    at: TimeOut
    actor: PersonOut | None
    action: str
    resource: str
    ip: str | None
    request_id: str
    details: dict[str, Any]


class ActivityQuery(Paging):
    actor: Id | None = None
    action: Action | None = None
    resource: Resource | None = None

    def wanted(self) -> ActivityFilter:
        actor = None if self.actor is None else UserId(self.actor)
        return ActivityFilter(actor=actor, action=self.action, resource=self.resource)


@router.get("/activity", operation_id="list_activity", summary="Who did what", response_model=Listed[ActivityOut])
async def list_activity(
    request: Request,
    actor: Annotated[Actor, signed_in("admin", role=Role.ADMIN)],
    list: Annotated[ListActivity, Depends(_list)],
    query: Annotated[ActivityQuery, Query()],
) -> Response:
    return listed(request, ActivityOut, await list(query.wanted(), query.window(request)), query)
