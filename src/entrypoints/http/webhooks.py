"""Webhooks over HTTP: each person's own; the secret is shown once."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from adapters.webhooks.addresses import LONGEST, parsed
from application.preconditions import Versions
from application.webhooks import Webhooks
from domain.access import Actor
from entrypoints.http.access import signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Paging
from entrypoints.http.replies import Listed, gone, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Out, TimeOut, accepting, example

router = APIRouter(prefix="/api/v1/webhooks", tags=["Notifications, webhooks, administration"], route_class=Route)


async def _webhooks(request: Request) -> Webhooks:
    webhooks: Webhooks = request.app.state.container.webhooks()
    return webhooks


Uses = Annotated[Webhooks, Depends(_webhooks)]
Reader = Annotated[Actor, signed_in("webhooks:read")]
Writer = Annotated[Actor, signed_in("webhooks:write")]
Expected = Annotated[Versions, Depends(if_match)]


def _url(value: str) -> str:
    stripped = value.strip()
    parsed(stripped)
    return stripped


Url = Annotated[
    str,
    AfterValidator(accepting(_url)),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": LONGEST}),
]


class NewWebhook(
    In, json_schema_extra=example(url="https://shop.example/portico", events=["order.paid", "order.cancelled"])
):
    url: Url
    events: Annotated[list[str], Field(min_length=1, max_length=50)]


class WebhookOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    url: str
    events: list[str]
    is_active: bool


class NewWebhookOut(WebhookOut):
    of_one_version = False

    secret: Annotated[str, Field(description="Shown this once")]


class DeliveryOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    webhook_id: str
    message_id: str
    event: str
    status: Literal["queued", "delivered", "failed"]
    attempts: int
    response_status: int | None
    error: str | None
    next_attempt_at: TimeOut | None
    delivered_at: TimeOut | None


@router.post(
    "", operation_id="create_webhook", summary="Be told of events", status_code=201, response_model=NewWebhookOut
)
async def create_webhook(body: NewWebhook, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.add(actor, body.url, body.events, operation),
        lambda kept: made(NewWebhookOut, SimpleNamespace(**asdict(kept[0]), secret=kept[1])),
    )


@router.get("", operation_id="list_webhooks", summary="My webhooks", response_model=Listed[WebhookOut])
async def list_webhooks(request: Request, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]) -> Response:
    return listed(request, WebhookOut, await uses.list(actor, query.window(request)), query)


@router.delete("/{id}", operation_id="delete_webhook", summary="Be told no more", status_code=204)
async def delete_webhook(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.end(actor, id, expected)
    return gone()


@router.get(
    "/{id}/deliveries",
    operation_id="list_deliveries",
    summary="What was sent to a webhook, and how it went",
    response_model=Listed[DeliveryOut],
)
async def list_deliveries(
    id: Id, request: Request, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]
) -> Response:
    return listed(request, DeliveryOut, await uses.deliveries(actor, id, query.window(request)), query)


@router.post(
    "/deliveries/{id}/redeliver",
    operation_id="redeliver",
    summary="Send it again at once",
    status_code=202,
    response_model=DeliveryOut,
)
async def redeliver(id: Id, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.redeliver(actor, id, operation),
        lambda delivery: shown(DeliveryOut, delivery, status=202),
    )
