"""A browser without a window, by Chromium's DevTools protocol: enough to fill in, to click, to read and to look."""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE_S = 30.0


class Tab:
    """A page; `complaints` is what it wrote to its console and what its policy forbade."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.complaints: list[str] = []

    async def listen(self) -> None:
        async for text in self._socket:
            told = json.loads(text)
            if "id" in told:
                self._asked.pop(told["id"]).set_result(told)
            elif told["method"] in ("Log.entryAdded", "Runtime.exceptionThrown"):
                self.complaints.append(json.dumps(told["params"]))

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        async with asyncio.timeout(PATIENCE_S):
            told = await answer
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    async def run(self, script: str) -> Any:
        told = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, script: str) -> Any:
        """What the script answers, once that is something."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if value := await self.run(script):
                    return value
                await asyncio.sleep(0.05)

    async def fill(self, **fields: str) -> None:
        for id, text in fields.items():
            await self.run(f"document.getElementById({id!r}).value = {json.dumps(text)}")

    async def submit(self, form: str) -> None:
        await self.run(f"document.getElementById({form!r}).requestSubmit()")

    async def picture(self) -> bytes:
        """PNG."""
        return base64.b64decode((await self.ask("Page.captureScreenshot"))["data"])


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


async def _port(file: Path) -> int:
    """Where it listens, once it has written that down."""
    while True:
        if text := _text(file):
            return int(text.splitlines()[0])
        await asyncio.sleep(0.05)


@asynccontextmanager
async def tabs(count: int) -> AsyncIterator[list[Tab]]:
    """So many, in a browser of their own. A container has no sandbox to offer; what is loaded is ours."""
    assert CHROMIUM is not None
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        process = await asyncio.create_subprocess_exec(
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--window-size=1100,760", "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        stack.push_async_callback(process.wait)
        stack.callback(lambda: process.returncode is None and process.terminate())
        async with asyncio.timeout(PATIENCE_S):
            port = await _port(folder / "DevToolsActivePort")
        address = f"http://127.0.0.1:{port}"
        made = []
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=address))
        for _ in range(count):
            target = (await client.put("/json/new?about:blank")).json()["webSocketDebuggerUrl"]
            tab = Tab(await stack.enter_async_context(connect(target, max_size=None)))
            listening = asyncio.create_task(tab.listen())
            stack.callback(listening.cancel)
            for domain in ("Page", "Runtime", "Log"):
                await tab.ask(f"{domain}.enable")
            made.append(tab)
        with suppress(ConnectionError):
            yield made
