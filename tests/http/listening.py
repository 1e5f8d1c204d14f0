"""Listening to the event feed of an application without a server between: parts come as they are sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from entrypoints.http.edge import Edge
from tests.http.client import API

PATIENCE_S = 10.0
QUIET_S = 0.3
"""How long nothing has to come for there to be nothing: a few times what an event takes."""


@dataclass(frozen=True)
class Said:
    """One block of the stream."""

    text: str

    def _field(self, name: str) -> str | None:
        found = [line.removeprefix(f"{name}: ") for line in self.text.split("\n") if line.startswith(f"{name}: ")]
        return found[0] if found else None

    @property
    def id(self) -> str:
        return self._field("id") or ""

    @property
    def event(self) -> str:
        return self._field("event") or ""

    @property
    def data(self) -> dict[str, Any]:
        """The whole of `data:`; the resource is its member `data`."""
        read: dict[str, Any] = orjson.loads(self._field("data") or "null")
        return read

    @property
    def thing(self) -> dict[str, Any]:
        found: dict[str, Any] = self.data["data"]
        return found


class Listener:
    def __init__(self, edge: Edge, headers: dict[str, str], query: dict[str, str], method: str = "GET") -> None:
        sent = [(b"host", b"portico.test"), *((k.lower().encode(), v.encode()) for k, v in headers.items())]
        self._scope = {
            "type": "http", "method": method, "path": f"{API}/events", "query_string": urlencode(query).encode(),
            "headers": sent, "client": ("127.0.0.1", 1), "scheme": "http", "server": ("portico.test", 80),
        }  # fmt: skip
        self._gone = asyncio.Event()
        self._head: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._blocks: asyncio.Queue[Said | None] = asyncio.Queue()
        self._rest = ""
        self.blocked: asyncio.Event | None = None
        self.task = asyncio.create_task(edge(self._scope, self._receive, self._send))

    async def head(self) -> tuple[int, dict[str, str]]:
        async with asyncio.timeout(PATIENCE_S):
            start = await self._head
        return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}

    async def next(self) -> Said | None:
        """The next block; None at the end."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._blocks.get()

    async def event(self) -> Said:
        """The next event, past comments and the like."""
        while True:
            said = await self.next()
            assert said is not None, "the stream has ended"
            if said.event:
                return said

    async def events(self, number: int) -> list[Said]:
        return [await self.event() for _ in range(number)]

    async def until(self, type: str, id: str) -> list[Said]:
        """All events up to the first of that type about that thing."""
        found = []
        while True:
            found.append(await self.event())
            if found[-1].event == type and found[-1].thing["id"] == id:
                return found

    async def is_quiet(self) -> bool:
        await asyncio.sleep(QUIET_S)
        return not [said for said in self._drained() if said is not None and said.event]

    async def end(self) -> list[Said]:
        """Reads on until the server ends the stream."""
        found = []
        while (said := await self.next()) is not None:
            found.append(said)
        await self.task
        return found

    def leave(self) -> None:
        self._gone.set()

    def _drained(self) -> list[Said | None]:
        return [self._blocks.get_nowait() for _ in range(self._blocks.qsize())]

    async def _receive(self) -> dict[str, Any]:
        if self._scope["method"] == "GET" and "asked" not in self.__dict__:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._head.set_result(message)
            return
        if self.blocked is not None:
            await self.blocked.wait()
        *blocks, self._rest = (self._rest + message.get("body", b"").decode()).split("\n\n")
        for block in blocks:
            self._blocks.put_nowait(Said(block))
        if not message.get("more_body"):
            self._blocks.put_nowait(None)


@asynccontextmanager
async def listening(edge: Edge, headers: dict[str, str], **query: str) -> AsyncIterator[Listener]:
    """Somebody who has been answered, and hears all that is committed from here on."""
    after = {"Last-Event-ID": query.pop("after")} if "after" in query else {}
    listener = Listener(edge, {**headers, **after}, query)
    try:
        status, _ = await listener.head()
        assert status == 200
        first = await listener.next()
        assert first is not None
        assert first.text == "retry: 2000"
        yield listener
    finally:
        listener.leave()
        async with asyncio.timeout(PATIENCE_S):
            await listener.task
