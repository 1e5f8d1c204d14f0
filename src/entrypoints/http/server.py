"""uvicorn's HTTP protocol with bounds on what comes before a request: number and size of headers, and time.

This leans on uvicorn's inside; a test holds it to the behaviour that is promised.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MOST_HEADERS = 100
LARGEST_HEAD = 64 * 1024
DEFAULT_TIMEOUT_S = 30.0
LINGER_S = 1.0
FAREWELL_S = 0.2
_TOO_LARGE = b"Request head too large."


class BoundedProtocol(HttpToolsProtocol):
    """431 past 100 headers or 64 KiB of head; a head or body that is not there in time ends the connection (408)."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._timeout_s: float = getattr(self.app, "request_timeout_s", DEFAULT_TIMEOUT_S)
        self._refused = False
        self._idle = True
        self._size = self._elsewhere = 0
        self._begin_head()
        self._deadline: asyncio.TimerHandle | None = None
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused or self.transport.is_closing():
            return
        self._expect()
        self._size = len(data)
        self._elsewhere = 0 if self._idle else self._size
        super().data_received(data)
        if self._in_head and not self._refused:
            self._fed += len(data)
            if self._fed > LARGEST_HEAD:
                self._refuse(431, _TOO_LARGE)

    def on_message_begin(self) -> None:
        """Of a piece that holds other messages too, this one's share is not known: it counts from the next one on."""
        self._begin_head(-self._elsewhere)
        self._elsewhere, self._idle = self._size, False
        self._expect()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += 1
        self._head += len(name) + len(value) + 4
        self._hosts += len(name) == 4 and name.lower() == b"host"
        if self._headers > MOST_HEADERS or self._head > LARGEST_HEAD:
            raise OversizedHead
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) + self._head > LARGEST_HEAD:
            self._head += LARGEST_HEAD
            raise OversizedHead
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise UnknownVersion
        if self._hosts != 1 and (version == "1.1" or self._hosts):
            raise NotOneHost
        super().on_headers_complete()  # raises where the target is no path, as a tunnel's is not
        self._in_head = False

    def on_message_complete(self) -> None:
        self._arrived()
        self._idle = True
        super().on_message_complete()

    def shutdown(self) -> None:
        """A request may be on its way to a connection that looks idle: it is waited for, and answered. Answers without
        an end are told that the server stops: it waits for all that are under way."""
        closing = getattr(self.app, "closing", None)
        if closing is not None:
            closing()
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.loop.call_later(FAREWELL_S, self._end_if_idle)
        else:
            super().shutdown()

    def _end_if_idle(self) -> None:
        if self._idle and not self.transport.is_closing():
            self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        """From here on the connection is another protocol's: no deadline of a request may end it."""
        self._arrived()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        oversized = self._headers > MOST_HEADERS or self._head > LARGEST_HEAD
        self._refuse(*((431, _TOO_LARGE) if oversized else (400, b"Invalid HTTP request.")))

    def _begin_head(self, fed: int = 0) -> None:
        self._in_head = True
        self._fed = fed
        self._head: int = 0
        self._headers: int = 0
        self._hosts: int = 0

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._timeout_s, self._late)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._refuse(408, b"The request took too long to arrive.")

    def _refuse(self, status: int, text: bytes) -> None:
        """In plain text, and the connection ends; without a word where that would pass for another request's answer."""
        self._refused = True
        self._arrived()
        cycle: Any = self.cycle  # of the last head that was complete; None before the first
        answered = cycle is None or cycle.response_complete
        if self._in_head and not answered:
            cycle.keep_alive = False  # what came before is answered first
        elif self.pipeline or (not self._in_head and cycle.response_started):
            self.transport.close()
        elif not self.transport.is_closing():
            if not answered:
                cycle.disconnected = True
                cycle.message_event.set()
            head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head % len(text) + text)
            self._linger()

    def _linger(self) -> None:
        """Takes in what still comes (RFC 9112, 9.6): unread, it would reset the connection and lose the answer."""
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_S, self.transport.close)


class OversizedHead(Exception):
    """More of a head than is taken."""


class NotOneHost(Exception):
    """More hosts than one, or none (RFC 9112, 3.2)."""


class UnknownVersion(Exception):
    """A version of HTTP that is not spoken, or none."""
