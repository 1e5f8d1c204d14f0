"""The end of a process: first it says so, then it stops to listen, then what was begun is answered.

uvicorn closes its door at the first signal, and with it what waits there. A balancer needs a moment to send requests
elsewhere, and a client that keeps its connection needs an answer that ends it; so the signal is kept back while
readiness says no and each answer says `Connection: close`. Then who waits is let in, and the door closed. This leans on
uvicorn's inside, whoever runs it: `portico serve`, gunicorn, a test. `python -m tests.stopping` tells what clients see.
"""

import asyncio
import multiprocessing
import os
import signal
import socket
from types import FrameType
from typing import Any

from uvicorn import Server

from application.readiness import Readiness

SIGNALS = (signal.SIGTERM, signal.SIGINT)
MOST_WAITING = 4096


class Stopping:
    """Sets `readiness.stopping`, and `drain_s` later lets uvicorn know. A second signal ends a lone process at once."""

    def __init__(self, readiness: Readiness, drain_s: float) -> None:
        self._readiness, self._drain_s = readiness, drain_s
        self._loop = asyncio.get_running_loop()
        self._server: Server
        self._close_door: Any

    def watch(self) -> None:
        """Does nothing where something else than uvicorn handles signals."""
        server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
        if isinstance(server, Server):
            self._server, self._close_door = server, server.shutdown
            server.shutdown = self._shut  # type: ignore[method-assign]
            for number in SIGNALS:
                signal.signal(number, self._told)

    async def _shut(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes whoever has been let in by the kernel and not by us, then closes."""
        doors = [each.fileno() for server in self._server.servers for each in server.sockets]
        held = [socket.socket(fileno=os.dup(door)) for door in doors]
        for server in self._server.servers:
            server.close()
        for door in held:
            await self._let_in(door)
        await self._close_door(sockets)

    async def _let_in(self, door: socket.socket) -> None:
        door.setblocking(False)
        try:
            for _ in range(MOST_WAITING):
                taken, _address = door.accept()
                taken.setblocking(False)
                await self._loop.connect_accepted_socket(self._protocol, taken)
        except OSError:
            pass  # nobody is left
        finally:
            door.close()

    def _protocol(self) -> asyncio.Protocol:
        server = self._server
        made: asyncio.Protocol = server.config.http_protocol_class(  # type: ignore[call-arg]
            config=server.config, server_state=server.server_state, app_state=server.lifespan.state
        )
        return made

    def _told(self, number: int, frame: FrameType | None) -> None:
        if not self._readiness.stopping:
            self._readiness.stopping = True
            self._loop.call_soon_threadsafe(
                self._loop.call_later, self._drain_s, self._server.handle_exit, number, None
            )
        elif multiprocessing.parent_process() is None:
            # Workers are told twice by a terminal or systemd, which tell the whole group; their parent ends them.
            self._server.force_exit = self._server.should_exit = True
