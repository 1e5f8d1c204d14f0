"""The command line: `portico serve`, `worker`, `migrate`, `admin create`, `tasks`, `openapi`, `check`."""

import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from domain.money import text
from entrypoints.cli import tasks as work
from entrypoints.cli.running import (
    fail,
    out,
    require_keys,
    require_known_store,
    require_shareable,
    say_how_workers_hear,
    settings_or_fail,
    with_store,
)
from entrypoints.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Portico: the backend of a small online business.", add_completion=False)
admin = typer.Typer(no_args_is_help=True, help="People who run it.")
app.add_typer(admin, name="admin")

ledger = typer.Typer(no_args_is_help=True, help="The book of all money.")
app.add_typer(ledger, name="ledger")

app.add_typer(work.tasks, name="tasks")
app.command()(work.worker)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes", min=1)] = 1,
    reload: Annotated[bool, typer.Option(help="Start again when the code changes")] = False,
) -> None:
    """Serve HTTP. An empty store is prepared first."""
    if workers == 1 and not reload:
        gc.disable()  # what is imported stays, and would be looked through a dozen times; enabled once it has started
    import uvicorn

    from adapters.system.log import configure
    from entrypoints.http import workers as several
    from entrypoints.http.server import BoundedProtocol
    from entrypoints.http.websocket import RoomProtocol

    settings = settings_or_fail()
    require_known_store(settings)
    require_keys(settings)
    require_shareable(settings, workers)
    configure(json=settings.logs_json, level=settings.log_level)
    say_how_workers_hear(settings, workers)
    how: dict[str, Any] = {
        "app": "entrypoints.http.app:create_app",
        "factory": True,
        "host": host,
        "port": port,
        "workers": workers,
        "reload": reload,
        "http": BoundedProtocol,
        "ws": RoomProtocol,
        "loop": "uvloop",
        "proxy_headers": False,
        "server_header": False,
        "date_header": True,
        "access_log": False,
        "log_config": None,
        "log_level": settings.log_level.lower(),
        "timeout_graceful_shutdown": 10,
    }
    if workers > 1 and not reload:
        several.serve(uvicorn.Config(**how))
    else:
        several.serve_alone(**how)


@app.command()
def migrate() -> None:
    """Bring the store to this version's schema."""

    async def done(container: Any) -> None:
        out.print("[green]The store is ready.[/green]")

    with_store(done)


@admin.command("create")
def create_admin(
    username: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt="E-mail")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make an account with the role admin."""
    from pydantic import ValidationError

    from domain.access import Role
    from entrypoints.http.accounts import NewAccount

    try:
        account = NewAccount(username=username, email=email, password=password)
    except ValidationError as error:
        fail("\n".join(f"{e['loc'][-1]}: {e['msg']}" for e in error.errors()))

    async def create(container: Any) -> None:
        user = await container.register()(
            username=account.username, email=account.email, password=account.password, role=Role.ADMIN
        )
        out.print(f"[green]{user.username} is an admin.[/green]")

    with_store(create)


@ledger.command("verify")
def verify_ledger() -> None:
    """Recompute every balance from the entries; exit 1 if anything differs."""

    async def verify(container: Any) -> None:
        verdict = await container.verify_ledger()()
        for wrong in verdict.differences:
            out.print(f"[red]{wrong.account}: keeps {text(wrong.kept)}, entries sum to {text(wrong.entries)}[/red]")
        for movement in verdict.unbalanced:
            out.print(f"[red]movement {movement} does not sum to zero[/red]")
        if not verdict.sound:
            raise typer.Exit(1)
        out.print(f"[green]{verdict.accounts} wallets agree with their entries; all accounts sum to zero.[/green]")

    with_store(verify)


@app.command()
def openapi(
    to: Annotated[Path | None, typer.Option("--to", help="File to write; standard output without it")] = None,
) -> None:
    """Write the OpenAPI document."""
    import orjson

    from entrypoints.http.app import create_app

    edge = create_app(load_settings(database_url="memory://"))
    text = orjson.dumps(edge.document(), option=orjson.OPT_INDENT_2).decode() + "\n"
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text)


@app.command()
def check() -> None:
    """Look at the settings, store, blobs, broker and where mail goes, and say what to do about what is wrong."""
    from domain.errors import Refusal

    settings = settings_or_fail()
    table = Table("Part", "State", show_header=False, box=None)
    table.add_row("settings", f"[green]ok[/green], {settings.environment}")

    async def reached(container: Any) -> None:
        await container.store().ping()
        table.add_row("store", f"[green]ok[/green], {settings.database_url.partition('://')[0]}")
        await container.blobs().start()
        try:
            await container.blobs().ping()
        finally:
            await container.blobs().stop()
        table.add_row("blobs", f"[green]ok[/green], {settings.blob_url.partition('://')[0]}")

        try:
            table.add_row("mail", f"[green]ok[/green], {escape(await container.mailer().ping())}")
        except Refusal as refusal:
            fail(f"{escape(str(refusal))} Look at SMTP_HOST, or without it at MAIL_DIR.")

        broker = container.broker()
        if broker is not None:
            try:
                await broker.ping()
            except Refusal as refusal:
                fail(f"The broker does not answer ({escape(str(refusal.__cause__))}). Look at TASK_BROKER_URL.")
            finally:
                await broker.close()
            table.add_row("broker", "[green]ok[/green], taskiq over Redis Streams")

    with_store(reached)
    out.print(table)
