"""A real server: the processes of `portico serve`, on a port of their own, that can be killed and started again."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.http.client import ADMIN, SECRET
from tests.ports import free_port
from tests.stores import available_stores, fresh_url

WORKERS: Mapping[str, int] = {"memory": 1, "sqlite": 4, "postgresql": 4, "mongodb": 4}
"""What each store allows, up to four: memory is one process's own."""

DURABLE = [store for store in available_stores() if store != "memory"]

PATIENCE_S = 30.0
_PORTICO = Path(sys.executable).with_name("portico")
_SETTINGS = {
    "SECRET_KEY": SECRET,
    "BCRYPT_ROUNDS": "4",
    "RATE_LIMIT_ENABLED": "false",
    "ACCESS_TOKEN_MINUTES": "600",
    "ORDER_HOLD_MINUTES": "600",
    "LOG_LEVEL": "ERROR",
    "LOG_FORMAT": "json",
    **{name.upper(): value for name, value in ADMIN.items()},
}


class Server:
    """Processes that one signal reaches, in a folder of their own with what they have said."""

    def __init__(self, url: str, workers: int, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._workers, self._folder = workers, folder
        self._settings = {**_SETTINGS, **(settings or {}), "DATABASE_URL": url}
        self._log = folder / "log"
        self._process: asyncio.subprocess.Process
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    async def start(self) -> float:
        """Answers after how many seconds it was ready."""
        began = time.perf_counter()
        await self.begin()
        async with httpx.AsyncClient(base_url=self.address, timeout=5) as client:
            while not await _is_ready(client):
                if self._process.returncode is not None or time.perf_counter() - began > PATIENCE_S:
                    raise RuntimeError(f"the server is not ready: {self.said()}")
                await asyncio.sleep(0.01)
        return time.perf_counter() - began

    async def begin(self) -> None:
        """Without waiting for it to be ready."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "PYTHONPATH") if name in os.environ}
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                _PORTICO, "serve", f"--port={self.port}", f"--workers={self._workers}",
                cwd=self._folder, stdout=log, stderr=log, start_new_session=True,
                env={**kept, **self._settings},
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Of the first process."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        return self._process.returncode is None

    def send_signal(self, how: signal.Signals) -> None:
        """To the first process alone."""
        os.kill(self._process.pid, how)

    async def exit_code(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def kill(self) -> None:
        """SIGKILL to all of its processes at once: nothing is finished, nothing is flushed."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def restart(self) -> float:
        await self.stop()
        return await self.start()

    async def run(self, *command: str) -> tuple[int, str]:
        """`portico <command>` on the same store: its exit code and what it says."""
        process = await asyncio.create_subprocess_exec(
            _PORTICO, *command, cwd=self._folder, env={**os.environ, **self._settings},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    def said(self) -> str:
        return self._log.read_text()[-4000:]

    async def _end(self, how: signal.Signals) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, how)
            async with asyncio.timeout(PATIENCE_S):
                await self._process.wait()
        with suppress(ProcessLookupError):  # a worker that outlived the first process
            os.killpg(self._process.pid, signal.SIGKILL)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def served(store: str, workers: int | None = None, **settings: str) -> AsyncIterator[Server]:
    """A server with that many workers on a fresh store of that kind, or with as many as the store allows."""
    with tempfile.TemporaryDirectory(prefix="portico_served_") as folder:
        async with fresh_url(store) as url:
            server = Server(url, workers or WORKERS[store], Path(folder), settings)
            await server.start()
            try:
                yield server
            finally:
                await server.stop()
