"""The edge: the one ASGI class between the server and the endpoints.

It gives every answer its request id, timing and security headers, turns refusals into problem details, knows HEAD and
OPTIONS, answers conditional requests, compresses, and writes one line a request. What is not HTTP, it passes on.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from application.ports.origin import Origin, Origins
from application.readiness import Readiness
from domain.errors import NotFound, Refusal
from entrypoints.http.compression import compressed, negotiated
from entrypoints.http.conditional import not_modified
from entrypoints.http.cors import Cors
from entrypoints.http.dispatch import RouteIndex
from entrypoints.http.limits import Gate
from entrypoints.http.peer import Peers
from entrypoints.http.problems import MethodNotAllowed, internal_error, problem
from entrypoints.http.sockets import AccessLog, Conversation, Sockets, name_of
from entrypoints.http.streaming import Streaming

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
HTML_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


class RequestMeters(Protocol):
    in_flight: int

    def answered(self, method: str, template: str | None, status: int, seconds: float) -> None:
        """One request was."""


class Edge:
    """`hosts` are the names that are answered to; none means any. `gate` is None where nobody is limited.
    `closing` is called when the server begins to stop.

    What is looked at in every request is looked up in `scope["sent"]`, the headers by their names in bytes, the last of
    each: reading them through the framework costs more than the rest of this class.
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        routes: RouteIndex,
        peers: Peers,
        cors: Cors,
        hosts: frozenset[str],
        log: AccessLog,
        meters: RequestMeters,
        gate: Gate | None,
        readiness: Readiness,
        new_id: Callable[[], str],
        origins: Origins,
        closing: Callable[[], None],
        request_timeout_s: float,
        sockets: Mapping[str, Conversation],
    ) -> None:
        self.request_timeout_s, self.closing = request_timeout_s, closing
        self._app, self._routes, self._peers, self._cors = app, routes, peers, cors
        self._hosts, self._log, self._new_id, self._origins = hosts, log, new_id, origins
        self._meters, self._gate, self._readiness = meters, gate, readiness
        self._sockets = Sockets(sockets, hosts, log)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return self._app.openapi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope["app"], scope["request_id"] = self._app, self._new_id()
            self._peers.place(scope)
            await self._sockets(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, _told_plainly(send) if scope["type"] == "lifespan" else send)
            return
        began = time.perf_counter()
        self._peers.place(scope)
        scope["app"] = self._app
        scope["template"] = scope["quota"] = None
        scope["sent"] = dict(scope["headers"])
        request = Request(scope, receive)
        request_id = scope["request_id"] = self._request_id(request)
        self._origins.enter(Origin(scope["ip"], request_id))
        self._meters.in_flight += 1
        try:
            response = await self._answer(request)
        finally:
            self._meters.in_flight -= 1
        seconds = time.perf_counter() - began
        self._finish(request, response, seconds)
        status = response.status_code
        self._meters.answered(scope["method"], scope["template"], status, seconds)
        started = {"type": "http.response.start", "status": status, "headers": response.raw_headers}
        if isinstance(response, Streaming):
            await self._stream(response, started, request_id, send)
        else:
            await send(started)
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else response.body})
        self._log.request(
            request_id=request_id,
            method=scope["method"],
            route=scope["template"],
            status=status,
            duration_ms=round((time.perf_counter() - began) * 1000, 2),
            caller=scope.get("caller"),
            trace_id=scope.get("trace_id"),
        )

    async def _stream(self, response: Streaming, started: Message, request_id: str, send: Send) -> None:
        """Where it breaks off, the server ends the connection: that is all that can be said by then."""
        try:
            await send(started)
            await response.send_body(send)
        except Exception as error:  # noqa: BLE001 - the edge is where it ends
            self._log.failed(request_id, error)
        finally:
            await response.aclose()

    async def _answer(self, request: Request) -> Response:
        instance, request_id = request.scope["path"], request.scope["request_id"]
        try:
            response = await self._handled(request)
        except Refusal as refusal:
            response = problem(refusal, instance=instance, request_id=request_id)
        except Exception as error:  # noqa: BLE001 - the edge is where it ends
            self._log.failed(request_id, error)
            response = internal_error(instance=instance, request_id=request_id)
        return not_modified(request, negotiated(request, response))

    async def _handled(self, request: Request) -> Response:
        scope = request.scope
        if self._hosts and name_of(request.headers.get("host", "")) not in self._hosts:
            raise NotFound()
        found = self._routes.find(scope["path"])
        if found is None:
            raise NotFound()
        place, scope["path_params"] = found
        scope["template"] = place.template
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        handler = place.handlers.get(method)
        if handler is not None:
            if self._gate is not None and (kind := place.limits[method]) is not None:
                await self._gate.admit(scope, kind)
            return await handler(request)
        if method == "OPTIONS":
            return Response(None, 204, {"Allow": place.allow})
        raise MethodNotAllowed(headers={"Allow": place.allow})

    def _finish(self, request: Request, response: Response, seconds: float) -> None:
        """The headers that every answer has. `scope["shared"]` says that it is the same for everybody."""
        headers = response.raw_headers
        sent = request.scope["sent"]
        personal = (b"authorization" in sent or b"x-api-key" in sent) and "shared" not in request.scope
        stated = [header for header in headers if header[0] == b"cache-control"]
        if personal or not stated:
            for header in stated:
                headers.remove(header)
            fresh = not personal and request.method in ("GET", "HEAD") and response.status_code in (200, 304)
            headers.append((b"cache-control", b"no-cache" if fresh else b"no-store"))
        compressed(response)
        if response.media_type == "text/html" and "content-security-policy" not in response.headers:
            headers.append((b"content-security-policy", HTML_POLICY.encode()))
        headers += _SECURITY
        if self._readiness.stopping:
            headers.append((b"connection", b"close"))
        if self._gate is not None and (quota := request.scope["quota"]) is not None:
            headers += self._gate.headers(quota)
        headers += self._cors.headers(request, response)
        headers += (
            (b"x-request-id", request.scope["request_id"].encode()),
            (b"server-timing", b"app;dur=%.2f" % (seconds * 1000)),
            (b"x-process-time", b"%.6f" % seconds),
        )

    def _request_id(self, request: Request) -> str:
        sent = request.scope["sent"].get(b"x-request-id", b"").decode("latin-1")
        return sent if _REQUEST_ID.fullmatch(sent) else self._new_id()


def _told_plainly(send: Send) -> Send:
    """Why a start failed, in the one line that says so instead of a traceback."""

    async def told(message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            message["message"] = message["message"].strip().splitlines()[-1]
        await send(message)

    return told
