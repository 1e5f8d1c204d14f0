"""Sockets: who talks where, and the line in the log when they have ended."""

import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Conversation = Callable[[Scope, Receive, Send, str], Awaitable[None]]
"""Talks over a socket, about the id in its path."""


class AccessLog(Protocol):
    def request(self, **what: Any) -> None:
        """One request was answered."""

    def failed(self, request_id: str, error: BaseException) -> None:
        """Something broke that no client can have caused."""


class Sockets:
    """`conversations` by their templates, which have one `{id}`."""

    def __init__(self, conversations: Mapping[str, Conversation], hosts: frozenset[str], log: AccessLog) -> None:
        self._talks = [(template.split("{id}"), template, talk) for template, talk in conversations.items()]
        self._hosts, self._log = hosts, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Its line in the log is written when it ends, and says no query: there may be a token in it."""
        began = time.perf_counter()
        template, talk, id = self._at(scope)
        if talk is None:
            await receive()
            await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b"There is no socket here."})
            return
        try:
            await talk(scope, receive, send, id)
        except Exception as error:  # noqa: BLE001 - the edge is where it ends
            self._log.failed(scope["request_id"], error)
        self._log.request(
            request_id=scope["request_id"],
            method="WEBSOCKET",
            route=template,
            status=101,
            duration_ms=round((time.perf_counter() - began) * 1000, 2),
            caller=scope.get("caller"),
        )

    def _at(self, scope: Scope) -> tuple[str, Conversation | None, str]:
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"), "")
        if not self._hosts or name_of(host) in self._hosts:
            for (before, after), template, talk in self._talks:
                id = scope["path"].removeprefix(before).removesuffix(after)
                if scope["path"] == f"{before}{id}{after}" and id and "/" not in id:
                    return template, talk, id
        return "", None, ""


def name_of(host: str) -> str:
    """A host without its port; an IPv6 address has colons of its own."""
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()
