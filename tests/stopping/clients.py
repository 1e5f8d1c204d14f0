"""Clients that go on asking until nobody listens any more."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.http.client import API, unique

PATIENCE_S = 20.0


@dataclass
class Seen:
    """`lost` are requests that were sent whole on a connection that was taken, and not answered whole."""

    statuses: Counter[int] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    refused: int = 0


async def keep_asking(port: int, token: str, seen: Seen) -> None:
    """Over connections that are kept as long as the server keeps them."""
    async with asyncio.timeout(PATIENCE_S):
        number = 0
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                seen.refused += 1
                return
            try:
                kept = True
                while kept:
                    number += 1
                    kept = await _asked(reader, writer, _request(number, token), seen)
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()


def _request(number: int, token: str) -> bytes:
    """One in four writes."""
    head = f"Host: x\r\nAuthorization: Bearer {token}\r\n"
    if number % 4:
        return f"GET {API}/users/me HTTP/1.1\r\n{head}\r\n".encode()
    body = json.dumps({"name": unique("item"), "price": "1.00"})
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"POST {API}/items HTTP/1.1\r\n{head}{kind}\r\n{body}".encode()


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, seen: Seen) -> bool:
    """Whether the connection goes on."""
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, headers = head.split(b"\r\n", 1)
        sent = dict(line.split(b": ", 1) for line in headers.lower().strip().split(b"\r\n"))
        await reader.readexactly(int(sent[b"content-length"]))
    except (OSError, asyncio.IncompleteReadError) as error:
        seen.lost.append(type(error).__name__)
        return False
    seen.statuses[int(status.split()[1])] += 1
    return sent.get(b"connection") != b"close"
