"""Answers without an end: what there is to say is sent as it comes, until either side has had enough."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from typing import Any

from entrypoints.http.streaming import Streaming

STUCK_S = 30.0
"""Somebody who takes nothing for so long is not there any more."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Stream(Streaming):
    """`parts` are sent one by one; whoever does not send them closes it."""

    def __init__(
        self, parts: AsyncGenerator[bytes], receive: Receive, leave: Callable[[], None], **headers: str
    ) -> None:
        super().__init__(None, 200, headers)
        del self.headers["content-length"]
        self._parts, self._receive, self._leave = parts, receive, leave

    async def send_body(self, send: Send) -> None:
        """Until the parts end, the client goes, or it takes nothing any more. Raises what the parts raise."""
        sending, going = asyncio.ensure_future(self._send(send)), asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait((sending, going), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, going):
                task.cancel()
            await asyncio.gather(sending, going, return_exceptions=True)
            await self.aclose()

    async def aclose(self) -> None:
        """Harmless when repeated."""
        await self._parts.aclose()
        self._leave()

    async def _send(self, send: Send) -> None:
        try:
            async for part in self._parts:
                async with asyncio.timeout(STUCK_S):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except TimeoutError:
            return  # unfinished, so that the server ends the connection
        await send({"type": "http.response.body", "body": b""})

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
