"""The OpenAPI document, for people and programs."""

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from entrypoints.http.route import Route

router = APIRouter(include_in_schema=False, route_class=Route)


@router.get("/openapi.json")
async def get_openapi(request: Request) -> Response:
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")
