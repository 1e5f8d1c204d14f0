"""The edge with a span round each request. Where there are no traces the edge is what it is, and pays nothing."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from entrypoints.http.edge import Edge, Message, Receive, Scope, Send


class Span(Protocol):
    trace_id: str

    def answered(self, route: str | None, status: int) -> None:
        """What the answer was, and the template of its route."""


class Traces(Protocol):
    def request(
        self, method: str, scheme: str, http_version: str, traceparent: str | None
    ) -> AbstractContextManager[Span]:
        """Round one request, which goes on with the trace that its header names."""


class TracedEdge(Edge):
    """Sockets, which live for long, have no span."""

    def __init__(self, traces: Traces, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        sent = [value for name, value in scope["headers"] if name == b"traceparent"]
        traceparent = sent[0].decode("latin-1") if len(sent) == 1 else None
        with self._traces.request(scope["method"], scope["scheme"], scope["http_version"], traceparent) as span:
            scope["trace_id"] = span.trace_id

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.answered(scope["template"], message["status"])
                await send(message)

            await super().__call__(scope, receive, noted)
