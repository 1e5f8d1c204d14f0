"""Talking in a room with a real client: rooms, sockets, and what comes out of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.http.client import API, Person, unique

PATIENCE_S = 15.0


async def a_room(client: httpx.AsyncClient, owner: Person, *members: Person, **over: Any) -> dict[str, Any]:
    """A new room of theirs."""
    made = await client.post(f"{API}/rooms", json={"name": unique("room"), **over}, headers=owner.headers)
    assert made.status_code == 201, made.text
    for member in members:
        path = f"{API}/rooms/{made.json()['id']}/members"
        added = await client.post(path, json={"user_id": member.id}, headers=owner.headers)
        assert added.status_code == 201, added.text
    room: dict[str, Any] = made.json()
    return room


class Talk:
    """One socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, text: str, **over: Any) -> None:
        await self.send({"type": "message", "text": text, **over})

    async def send(self, frame: Any) -> None:
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def hear(self, kind: str | None = None) -> dict[str, Any]:
        """The next frame, or the next of that type."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                if kind in (None, frame["type"]):
                    return frame

    async def hear_all(self, count: int, kind: str = "message") -> list[dict[str, Any]]:
        return [await self.hear(kind) for _ in range(count)]

    async def code(self) -> int:
        """What the server closes it with."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await self.socket.recv()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006


def address(port: int, room_id: str, query: str = "") -> str:
    return f"ws://127.0.0.1:{port}{API}/rooms/{room_id}/ws{query}"


@asynccontextmanager
async def talking(
    port: int, room_id: str, person: Person | None = None, *, query: str = "", **how: Any
) -> AsyncIterator[Talk]:
    """Connected as that person; `how` goes to the client."""
    headers = {**(person.headers if person else {}), **how.pop("headers", {})}
    async with connect(address(port, room_id, query), additional_headers=headers, **how) as socket:
        yield Talk(socket)
