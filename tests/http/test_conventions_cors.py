"""Cross-origin requests: closed unless origins are named; never with cookies."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.http.client import API, problem, serving

ITEMS, SHOP, OTHER = f"{API}/items", "https://shop.example", "https://evil.example"
EXPOSED = {
    "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID", "Idempotency-Replayed"
}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def named() -> AsyncIterator[httpx.AsyncClient]:
    """An application that two origins may read."""
    async with serving(cors_origins=f"{SHOP}, https://admin.example") as served:
        yield served.client


def preflight(origin: str = SHOP, method: str = "PATCH", headers: str = "authorization,if-match") -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }


def open_to(response: httpx.Response) -> str | None:
    return response.headers.get("access-control-allow-origin")


async def test_by_default_no_origin_is_told_anything(memory: httpx.AsyncClient) -> None:
    for response in (
        await memory.get(ITEMS, headers={"Origin": SHOP}),
        await memory.options(ITEMS, headers=preflight()),
    ):
        assert not any(name.startswith("access-control") for name in response.headers)


async def test_a_named_origin_may_read_the_answer_and_its_headers(named: httpx.AsyncClient) -> None:
    response = await named.get(ITEMS, headers={"Origin": SHOP})

    assert open_to(response) == SHOP
    assert set(response.headers["access-control-expose-headers"].split(", ")) == EXPOSED
    assert "Origin" in response.headers["vary"]


async def test_a_named_origin_may_read_a_refusal(named: httpx.AsyncClient) -> None:
    for path, status in (("/nothing", 404), (f"{API}/users/me", 401), (f"{ITEMS}?size=0", 422)):
        response = await named.get(path, headers={"Origin": SHOP})

        assert (response.status_code, open_to(response)) == (status, SHOP)


@pytest.mark.parametrize(
    "origin", [OTHER, f"{SHOP}.evil", f"{SHOP}:8443", "http://shop.example", "null", "", "*", "SHOP"]
)
async def test_any_other_origin_may_not(named: httpx.AsyncClient, origin: str) -> None:
    for response in (
        await named.get(ITEMS, headers={"Origin": origin}),
        await named.options(ITEMS, headers=preflight(origin)),
    ):
        assert open_to(response) is None
        assert "Origin" in response.headers["vary"]


async def test_without_an_origin_the_answer_still_varies_by_it(named: httpx.AsyncClient) -> None:
    response = await named.get(ITEMS)

    assert open_to(response) is None
    assert "Origin" in response.headers["vary"]


async def test_a_preflight_says_what_may_be_sent(named: httpx.AsyncClient) -> None:
    response = await named.options(f"{ITEMS}/x", headers=preflight())

    assert (response.status_code, open_to(response)) == (204, SHOP)
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(response.headers["access-control-allow-methods"].split(", "))
    assert response.headers["access-control-allow-headers"] == "authorization,if-match"
    assert int(response.headers["access-control-max-age"]) > 0


async def test_no_credentials_mode(named: httpx.AsyncClient) -> None:
    for response in (
        await named.get(ITEMS, headers={"Origin": SHOP, "Cookie": "a=b"}),
        await named.options(ITEMS, headers=preflight()),
    ):
        assert "access-control-allow-credentials" not in response.headers
        assert "set-cookie" not in response.headers


async def test_a_preflight_for_no_path_is_not_found(named: httpx.AsyncClient) -> None:
    response = await named.options(f"{API}/nothing", headers=preflight())

    problem(response, 404, "not_found")
    assert open_to(response) == SHOP


async def test_a_star_is_any_origin() -> None:
    async with serving(cors_origins="*") as served:
        response = await served.client.get(ITEMS, headers={"Origin": OTHER})

    assert open_to(response) in (OTHER, "*")
