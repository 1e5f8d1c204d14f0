"""Whose address it is: the peer's, or what a proxy that is trusted says."""

import httpx
import pytest

from tests.http.client import API, Served, offer, serving, sign_up

PEER = "127.0.0.1"
BEHIND = "127.0.0.1, 10.0.0.0/8, fd00::/8"


async def address(client: httpx.AsyncClient, **headers: str) -> str | None:
    """Where a sign-in with these headers is said to come from."""
    person = await sign_up(client)
    form = {"grant_type": "password", "username": person.user["username"], "password": person.password}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    granted = (await client.post(f"{API}/auth/token", data=form, headers=sent)).json()
    listed = await client.get(f"{API}/auth/sessions", headers={"Authorization": f"Bearer {granted['access_token']}"})
    (ip,) = [each["ip"] for each in listed.json()["items"] if each["current"]]
    return str(ip)


@pytest.mark.parametrize(
    ("forwarded", "ip"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.1.2.3, 10.0.0.1", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8::1, fd00::1", "2001:db8::1"),
        ("10.1.2.3", "10.1.2.3"),
        ("nonsense", PEER),
        ("203.0.113.7, nonsense", PEER),
        ("203.0.113.7, nonsense, 10.1.2.3", "10.1.2.3"),
        ("", PEER),
        (" , ", PEER),
        ("' or 1=1 --", PEER),
    ],
)
async def test_behind_trusted_proxies_it_is_the_last_address_that_is_none_of_theirs(forwarded: str, ip: str) -> None:
    async with serving(trusted_proxies=BEHIND) as served:
        assert await address(served.client, X_Forwarded_For=forwarded) == ip


async def test_without_trusted_proxies_nobody_is_believed(memory: httpx.AsyncClient) -> None:
    assert await address(memory, X_Forwarded_For="203.0.113.7", Forwarded="for=203.0.113.7") == PEER


async def test_who_is_no_trusted_proxy_is_not_believed() -> None:
    async with serving(trusted_proxies="10.0.0.1") as served:
        assert await address(served.client, X_Forwarded_For="203.0.113.7, 10.0.0.1") == PEER


@pytest.mark.parametrize(
    ("proxies", "said", "scheme"),
    [(BEHIND, "https", "https"), (BEHIND, "gopher", "http"), (BEHIND, "https, http", "http"), ("", "https", "http")],
)
async def test_the_scheme_of_links_is_the_one_that_the_client_used(proxies: str, said: str, scheme: str) -> None:
    async with serving(trusted_proxies=proxies) as served:
        assert await linked(served, said) == f"{scheme}://portico.test"


async def linked(served: Served, proto: str) -> str:
    """The origin that a list's link leads to."""
    person = await sign_up(served.client)
    for _ in range(2):
        await offer(served.client, person)
    response = await served.client.get(f"{API}/items?size=1", headers={"X-Forwarded-Proto": proto})
    return str(response.links["next"]["url"].partition("/api")[0])
