"""The process itself: what it is, whether it lives, and whether it is ready."""

import time
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import Unavailable
from entrypoints.http.access import Anyone
from entrypoints.http.replies import shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Out, TimeOut

router = APIRouter(tags=["Administration"], route_class=Route)

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
    bus = PartOut(status=await container.bus().state(), needed=container.settings().redis_required)
    parts = {"store": await _part(container.units), "blobs": await _part(container.blobs), "bus": bus}
    down = any(part.needed and part.status != "ok" for part in parts.values())
    ready = ReadyOut(status="down" if down else "ok", parts=parts)
    return shown(ReadyOut, ready, status=200 if ready.status == "ok" else 503, tagged=False)


@router.get("/.well-known/jwks.json", operation_id="get_jwks", summary="The public keys of tokens")
async def get_jwks(container: Container) -> Response:
    return JSONResponse(container.tokens().jwks, headers={"Cache-Control": "public, max-age=300"})


async def _part(asked: Any) -> PartOut:
    """Whether it answers, and how fast."""
    began = time.perf_counter()
    try:
        await asked().ping()
    except Unavailable:
        return PartOut(status="down", needed=True)
    return PartOut(status="ok", needed=True, latency_ms=round((time.perf_counter() - began) * 1000, 2))


def _alive() -> HealthOut:
    return HealthOut(status="ok", version=VERSION, uptime_s=round(time.monotonic() - _STARTED, 3))


def _info(currency: str, docs: str | None, now: datetime) -> InfoOut:
    return InfoOut(name="Portico", version=VERSION, api_version="v1", currency=currency, docs_url=docs, time=now)
