"""Traces: a span for each request, with one for each use case within it, and nothing of what anybody sent."""

import secrets
import subprocess
import sys
import time
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from adapters.system.log import StructuredLog
from entrypoints import traces
from entrypoints.http.app import create_app
from tests.http.client import API, serving, settings_of
from tests.receiver import HANGS, Receiver, answer, receiving

CANARY = f"canary{secrets.token_hex(8)}1"
NOT_THERE = "01a1fdd7-266b-775c-aed2-2a5bbd505e3b"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def spans_of(receiver: Receiver) -> list[Span]:
    asked = [ExportTraceServiceRequest.FromString(each.body) for each in receiver.received]
    return [span for one in asked for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]


def said(span: Span) -> dict[str, Any]:
    values = ((each.key, each.value) for each in span.attributes)
    return {key: value.int_value if value.HasField("int_value") else value.string_value for key, value in values}


async def test_a_request_is_a_span_and_its_use_case_one_within_it() -> None:
    async with receiving(answer(200)) as receiver, serving(otel_exporter_otlp_endpoint=receiver.address) as served:
        await served.client.get(f"{API}/items/{NOT_THERE}")

    case, request = spans_of(receiver)
    assert receiver.received[0].path == "/v1/traces"
    assert (request.name, request.kind) == (f"GET {API}/items/{{id}}", Span.SPAN_KIND_SERVER)
    assert said(request) == {
        "http.request.method": "GET",
        "http.route": f"{API}/items/{{id}}",
        "http.response.status_code": 404,
        "url.scheme": "http",
        "network.protocol.version": "1.1",
    }
    assert (case.name, said(case)) == ("ReadItem", {"portico.outcome": "not_found"})
    assert (case.parent_span_id, case.trace_id) == (request.span_id, request.trace_id)
    assert request.start_time_unix_nano <= case.start_time_unix_nano <= case.end_time_unix_nano


async def test_a_trace_that_has_begun_elsewhere_is_gone_on_with_and_named_in_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(StructuredLog, "request", lambda self, **what: lines.append(what))
    async with receiving(answer(200)) as receiver, serving(otel_exporter_otlp_endpoint=receiver.address) as served:
        for traceparent in (f"00-{TRACE}-{PARENT}-01", "00-nonsense", f"00-{TRACE}-{PARENT}-00"):
            await served.client.get(f"{API}/info", headers={"traceparent": traceparent})

    spans = spans_of(receiver)
    assert [line["trace_id"] for line in lines] == [TRACE, spans[1].trace_id.hex(), TRACE]
    assert (spans[0].trace_id.hex(), spans[0].parent_span_id.hex()) == (TRACE, PARENT)
    assert (spans[1].trace_id.hex() == TRACE, spans[1].parent_span_id) == (False, b"")
    assert len(spans) == 2  # whoever began the third one does not want it kept


async def test_nothing_that_was_sent_gets_into_a_span() -> None:
    async with receiving(answer(200)) as receiver, serving(otel_exporter_otlp_endpoint=receiver.address) as served:
        await _say_everywhere(served.client)

    sent = b"".join(each.body for each in receiver.received)
    assert len(spans_of(receiver)) > 8
    assert CANARY.encode() not in sent


async def _say_everywhere(client: Any) -> None:
    headers = {"User-Agent": CANARY, "X-Request-ID": CANARY, "tracestate": f"a={CANARY}", "baggage": f"a={CANARY}",
               "traceparent": f"00-{TRACE}-{PARENT}-01", "Idempotency-Key": CANARY}  # fmt: skip
    account = {"username": CANARY, "email": f"{CANARY}@example.com", "password": f"{CANARY} 2", "full_name": CANARY}
    await client.post(f"{API}/auth/register", json=account, headers=headers)
    form = {"grant_type": "password", "username": CANARY, "password": f"{CANARY} 2"}
    granted = (await client.post(f"{API}/auth/token", data=form, headers=headers)).json()
    headers["Authorization"] = f"Bearer {granted['access_token']}"
    await client.post(f"{API}/items", json={"name": CANARY, "price": "1"}, headers=headers)
    await client.get(f"{API}/items", params={"q": CANARY}, headers=headers)
    await client.get(f"/{CANARY}", params={"token": CANARY}, headers=headers)
    await client.request(CANARY, f"{API}/items", headers=headers)


async def test_what_breaks_is_an_error_by_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*given: Any) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("application.catalogue.ReadItem.__call__", broken)
    async with receiving(answer(200)) as receiver, serving(otel_exporter_otlp_endpoint=receiver.address) as served:
        await served.client.get(f"{API}/items/{NOT_THERE}")

    case, request = spans_of(receiver)
    assert [span.status.code for span in (case, request)] == [Status.STATUS_CODE_ERROR] * 2
    assert (said(case)["error.type"], said(request)["error.type"]) == ("ValueError", "500")
    assert CANARY.encode() not in receiver.received[0].body


async def test_a_stop_does_not_wait_long_for_who_takes_no_spans() -> None:
    async with receiving(HANGS) as receiver, serving(otel_exporter_otlp_endpoint=receiver.address) as served:
        await served.client.get(f"{API}/info")
        began = time.perf_counter()

    assert time.perf_counter() - began < 5


def test_without_an_endpoint_nothing_of_it_is_loaded() -> None:
    """FastAPI itself imports OpenTelemetry's API; of the SDK, the exporter and our adapter there is nothing."""
    code = (
        "import sys; from tests.http.client import settings_of; from entrypoints.http.app import create_app;"
        " edge = create_app(settings_of()); print(type(edge).__name__, *sys.modules)"
    )
    kind, *loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()

    assert kind == "Edge"
    assert not [name for name in loaded if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
    assert not [name for name in loaded if name.startswith("adapters.telemetry")]


def test_without_the_extra_the_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "_NEEDED", ("opentelemetry.sdk", "opentelemetry.nowhere.at.all"))

    with pytest.raises(traces.NoTraces, match=r"OTEL_EXPORTER_OTLP_ENDPOINT.*portico\[otel\]"):
        create_app(settings_of(otel_exporter_otlp_endpoint="http://127.0.0.1:9"))
