"""uvicorn's WebSocket protocol, with what rooms need below ASGI: frames encoded once for all, and what waits.

This leans on uvicorn's inside, as `server.py` does; tests with a real client hold it to what is promised.
"""

import logging
import socket
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.server import ServerProtocol

from entrypoints.live.limits import LARGEST_FRAME
from entrypoints.live.wire import EXTENSION, Wire

LINGER_S = 2.0
SENDING_BYTES = 128 * 1024
"""What the system holds for one socket: what it does not take is counted here, and bounded."""

_silent = logging.getLogger("entrypoints.websocket")
_silent.setLevel(logging.CRITICAL + 1)
"""The library's lines quote paths with their queries, where tokens may be; what went wrong in here, the edge writes."""


class RoomProtocol(WebSocketsSansIOProtocol, Wire):
    """Messages may come compressed; none goes out so, as each socket would need its own. Nothing is kept between
    messages: 5,000 idle sockets would hold as many windows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _silent
        deflate = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
        self.conn = ServerProtocol(extensions=[deflate], max_size=LARGEST_FRAME, logger=_silent)
        self.heard_at = self.loop.time()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        own = transport.get_extra_info("socket")
        if own is not None and own.family in (socket.AF_INET, socket.AF_INET6):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING_BYTES)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self.loop.time()
        if self.conn.parser_exc is not None:
            return  # what comes after the fault is taken in and dropped, so that the close is not lost to a reset
        super().data_received(data)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: Any = self.scope["extensions"]
            extensions[EXTENSION] = self

    def handle_parser_exception(self) -> None:
        """The close that says why, then an end of sending; the peer may finish what it was sending."""
        close = self.conn.close_sent
        code = 1006 if close is None else close.code
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._cut_off_after(LINGER_S)

    def write(self, frame: bytes) -> None:
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    def waiting(self) -> int:
        return self.transport.get_write_buffer_size()

    def ping(self) -> None:
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_ping(b"")
            self.transport.write(b"".join(self.conn.data_to_send()))

    def end(self, code: int, reason: str, *, within_s: float = 10.0) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self._cut_off_after(within_s)

    def settled(self) -> None:
        """Headers and request are of no use to an open socket."""
        self.request = self.response = None  # type: ignore[assignment]
        self.scope["headers"] = []

    def _cut_off_after(self, seconds: float) -> None:
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(seconds, self.transport.abort)
