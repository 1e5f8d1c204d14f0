"""Servers of one's own that can be killed, stopped, held still and started again with what they had."""

import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.ports import free_port

PATIENCE_S = 60.0
LOOK_S = 1.0
"""How long one look at a server may take that may not answer."""


class NotHere(RuntimeError):
    """What would run the server is not on this machine; the text says what is missing."""


@dataclass
class Outage:
    """One server: how it is run, how it is asked whether it works, and how it is told to end."""

    kind: str
    url: str
    command: Sequence[str]
    asked: Callable[[], Awaitable[object]]
    folder: Path
    ends_by: signal.Signals = signal.SIGTERM
    user: str | None = None
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Answers when the server does."""
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
                **({"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}),
            )  # fmt: skip
        async with asyncio.timeout(PATIENCE_S):
            while not await self._answers():
                if self.process.returncode is not None:
                    raise RuntimeError(f"{self.kind} ended: {(self.folder / 'log').read_text()[-2000:]}")
                await asyncio.sleep(0.005)

    async def leave(self, how: str) -> None:
        """`kill`: nothing is finished. `stop`: as whoever runs it does. `hang`: it lives and says nothing."""
        match how:
            case "kill":
                self._signal(signal.SIGKILL)
                await self._ended()
            case "stop":
                assert self.process is not None
                self.process.send_signal(self.ends_by)
                await self._ended()
            case _:
                self._signal(signal.SIGSTOP)

    async def come_back(self, how: str) -> None:
        """Answers when the server does."""
        if how != "hang":
            await self.start()
            return
        self._signal(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE_S):
            while not await self._answers():  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.005)

    async def end(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self._signal(signal.SIGKILL)
            await self._ended()

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(LOOK_S):
                await self.asked()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, PyMongoError, RedisError):
            return False
        return True

    async def _ended(self) -> None:
        assert self.process is not None
        async with asyncio.timeout(PATIENCE_S):
            await self.process.wait()

    def _signal(self, how: signal.Signals) -> None:
        """To all of its processes: PostgreSQL's each lead a group of their own."""
        assert self.process is not None
        for pid in (self.process.pid, *_below(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, how)


def _below(pid: int) -> list[int]:
    with suppress(OSError):
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [*children, *(below for child in children for below in _below(child))]
    return []


@asynccontextmanager
async def running(kind: str, mongo: str | None = None) -> AsyncIterator[Outage]:
    """A new and empty one, gone afterwards. `mongo` is the command, with `ADDR` where it wants to know host:port.
    Raises `NotHere`."""
    with tempfile.TemporaryDirectory(prefix="portico_outage_") as made:
        folder, port = Path(made), free_port()
        match kind:
            case "postgresql":
                server = _postgresql(folder, port)
            case "redis":
                server = _redis(folder, port)
            case _:
                server = _mongodb(folder, port, mongo)
        try:
            await server.start()
            yield server
        finally:
            await server.end()


def _postgresql(folder: Path, port: int) -> Outage:
    """It refuses to run as root: then it runs as `postgres`, whom its package made."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    initdb = shutil.which("initdb") or (programs and shutil.which("initdb", path=programs))
    if initdb is None:
        raise NotHere("no initdb in PATH or /usr/lib/postgresql")
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
        check=True, capture_output=True, cwd=folder,
        **({"user": user, "group": user, "extra_groups": []} if user else {}),
    )  # fmt: skip
    command = [str(Path(initdb).with_name("postgres")), "-D", str(data), "-p", str(port), "-k", str(folder)]
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    async def asked() -> None:
        connection = await asyncpg.connect(url, timeout=LOOK_S)
        await connection.close()

    return Outage("postgresql", url, command, asked, folder, ends_by=signal.SIGINT, user=user)


def _redis(folder: Path, port: int) -> Outage:
    program = shutil.which("redis-server")
    if program is None:
        raise NotHere("no redis-server in PATH")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    url = f"redis://127.0.0.1:{port}/0"

    async def asked() -> None:
        async with Redis.from_url(url, socket_timeout=LOOK_S) as client:
            await client.ping()

    return Outage("redis", url, command, asked, folder)


def _mongodb(folder: Path, port: int, command: str | None) -> Outage:
    if command is None:
        raise NotHere("no --mongo 'COMMAND ADDR'")
    words = [word.replace("ADDR", f"127.0.0.1:{port}") for word in shlex.split(command)]
    url = f"mongodb://127.0.0.1:{port}/portico?replicaSet=rs0"

    async def asked() -> None:
        async with AsyncMongoClient[dict[str, object]](url, serverSelectionTimeoutMS=int(LOOK_S * 1000)) as client:
            await client.admin.command("ping")

    return Outage("mongodb", url, words, asked, folder)
