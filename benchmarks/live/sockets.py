"""Clients that cost next to nothing: the handshake by hand, and frames counted by their heads."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson

PATIENCE_S = 120.0


class Listener(asyncio.Protocol):
    """Counts the messages that it gets; `heard` is told the text of each where there is one to be told."""

    def __init__(self, heard: Callable[[str], None] | None = None) -> None:
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.messages = 0
        self._heard = heard
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(ConnectionError("the handshake was not answered"))
        if not self.closed.done():
            self.closed.set_result(1006)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self.open.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            assert b" 101 " in head[:20], head
            self.open.set_result(None)
        at = 0
        while len(data) - at >= 2:
            size, begins = data[at + 1], at + 2
            if size == 126:
                size, begins = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif size == 127:
                size, begins = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if len(data) < begins + size:
                break
            self._frame(data[at] & 15, data[begins : begins + size])
            at = begins + size
        self._rest = data[at:]

    def _frame(self, kind: int, payload: bytes) -> None:
        if kind == 8:
            if not self.closed.done():
                self.closed.set_result(int.from_bytes(payload[:2]))
        elif kind == 9:
            self._write(10, payload)
        elif payload[:17] == b'{"type":"message"':
            self.messages += 1
            if self._heard is not None:
                self._heard(orjson.loads(payload)["text"])

    def say(self, text: str) -> None:
        self._write(1, orjson.dumps({"type": "message", "text": text}))

    def _write(self, kind: int, payload: bytes) -> None:
        """Masked with zeroes, which leaves the payload as it is."""
        size = len(payload)
        head = bytes([128 | kind, 128 | size]) if size < 126 else bytes([128 | kind, 254]) + size.to_bytes(2)
        self.transport.write(head + b"\0\0\0\0" + payload)


async def opened(port: int, path: str, token: str, heard: Callable[[str], None] | None = None) -> Listener:
    loop = asyncio.get_running_loop()
    _, listener = await loop.create_connection(lambda: Listener(heard), "127.0.0.1", port)
    head = (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    )
    listener.transport.write(
        f"{head}Sec-WebSocket-Key: {os.urandom(16).hex()[:22]}==\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    await listener.open
    return listener


async def many(port: int, path: str, tokens: list[str], count: int, at_once: int = 50) -> tuple[list[Listener], float]:
    """So many sockets, and in how many seconds they were open."""
    gate, began = asyncio.Semaphore(at_once), time.perf_counter()

    async def one(number: int) -> Listener:
        async with gate:
            return await opened(port, path, tokens[number % len(tokens)])

    made = await asyncio.gather(*(one(number) for number in range(count)))
    return list(made), time.perf_counter() - began


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not done():
            await asyncio.sleep(0.001)


def close(listeners: list[Listener]) -> None:
    for each in listeners:
        with suppress(Exception):
            each.transport.abort()
