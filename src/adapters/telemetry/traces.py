"""Spans, sent in batches by OTLP over HTTP: one for each request, and within it one for each use case.

What a span says is named here one by one: methods, route templates, statuses, codes. Paths and queries are left out,
though the conventions have names for them, since they hold what people sent; and so is `tracestate`, which anybody may
fill with anything.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.semconv.attributes.http_attributes import (
    HTTP_REQUEST_METHOD,
    HTTP_RESPONSE_STATUS_CODE,
    HTTP_ROUTE,
)
from opentelemetry.semconv.attributes.network_attributes import NETWORK_PROTOCOL_VERSION
from opentelemetry.semconv.attributes.url_attributes import URL_SCHEME
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from application.ports.observer import Observer

PATH = "/v1/traces"
OUTCOME = "portico.outcome"
FLUSH_S = 3.0
"""How long a stop waits for the last batch to be taken."""

_METHODS = {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}


class RequestSpan:
    """The span of one request; `trace_id` is 32 hexadecimal digits."""

    def __init__(self, span: Span, method: str) -> None:
        self._span, self._method = span, method
        self.trace_id = trace.format_trace_id(span.get_span_context().trace_id)

    def answered(self, route: str | None, status: int) -> None:
        """`route` is the template, or None where there is none."""
        if route is not None:
            self._span.update_name(f"{self._method} {route}")
            self._span.set_attribute(HTTP_ROUTE, route)
        self._span.set_attribute(HTTP_RESPONSE_STATUS_CODE, status)
        if status >= 500:
            self.broke(str(status))

    def broke(self, how: str) -> None:
        self._span.set_attribute(ERROR_TYPE, how)
        self._span.set_status(StatusCode.ERROR)


class OtlpTraces:
    """`endpoint` is the collector's `http://host:4318`. Headers, sampling and the service's name are as the standard
    `OTEL_*` variables say."""

    def __init__(self, endpoint: str, version: str) -> None:
        usual = Resource.create({SERVICE_NAME: "portico", SERVICE_VERSION: version})
        self._exporter = OTLPSpanExporter(endpoint.rstrip("/") + PATH)
        self._provider = TracerProvider(resource=usual.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("portico", version)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, scheme: str, http_version: str, traceparent: str | None) -> Iterator[RequestSpan]:
        """Goes on with the trace that `traceparent` names (W3C Trace Context), and is the parent of what is within."""
        known = method if method in _METHODS else "_OTHER"
        parent = self._propagator.extract(
            {} if traceparent is None else {"traceparent": traceparent}, context.Context()
        )
        named = {HTTP_REQUEST_METHOD: known, URL_SCHEME: scheme, NETWORK_PROTOCOL_VERSION: http_version}
        name = known if known == method else "HTTP"
        span = self._tracer.start_span(name, parent, SpanKind.SERVER, named)
        request, before = RequestSpan(span, name), context.attach(trace.set_span_in_context(span, parent))
        try:
            yield request
        except BaseException as error:
            request.broke(type(error).__name__)
            raise
        finally:
            context.detach(before)
            span.end()

    def observing(self, observer: Observer) -> Observer:
        """It, and a span for each use case beside it."""
        return TracingObserver(observer, self._tracer)

    async def stop(self) -> None:
        """Sends what has not been sent, and does not wait for long."""
        await asyncio.to_thread(self._flush)

    def _flush(self) -> None:
        """The library waits for half a minute; its thread is left alone instead, and ends with the process."""
        flushing = threading.Thread(target=self._provider.shutdown, daemon=True)
        flushing.start()
        flushing.join(FLUSH_S)
        if flushing.is_alive():
            self._exporter.shutdown()  # type: ignore[no-untyped-call]


class TracingObserver(Observer):
    def __init__(self, observer: Observer, tracer: Tracer) -> None:
        self._observer, self._tracer = observer, tracer

    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        """What is done without a request, again and again, has no span. `outcome` is `ok`, the code of a refusal, or
        the type of what broke, which begins with a capital."""
        self._observer.done(use_case, seconds, outcome)
        if not trace.get_current_span().get_span_context().is_valid:
            return
        now = time.time_ns()
        span = self._tracer.start_span(use_case, attributes={OUTCOME: outcome}, start_time=now - int(seconds * 1e9))
        if outcome[0].isupper():
            span.set_attribute(ERROR_TYPE, outcome)
            span.set_status(StatusCode.ERROR)
        span.end(now)
