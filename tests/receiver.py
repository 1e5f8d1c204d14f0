"""A receiver of webhooks on this machine: keeps what it was sent, and answers as it was told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

PATIENCE_S = 20.0
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
HANGS = b""


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers])
    return f"{head}\r\n\r\n".encode() + body


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are given one after the other, the last one for ever; `HANGS` never says anything."""

    answers: Sequence[bytes] = (OK,)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.address}/hook?x=1"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def until(self, count: int) -> list[Received]:
        """When so many messages have come."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.received) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.received

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            said = self.answers[min(len(self.received), len(self.answers) - 1)]
            self.received.append(Received(head[0].split()[1], headers, body))
            self._changed.set()
            if said == HANGS:
                await reader.read()
            writer.write(said)
            await writer.drain()
        with suppress(ConnectionError, ssl.SSLError):
            writer.close()
            await writer.wait_closed()
        self.open.discard(writer)


@asynccontextmanager
async def receiving(*answers: bytes, tls: Any = None) -> AsyncIterator[Receiver]:
    receiver = Receiver(answers or (OK,))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.open:
            writer.transport.abort()
