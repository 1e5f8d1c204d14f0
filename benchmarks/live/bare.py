"""The yardsticks: a room in a few lines, without accounts, store, order or bounds. It serialises a message once for
all; with NAIVE=1, for each socket."""

import os
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

NAIVE = os.environ.get("NAIVE") == "1"
AUTHOR = {
    "id": "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b",
    "username": "user1cbdf3aa8",
    "full_name": None,
    "avatar_url": None,
}
sockets: set[WebSocket] = set()
sequence = 0


async def talk(socket: WebSocket) -> None:
    global sequence
    await socket.accept()
    sockets.add(socket)
    try:
        while True:
            said = orjson.loads(await socket.receive_text())
            sequence += 1
            message = _message(said)
            if NAIVE:
                for other in list(sockets):
                    await other.send_json(message)
            else:
                text = orjson.dumps(message).decode()
                for other in list(sockets):
                    await other.send_text(text)
    except WebSocketDisconnect:
        sockets.discard(socket)


def _message(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message", "id": AUTHOR["id"], "created_at": datetime.now(UTC).isoformat(), "room_id": AUTHOR["id"],
        "sequence": sequence, "author": AUTHOR, "text": said["text"], "client_id": None,
    }  # fmt: skip


if __name__ == "__main__":
    app = Starlette(routes=[WebSocketRoute("/{path:path}", talk)])
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="error",
    )
