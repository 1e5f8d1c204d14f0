"""The headers that every answer has, whatever it is."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from dependency_injector import providers

from domain.errors import Unavailable
from tests.http.client import API, Person, Served, offer, problem, serving, sign_up, unique

ITEMS = f"{API}/items"


@pytest_asyncio.fixture(loop_scope="session")
async def broken() -> AsyncIterator[Served]:
    """An application whose catalogue is broken, by `served.container.catalogue.override`."""
    async with serving() as served:
        yield served


async def each_kind(client: httpx.AsyncClient, person: Person) -> list[httpx.Response]:
    """An answer of each status that is easily had."""
    item = await offer(client, person)
    one = f"{ITEMS}/{item['id']}"
    known = {"If-None-Match": '"1"'}
    return [
        await client.get(one),
        await client.head(one),
        await client.get(one, headers=known),
        await client.options(one),
        await client.post(one),
        await client.get(f"{API}/nothing"),
        await client.get(f"{API}/users/me"),
        await client.post(ITEMS, json={}, headers=person.headers),
        await client.post(ITEMS, content=b"x", headers=person.headers),
        await client.patch(one, json={}, headers={**person.headers, "If-Match": '"9"'}),
        await client.post(f"{API}/auth/token", data={"grant_type": "x"}),
        await client.delete(one, headers=person.headers),
    ]


async def test_every_answer_is_marked_timed_and_guarded(client: httpx.AsyncClient, somebody: Person) -> None:
    responses = await each_kind(client, somebody)

    assert [each.status_code for each in responses] == [200, 200, 304, 204, 405, 404, 401, 422, 415, 412, 400, 204]
    assert len({each.headers["x-request-id"] for each in responses}) == len(responses)
    for each in responses:
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["referrer-policy"]
        assert "dur=" in each.headers["server-timing"]
        assert float(each.headers["x-process-time"]) >= 0
        assert "server" not in each.headers


@pytest.mark.parametrize("sent", ["a", "A-b_c.9", "x" * 128, "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"])
async def test_a_well_formed_request_id_is_taken_over(memory: httpx.AsyncClient, sent: str) -> None:
    response = await memory.get("/nothing", headers={"X-Request-ID": sent})

    assert problem(response, 404, "not_found")["request_id"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a b", "a/b", "a,b", "ä", "a:b", "{}", "<script>", "a\tb", "١"])
async def test_any_other_request_id_is_replaced(memory: httpx.AsyncClient, sent: str) -> None:
    response = await memory.get("/nothing", headers={"X-Request-ID": sent.encode()})

    made = problem(response, 404, "not_found")["request_id"]
    assert made != sent
    assert len(made) == 36


async def test_an_answer_to_somebody_is_never_kept(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    for path in (f"{ITEMS}/{item['id']}", ITEMS, f"{API}/tags", "/health", "/.well-known/jwks.json", f"{API}/nothing"):
        for headers in (somebody.headers, {**somebody.headers, "If-None-Match": "*"}):
            response = await client.get(path, headers=headers)

            assert response.headers["cache-control"] == "no-store", path


async def test_what_grants_or_refuses_is_never_kept(client: httpx.AsyncClient) -> None:
    for body in ({"grant_type": "password", "username": "x", "password": "x"}, {"grant_type": "x"}):
        response = await client.post(f"{API}/auth/token", data=body)

        assert response.headers["cache-control"] == "no-store"


async def test_an_answer_to_nobody_may_be_kept_and_asked_about(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    response = await client.get(f"{ITEMS}/{item['id']}")

    assert response.headers["cache-control"] == "no-cache"


def breaking(error: Exception) -> providers.Callable:
    """Stands in for a provider."""

    def broken() -> None:
        raise error

    return providers.Callable(broken)


@pytest.mark.parametrize("error", [RuntimeError("select * from secrets at /etc/passwd"), KeyError("x")])
async def test_what_breaks_inside_is_not_shown(broken: Served, error: Exception) -> None:
    broken.container.catalogue.override(breaking(error))

    response = await broken.client.get(ITEMS, headers={"X-Request-ID": "mine"})

    body = problem(response, 500, "internal_error")
    assert body["request_id"] == "mine"
    assert not any(word in response.text for word in ("select", "passwd", "Traceback", "Error(", ".py"))


async def test_what_is_away_is_503_with_when_to_come_again(broken: Served) -> None:
    person = await sign_up(broken.client)
    broken.container.catalogue.override(breaking(Unavailable()))

    for response in (
        await broken.client.get(ITEMS),
        await broken.client.post(
            ITEMS,
            json={"name": unique(), "price": 1},
            headers={**person.headers, "Idempotency-Key": "k"},
        ),
    ):
        problem(response, 503, "unavailable")
        assert int(response.headers["retry-after"]) > 0


async def test_readiness_names_the_store(client: httpx.AsyncClient) -> None:
    response = await client.get("/health/ready")

    store = response.json()["parts"]["store"]
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert (store["status"], store["needed"]) == ("ok", True)


async def test_readiness_is_503_where_the_store_is_away(broken: Served) -> None:
    broken.container.units.override(breaking(Unavailable()))

    ready, alive = [await broken.client.get(path) for path in ("/health/ready", "/health/live")]

    assert (ready.status_code, ready.json()["status"], ready.json()["parts"]["store"]["status"]) == (
        503,
        "down",
        "down",
    )
    assert (alive.status_code, alive.json()["status"]) == (200, "ok")


async def test_only_the_hosts_that_are_trusted_are_answered() -> None:
    async with serving(trusted_hosts="shop.example,Api.Example,[::1]") as served:
        for host in ("shop.example", "SHOP.example:8000", "api.example", "[::1]", "[::1]:80"):
            assert (await served.client.get("/health", headers={"Host": host})).status_code == 200, host
        for host in ("evil.example", "shop.example.evil", "", "shop.example@evil", "[::2]"):
            problem(await served.client.get("/health", headers={"Host": host}), 404, "not_found")


@pytest.mark.parametrize("host", ["[", "a b", "x:y", "::1", "a/b?c#d", "\xff", "x" * 5000, ""])
async def test_a_strange_host_breaks_nothing(memory: httpx.AsyncClient, host: str) -> None:
    headers = {"Host": host.encode("latin-1")}

    for path in ("/health", ITEMS, f"{ITEMS}?cursor=", f"{API}/nothing"):
        assert (await memory.get(path, headers=headers)).status_code < 500, path
