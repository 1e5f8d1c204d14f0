"""Limits over HTTP: who is counted as whom, what is told, and what comes before and after."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

from entrypoints.http.app import create_app
from entrypoints.http.limits import _OWN, network
from tests.http.client import API, Served, api_key, problem, serving, settings_of, sign_in, sign_up, unique

LIMITS = "account=4,address=6,sign-in=10,registration=3"
INFO = f"{API}/info"
ME = f"{API}/users/me"


def limiting(**over: Any) -> AbstractAsyncContextManager[Served]:
    """Limits as above; who asks says by X-Forwarded-For where from."""
    given = {"rate_limit_enabled": True, "rate_limits": LIMITS, "trusted_proxies": "127.0.0.1"}
    return serving(**(given | over))


def at(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def statuses(client: httpx.AsyncClient, times: int, path: str = INFO, **headers: str) -> list[int]:
    return [(await client.get(path, headers=headers)).status_code for _ in range(times)]


async def test_who_asks_too_often_is_told_when_they_may_again() -> None:
    async with limiting() as served:
        first = await served.client.get(INFO)
        assert await statuses(served.client, 5) == [200] * 5

        refused = await served.client.get(INFO)

        body = problem(refused, 429, "rate_limited")
        assert "errors" not in body
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert first.headers["ratelimit-policy"] == '"default";q=6;w=60'
        assert first.headers["ratelimit"] == '"default";r=5;t=60'
        assert refused.headers["ratelimit"] == f'"default";r=0;t={refused.headers["retry-after"]}'


async def test_accounts_are_counted_by_themselves_whatever_they_show() -> None:
    async with limiting() as served:
        client = served.client
        one, two = await sign_up(client), await sign_up(client)
        key = await api_key(client, one)

        assert await statuses(client, 3, ME, **one.headers) == [200] * 3
        assert await statuses(client, 2, ME, **key) == [429] * 2
        assert await statuses(client, 5, ME, **two.headers) == [200] * 4 + [429]
        assert await statuses(client, 7) == [200] * 6 + [429]
        assert await statuses(client, 1, ME, **await sign_again(client, two.user["username"])) == [429]


async def sign_again(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await sign_in(client, username))['access_token']}"}


async def test_bad_credentials_are_counted_by_address_and_do_not_keep_out_good_ones() -> None:
    async with limiting() as served:
        client = served.client
        person = await sign_up(client)
        key = await api_key(client, person)
        bad: list[dict[str, str]] = [{"Authorization": "Bearer x"}, {"X-API-Key": "x"}, {**person.headers, **key}]

        told = [(await client.get(ME, headers=headers)).status_code for headers in bad * 3]

        assert told == [401] * 6 + [429] * 3
        assert await statuses(client, 1, ME, **person.headers) == [200]
        assert await statuses(client, 1, INFO, **at("203.0.113.9")) == [200]


async def test_a_flood_of_unknown_keys_is_not_looked_up() -> None:
    async with limiting() as served:
        for number in range(8):
            await served.client.get(ME, headers={"X-API-Key": f"ptc_{number}"})

        assert served.container.gate()._guessing.get("127.0.0.1") is not None
        assert await statuses(served.client, 1, ME, **{"X-API-Key": "ptc_x"}) == [429]


async def test_signing_in_is_limited_by_address_whoever_asks_and_says_so_as_a_problem() -> None:
    async with limiting() as served:
        person = await sign_up(served.client)
        form = {"grant_type": "password", "username": "nobody", "password": "wrong horse 1"}
        told = [
            await served.client.post(f"{API}/auth/token", data={**form, "username": unique()}, headers=person.headers)
            for _ in range(10)
        ]

        assert [each.status_code for each in told] == [400] * 9 + [429]
        assert told[0].headers["ratelimit-policy"] == '"sign-in";q=10;w=60'
        problem(told[-1], 429, "rate_limited")


@pytest.mark.parametrize("exists", [True, False])
async def test_a_name_is_limited_wherever_it_is_tried_from_whether_or_not_it_is_taken(exists: bool) -> None:
    async with limiting() as served:
        name = (await sign_up(served.client)).user["username"] if exists else unique("user")
        form = {"grant_type": "password", "username": name, "password": "wrong horse 1"}

        told = [
            await served.client.post(
                f"{API}/auth/token",
                data=form | {"username": name.upper() if number % 2 else name},
                headers=at(f"203.0.113.{number}"),
            )
            for number in range(12)
        ]
        right = await served.client.post(
            f"{API}/auth/token", data=form | {"password": "correct horse 1"}, headers=at("203.0.113.200")
        )

        assert [each.status_code for each in told] == [400] * 10 + [429] * 2
        problem(told[-1], 429, "rate_limited")
        problem(right, 429, "rate_limited")


async def test_who_signs_in_rightly_is_not_limited_by_name() -> None:
    async with limiting() as served:
        person = await sign_up(served.client)
        form = {"grant_type": "password", "username": person.user["username"], "password": person.password}

        told = [
            (await served.client.post(f"{API}/auth/token", data=form, headers=at(f"203.0.113.{number}"))).status_code
            for number in range(15)
        ]

        assert told == [200] * 15


async def test_registering_is_limited() -> None:
    async with limiting() as served:
        for _ in range(3):
            await served.client.post(f"{API}/auth/register", json={})

        refused = await served.client.post(f"{API}/auth/register", json={})

        problem(refused, 429, "rate_limited")
        assert refused.headers["ratelimit-policy"] == '"registration";q=3;w=60'


async def test_too_often_comes_after_the_method_and_before_everything_else() -> None:
    async with limiting(rate_limits="account=600,address=1") as served:
        await statuses(served.client, 1)
        large, typed = {"content": b"x" * (1 << 21)}, {"content": b"a=b"}

        problem(await served.client.delete(INFO), 405, "method_not_allowed")
        problem(await served.client.get(f"{API}/nothing"), 404, "not_found")
        problem(await served.client.get(ME), 429, "rate_limited")
        for body in (large, typed):
            problem(await served.client.post(f"{API}/items", **body), 429, "rate_limited")  # type: ignore[arg-type]


async def test_probes_are_never_refused() -> None:
    async with limiting(rate_limits="address=1") as served:
        for path in ("/health", "/health/live", "/health/ready", "/metrics", "/.well-known/jwks.json"):
            answers = [await served.client.get(path) for _ in range(3)]

            assert [each.status_code for each in answers] == [200] * 3
            assert "ratelimit" not in answers[0].headers


async def test_asking_for_the_headers_alone_counts_too_and_options_do_not() -> None:
    async with limiting(rate_limits="address=2") as served:
        told = [(await served.client.request(how, INFO)).status_code for how in ("OPTIONS", "HEAD", "HEAD", "HEAD")]

        assert told == [204, 200, 200, 429]


async def test_nobody_is_limited_where_limits_are_off() -> None:
    async with serving(rate_limit_enabled=False, rate_limits="address=1,sign-in=1") as served:
        assert await statuses(served.client, 3) == [200] * 3
        assert "ratelimit" not in (await served.client.get(INFO)).headers


@pytest.mark.server("redis")
async def test_two_processes_count_together_by_redis(redis_url: str) -> None:
    address = at(f"2001:db8:{unique('')[-4:]}:1::1") | {"X-API-Key": ""}
    limits = {"rate_limits": "address=4", "redis_url": redis_url}
    async with limiting(**limits) as one, limiting(**limits) as two:
        assert one.container.redis() is not None
        address.pop("X-API-Key")

        told = [status for each in (one, two, one) for status in await statuses(each.client, 2, **address)]

        assert told == [200] * 4 + [429] * 2


async def test_without_redis_each_counts_by_itself_and_readiness_names_it() -> None:
    async with limiting(rate_limits="address=2", redis_url="redis://127.0.0.1:1/0") as served:
        assert await statuses(served.client, 3) == [200, 200, 429]

        ready = await served.client.get("/health/ready")

        assert ready.status_code == 200
        assert ready.json()["parts"]["cache"] == {"status": "down", "needed": False, "latency_ms": None}


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_its_network(ip: str | None, counted: str) -> None:
    assert network(ip) == counted


def test_what_is_limited_by_its_own_is_there() -> None:
    """Those of features that are not there yet excepted."""
    index = create_app(settings_of())._routes
    places = {path: index.find(path) for _, path in _OWN}
    found = {(method, path): places[path][0].limits.get(method) for method, path in _OWN if places[path]}  # type: ignore[index]

    assert found == {operation: _OWN[operation] for operation in found}
    assert len(found) >= 3
    uploads = [("POST", f"{API}/files"), ("POST", f"{API}/items/x/images"), ("PUT", f"{API}/users/me/profile")]
    for method, path in uploads:
        place = index.find(path)
        assert place is not None
        assert place[0].limits[method] == "uploads"
