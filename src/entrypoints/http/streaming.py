"""Answers whose body is not in memory: it is passed on part by part, as fast as the client takes it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import Response

from application.ports.blobs import Reading

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Streamed(Response):
    """`headers` say how long it is. Whoever does not send it closes it."""

    def __init__(self, reading: Reading, status: int, headers: dict[str, str], media_type: str) -> None:
        super().__init__(None, status, headers, media_type)
        self._reading = reading

    async def send_body(self, send: Send) -> None:
        try:
            async for part in self._reading:
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        await self._reading.aclose()
