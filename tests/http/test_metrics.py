"""Figures: they agree with what was asked, and say nothing of who asked for what."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from adapters.prometheus.meters import CONTENT_TYPE
from tests.http.client import API, Served, problem, serving, sign_up, unique

INFO = f"{API}/info"


def samples(page: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(page):
        yield from family.samples


async def figures(client: httpx.AsyncClient, name: str, **labels: str) -> float:
    """The sum of what has that name and these labels."""
    page = (await client.get("/metrics")).text
    return sum(each.value for each in samples(page) if each.name == name and labels.items() <= each.labels.items())


async def test_requests_are_counted_by_method_template_and_status() -> None:
    async with serving() as served:
        person = await sign_up(served.client)
        for number in range(3):
            await served.client.get(f"{API}/items/{number}")
        await served.client.get(INFO)
        await served.client.delete(INFO)
        route = {"route": f"{API}/items/{{id}}"}

        assert await figures(served.client, "http_requests_total", **route, method="GET", status="404") == 3
        assert await figures(served.client, "http_requests_total", route=INFO, status="200") == 1
        assert await figures(served.client, "http_requests_total", route=INFO, status="405", method="DELETE") == 1
        assert await figures(served.client, "http_request_duration_seconds_count", **route) == 3
        assert await figures(served.client, "http_request_duration_seconds_bucket", **route, le="+Inf") == 3
        assert await figures(served.client, "http_requests_in_flight") == 1
        assert await figures(served.client, "http_requests_total", route=f"{API}/auth/register", status="201") == 1
        assert person.id not in (await served.client.get("/metrics")).text


async def test_labels_do_not_grow_with_what_is_sent() -> None:
    async with serving() as served:
        canary = unique("canary")
        await served.client.get("/metrics")
        before = len(list(samples((await served.client.get("/metrics")).text)))
        for number in range(5):
            await served.client.request(f"{canary}{number}", f"/{canary}/{number}?{canary}")
            await served.client.get(f"{API}/items/{canary}{number}")

        page = (await served.client.get("/metrics")).text

        assert canary not in page
        assert len(list(samples(page))) < before + 60
        assert await figures(served.client, "http_requests_total", method="other", route="none", status="404") == 5


async def test_the_page_is_in_the_format_that_it_says_and_never_kept() -> None:
    async with serving() as served:
        response = await served.client.get("/metrics")

        assert response.headers["content-type"] == CONTENT_TYPE
        assert {"store_connections_open", "passwords_waiting"} <= {each.name for each in samples(response.text)}


async def test_a_feature_adds_figures_of_its_own() -> None:
    async with serving() as served:
        meters = served.container.meters()
        meters.gauge("things", "Things", lambda: 7)
        counted = meters.counter("turns_total", "Turns")
        counted()

        assert await figures(served.client, "things") == 7
        assert await figures(served.client, "turns_total") == 1


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic r1ght"}])
async def test_with_a_token_it_is_shown_to_its_bearer_alone(sent: dict[str, str]) -> None:
    async with serving(metrics_token="r1ght") as served:
        problem(await served.client.get("/metrics", headers=sent), 401, "unauthenticated")

        response = await served.client.get("/metrics", headers={"Authorization": "Bearer r1ght"})

        assert response.status_code == 200


async def test_parts_that_are_not_used_are_off(served: Served) -> None:
    ready = (await served.client.get("/health/ready")).json()

    assert ready["status"] == "ok"
    assert set(ready["parts"]) == {"store", "blobs", "bus", "cache"}
    assert ready["parts"]["store"]["status"] == "ok"
    assert ready["parts"]["store"]["latency_ms"] >= 0
    assert ready["parts"]["cache"] == {"status": "off", "needed": False, "latency_ms": None}


async def test_a_part_that_is_needed_and_away_is_not_ready() -> None:
    async with serving(redis_url="redis://127.0.0.1:1/0", redis_required=True) as served:
        response = await served.client.get("/health/ready")

        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert response.json()["status"] == "down"
        assert (await served.client.get("/health/live")).status_code == 200


async def test_a_process_that_was_told_to_stop_is_not_ready_and_ends_its_connections() -> None:
    async with serving() as served:
        served.container.readiness().stopping = True

        ready, info = await served.client.get("/health/ready"), await served.client.get(INFO)

        assert (ready.status_code, ready.json()["status"]) == (503, "down")
        assert (info.status_code, info.headers["connection"]) == (200, "close")
