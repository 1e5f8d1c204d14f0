"""The process itself: what it is, whether it lives, and whether it is ready."""

import time
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from application.readiness import Readiness
from entrypoints.http.access import Anyone
from entrypoints.http.problems import RETRY_AFTER_S
from entrypoints.http.replies import shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Out, TimeOut

router = APIRouter(tags=["Notifications, webhooks, administration"], route_class=Route)

_STARTED = time.monotonic()
VERSION = version("portico")


class InfoOut(Out):
    name: str
    version: str
    api_version: str
    currency: str
    docs_url: str | None
    time: TimeOut


class HealthOut(Out):
    status: Literal["ok", "down"]
    version: str
    uptime_s: float


class PartOut(Out):
    status: Literal["ok", "down", "off"]
    needed: bool
    latency_ms: float | None = None


class ReadyOut(Out):
    status: Literal["ok", "down"]
    parts: dict[str, PartOut]


async def _container(request: Request) -> Any:
    return request.app.state.container


Container = Annotated[Any, Depends(_container)]


@router.get("/api/v1/info", operation_id="get_info", summary="What this is", response_model=InfoOut)
async def get_info(caller: Anyone, container: Container) -> Response:
    settings, now = container.settings(), container.clock()()
    docs = "/docs" if settings.docs else None
    return shown(InfoOut, _info(settings.currency, docs, now), tagged=False)


@router.get("/health", operation_id="get_health", summary="Whether it lives", response_model=HealthOut)
async def get_health() -> Response:
    return shown(HealthOut, _alive(), tagged=False)


@router.get("/health/live", operation_id="get_liveness", summary="Whether it lives", response_model=HealthOut)
async def get_liveness() -> Response:
    return shown(HealthOut, _alive(), tagged=False)


@router.get("/health/ready", operation_id="get_readiness", summary="Whether it can work", response_model=ReadyOut)
async def get_readiness(container: Container) -> Response:
    """Each part with its latency. 503 where one that is needed is down, and from when the server is told to stop."""
    readiness: Readiness = container.readiness()
    parts = await readiness.parts()
    works = not readiness.stopping and all(part.status == "ok" or not part.needed for part in parts.values())
    told = {
        name: PartOut(status=part.status, needed=part.needed, latency_ms=part.latency_ms)
        for name, part in parts.items()
    }
    headers = {} if works else {"Retry-After": str(RETRY_AFTER_S)}
    ready = ReadyOut(status="ok" if works else "down", parts=told)
    return shown(ReadyOut, ready, status=200 if works else 503, tagged=False, **headers)


@router.get("/.well-known/jwks.json", operation_id="get_jwks", summary="The public keys of tokens")
async def get_jwks(container: Container) -> Response:
    return JSONResponse(container.tokens().jwks, headers={"Cache-Control": "public, max-age=300"})


def _alive() -> HealthOut:
    return HealthOut(status="ok", version=VERSION, uptime_s=round(time.monotonic() - _STARTED, 3))


def _info(currency: str, docs: str | None, now: datetime) -> InfoOut:
    return InfoOut(name="Portico", version=VERSION, api_version="v1", currency=currency, docs_url=docs, time=now)
