"""Answers whose body is not in memory: it is passed on part by part, as fast as the client takes it."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import Response

from application.ports.blobs import Reading

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Streaming(Response):
    """An answer whose body is sent as it comes. Whoever does not send it closes it."""

    @abstractmethod
    async def send_body(self, send: Send) -> None:
        """All of it. What goes wrong is raised: the answer has begun, and can only be broken off."""

    @abstractmethod
    async def aclose(self) -> None:
        """Give back what it holds. Harmless when repeated."""


class Streamed(Streaming):
    """`headers` say how long it is."""

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
