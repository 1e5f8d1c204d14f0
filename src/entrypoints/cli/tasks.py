"""`portico worker` and `portico tasks`."""

import asyncio
import signal
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from domain.tasks import Task, TaskStatus
from entrypoints.cli.running import err, fail, out, settings_or_fail, with_store

tasks = typer.Typer(no_args_is_help=True, help="Work in the background.")


def worker() -> None:
    """Run tasks and scheduled jobs, without serving HTTP. Any number of these may run beside one another."""
    from entrypoints.background import working

    if settings_or_fail().database_url.startswith("memory:"):
        fail("memory:// is one process's own; a worker needs another DATABASE_URL.")

    async def run(container: Any) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stop.set)
        await container.blobs().start()
        await container.bus().start()
        async with working(container, tasks=True):
            container.log().told("worker_ready", worker=container.leases().worker)
            await stop.wait()
        await container.bus().stop()
        await container.blobs().stop()

    with_store(run)


@tasks.command("list")
def list_tasks(
    status: Annotated[TaskStatus | None, typer.Option(help="Only these")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind")] = None,
    limit: Annotated[int, typer.Option(help="At most so many", min=1, max=10_000)] = 50,
) -> None:
    """Show the newest tasks."""

    async def show(container: Any) -> None:
        table = Table(box=None)
        table.add_column("Id", no_wrap=True, min_width=36)
        for name in ("Kind", "Status", "Progress", "Attempts", "Created", "Error"):
            table.add_column(name, overflow="fold")
        for task in await container.latest_tasks()(status, kind, limit):
            table.add_row(*_row(task))
        out.print(table)

    with_store(show)


def _row(task: Task) -> list[Any]:
    from rich.progress_bar import ProgressBar

    return [
        task.id,
        task.kind,
        task.status.value,
        ProgressBar(total=1, completed=task.progress, width=12),
        str(task.attempts),
        task.created_at.isoformat(timespec="seconds"),
        "" if task.error is None else f"{task.error.code}: {task.error.detail}",
    ]


@tasks.command("retry")
def retry_tasks(
    ids: Annotated[list[str] | None, typer.Argument(help="Failed tasks")] = None,
    all_failed: Annotated[bool, typer.Option("--all", help="All that have failed")] = False,
    kind: Annotated[str | None, typer.Option(help="With --all: only of this kind")] = None,
) -> None:
    """Try failed tasks again, from the beginning."""
    from rich.progress import track

    if bool(ids) == all_failed:
        fail("Name the tasks to be tried again, or say --all.")

    async def retry(container: Any) -> None:
        wanted = ids or [task.id for task in await container.latest_tasks()(TaskStatus.FAILED, kind, 10_000)]
        for id in track(wanted, "Queueing", console=err, disable=len(wanted) < 20):
            await container.retry_task()(id)
        out.print(f"[green]{len(wanted)} queued.[/green]")

    with_store(retry)


@tasks.command("purge")
def purge_tasks(
    hours: Annotated[float | None, typer.Option(help="Over for so long; TASK_KEEP_HOURS without it", min=0)] = None,
) -> None:
    """Take away tasks that have been over for a while."""
    from rich.progress import Progress

    async def purge(container: Any) -> None:
        kept = None if hours is None else timedelta(hours=hours)
        with Progress(console=err, transient=True) as progress:
            bar = progress.add_task("Taking away", total=None)
            purged = await container.purge_tasks()(kept, lambda many: progress.advance(bar, many))
        out.print(f"[green]{purged} taken away.[/green]")

    with_store(purge)
