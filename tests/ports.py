"""Where servers of tests listen."""

import secrets
import socket
from contextlib import suppress


def free_port() -> int:
    """Below those that the system gives to clients, one of which could have it by the time it is listened on."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
