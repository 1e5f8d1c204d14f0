"""What the commands have in common: settings, an open store, and one red line about what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import typer
from rich.console import Console

from entrypoints.settings import Settings, SettingsError, load_settings

out, err = Console(), Console(stderr=True)


def settings_or_fail() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        fail(f"{error}\nSettings come from the environment and .env; README lists them all.")


def require_known_store(settings: Settings) -> None:
    from entrypoints.blobs import UnknownBlobs, open_blobs
    from entrypoints.broker import UnknownBroker, require_broker
    from entrypoints.stores import UnknownStore, normalised
    from entrypoints.traces import NoTraces, require_traces

    try:
        normalised(settings.database_url)
        open_blobs(settings.blob_url)
        require_broker(settings.task_broker_url)
        require_traces(settings.otel_exporter_otlp_endpoint)
    except (UnknownStore, UnknownBlobs, UnknownBroker, NoTraces) as error:
        fail(str(error))


def require_keys(settings: Settings) -> None:
    from adapters.security.keys import BadKey, private_key, public_keys

    try:
        if settings.jwt_private_key is not None:
            private_key(settings.jwt_private_key.get_secret_value())
        public_keys(settings.jwt_old_public_keys)
    except BadKey as error:
        fail(str(error))


def require_shareable(settings: Settings, workers: int) -> None:
    """Several processes need a store that they can share, and a SQLite that lets them."""
    if workers == 1:
        return
    scheme = settings.database_url.partition(":")[0]
    if scheme == "memory":
        fail("memory:// is one process's own; several workers need another DATABASE_URL.")
    if settings.blob_url.startswith("memory:"):
        fail("BLOB_URL=memory:// is one process's own; several workers need another one.")
    if settings.mongo_allow_standalone:
        fail("MONGO_ALLOW_STANDALONE is for one process: two could undo each other's work.")
    if scheme == "sqlite":
        from adapters.sql.sqlite_library import LIBRARY, shares_writers

        if not shares_writers():
            err.print(
                f"[yellow]SQLite {LIBRARY} can damage its log when several processes write"
                " (fixed in 3.51.3): use one worker or a newer SQLite.[/yellow]"
            )


def say_how_workers_hear(settings: Settings, workers: int) -> None:
    from adapters.system.log import StructuredLog

    if workers > 1 and settings.redis_url is None:
        StructuredLog().said(
            "workers_poll",
            text="Without REDIS_URL the workers look in the store twice a second for each other's messages.",
        )


def with_store(work: Callable[[Any], Awaitable[None]]) -> None:
    """Runs `work` with a container whose store is open."""
    from adapters.security.keys import BadKey
    from adapters.system.log import configure
    from domain.errors import Refusal
    from entrypoints.blobs import UnknownBlobs
    from entrypoints.broker import UnknownBroker
    from entrypoints.container import Container
    from entrypoints.stores import UnknownStore

    settings = settings_or_fail()
    configure(json=settings.logs_json, level=settings.log_level)

    async def run() -> None:
        container = Container(settings=settings)
        await container.store().start()
        try:
            await work(container)
        finally:
            if container.redis() is not None:
                await container.redis().aclose()
            await container.store().stop()

    try:
        asyncio.run(run())
    except (UnknownStore, UnknownBlobs, UnknownBroker, BadKey, RuntimeError) as error:
        fail(str(error))
    except Refusal as refusal:
        cause = f" ({refusal.__cause__})" if refusal.__cause__ else ""
        fail(f"{refusal}{cause}")


def fail(text: str) -> NoReturn:
    err.print(f"[red]{text}[/red]")
    raise typer.Exit(1)
