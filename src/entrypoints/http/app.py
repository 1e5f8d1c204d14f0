"""The application: features, route index and edge round what the container makes."""

import gc
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from adapters.system.log import configure
from application.standings import RENEWED_S
from domain.errors import Refusal
from entrypoints.background import going_on, working
from entrypoints.broker import require_broker
from entrypoints.container import Container
from entrypoints.http import (
    accounts,
    activity,
    api_keys,
    avatars,
    catalogue,
    documents,
    events,
    export,
    files,
    images,
    journal,
    live,
    mail,
    metrics,
    notifications,
    orders,
    predictions,
    rooms,
    search,
    sessions,
    stats,
    system,
    tasks,
    todos,
    wallets,
    webhooks,
)
from entrypoints.http.cors import Cors
from entrypoints.http.dispatch import RouteIndex
from entrypoints.http.edge import Edge
from entrypoints.http.openapi import describe
from entrypoints.http.peer import Peers
from entrypoints.http.stopping import Stopping
from entrypoints.http.tracing import TracedEdge
from entrypoints.http.uploads import largest_body
from entrypoints.settings import Settings, load_settings

FEATURES = (
    sessions,
    api_keys,
    accounts,
    mail,
    avatars,
    export,
    catalogue,
    images,
    orders,
    wallets,
    journal,
    search,
    rooms,
    todos,
    files,
    predictions,
    tasks,
    events,
    notifications,
    webhooks,
    activity,
    stats,
    system,
    metrics,
)
SAMPLING_S = 1.0
SWEEPING_ROOMS_S = 10.0
SAYING_S = 0.005


class CannotStart(RuntimeError):
    """The store cannot be used, or the first admin not be made; the text says why."""


def create_app(settings: Settings | None = None) -> Edge:
    """The ASGI application, not yet started.

    Raises `SettingsError`, `UnknownStore`, `UnknownBlobs`, `UnknownBroker`, `NoTraces`, `BadKey`.
    """
    settings = settings or load_settings()
    configure(json=settings.logs_json, level=settings.log_level)
    container: Any = Container(settings=settings)
    app = _described(container)
    if settings.docs:
        app.router.routes.extend(documents.router.routes)
    if settings.environment != "production":
        app.router.routes.extend(live.router.routes)
    app.state.container = container
    app.state.max_body_bytes = settings.max_body_bytes
    app.state.max_upload_bytes = settings.max_upload_bytes
    app.state.max_upload_body = largest_body(settings.max_upload_bytes)
    app.state.cursor_secret = hashlib.sha256(b"cursor" + settings.secret.encode()).digest()
    container.tokens()
    container.blobs()
    require_broker(settings.task_broker_url)
    traces = container.traces()
    made = Edge if traces is None else partial(TracedEdge, traces)
    return made(
        app,
        routes=RouteIndex(app.routes),
        peers=Peers(settings.trusted_proxies),
        cors=Cors(settings.cors_origins),
        hosts=frozenset(host.lower() for host in settings.trusted_hosts if host != "*"),
        log=container.log(),
        meters=container.meters(),
        gate=container.gate(),
        readiness=container.readiness(),
        new_id=container.ids(),
        origins=container.origins(),
        closing=lambda: container.feed().close(),
        request_timeout_s=settings.request_timeout_s,
        sockets={"/api/v1/rooms/{id}/ws": container.conversations()},
    )


def _described(container: Any) -> FastAPI:
    """FastAPI without what is not used: its own documents, and telemetry without a provider."""
    off = {"tracing": False, "metrics": False, "logs": False}
    app = FastAPI(title="Portico", version=system.VERSION, lifespan=_lifespan, telemetry=off)  # type: ignore[arg-type]
    app.router.routes.clear()
    for feature in FEATURES:
        app.router.routes.extend(feature.router.routes)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    container = app.state.container
    async with AsyncExitStack() as started:
        try:
            await _start(container, started)
        except Refusal as refusal:
            raise CannotStart(f"{refusal.__cause__ or refusal}") from refusal
        Stopping(container.readiness(), container.settings().drain_s).watch()
        if not gc.isenabled():
            gc.freeze()  # what is there by now is there to the end, and need not be looked through again
            gc.enable()
        async with (
            working(container, tasks=container.settings().workers_inline),
            going_on(
                container,
                (SAMPLING_S, container.meters().sample),
                (SWEEPING_ROOMS_S, container.sweep_rooms()),
                (RENEWED_S, container.renew_standings()),
                (0.0, container.courier().turn),
                *([] if container.alone() else [(SAYING_S, container.streams().say)]),
            ),
        ):
            yield


async def _start(container: Any, started: AsyncExitStack) -> None:
    """What was started is stopped in the opposite order, each whatever became of the others."""
    store, blobs, bus, switchboard = container.store(), container.blobs(), container.bus(), container.switchboard()
    if container.traces() is not None:
        started.push_async_callback(container.traces().stop)
    started.push_async_callback(store.stop)
    await store.start()
    if container.redis() is not None:
        started.push_async_callback(container.redis().aclose)
    started.push_async_callback(blobs.stop)
    await blobs.start()
    started.callback(container.images().close)
    await _appoint(container)
    started.push_async_callback(bus.stop)
    await bus.start()
    started.callback(container.hasher().close)
    started.push_async_callback(container.streams().stop)
    started.push_async_callback(switchboard.stop)
    switchboard.start()
    started.callback(container.feed().close)


async def _appoint(container: Any) -> None:
    """The first admin, where the settings name one and the store has none."""
    settings: Settings = container.settings()
    if settings.admin_username and settings.admin_email and settings.admin_password:
        await container.appoint_admin()(
            username=settings.admin_username,
            email=settings.admin_email,
            password=settings.admin_password.get_secret_value(),
        )
