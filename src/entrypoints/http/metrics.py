"""Figures for Prometheus."""

import hmac

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.prometheus.meters import CONTENT_TYPE
from domain.errors import Unauthenticated
from entrypoints.http.route import Route

router = APIRouter(tags=["Notifications, webhooks, administration"], route_class=Route)

_PAGE = {"description": "In the text format of Prometheus", "content": {CONTENT_TYPE: {"schema": {"type": "string"}}}}


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: _PAGE},
)
async def get_metrics(request: Request) -> Response:
    """Open, unless METRICS_TOKEN is set; then that token is wanted as a bearer's."""
    container = request.app.state.container
    wanted = container.settings().metrics_token
    if wanted is not None:
        scheme, _, token = request.scope["sent"].get(b"authorization", b"").partition(b" ")
        right = hmac.compare_digest(token.strip(), wanted.get_secret_value().encode())
        if scheme.lower() != b"bearer" or not right:
            raise Unauthenticated()
    response = Response(container.meters().page())
    response.headers["content-type"] = CONTENT_TYPE
    return response
