"""Signing in as stock OAuth2 clients do it (RFC 6749)."""

from typing import Any

import httpx
import pytest

from domain.access import SCOPES, Role
from tests.http.client import API, PASSWORD, Person, api_key, problem, sign_in, sign_up, unique

TOKEN = f"{API}/auth/token"
ME = f"{API}/users/me"


def refused(response: httpx.Response, error: str) -> None:
    """RFC 6749, 5.2."""
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["error"] == error
    assert response.json().keys() <= {"error", "error_description", "error_uri"}


def form(person: Person, **over: str) -> dict[str, str]:
    return {"grant_type": "password", "username": person.user["username"], "password": person.password, **over}


async def test_a_grant_has_what_the_standard_says(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.post(TOKEN, data=form(somebody))

    granted = response.json()
    assert granted.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert (granted["token_type"], granted["expires_in"]) == ("bearer", 1800)
    assert set(granted["scope"].split()) == SCOPES[Role.CUSTOMER]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda text: f" {text} "], ids=["lower", "upper", "spaced"])
@pytest.mark.parametrize("login", ["username", "email"])
async def test_the_name_or_the_address_will_do_in_any_case(
    client: httpx.AsyncClient, somebody: Person, login: str, change: Any
) -> None:
    assert (await sign_in(client, change(somebody.user[login])))["access_token"]


@pytest.mark.parametrize("login", ["{}@bücher.example", "{}@BÜCHER.example", "{}@xn--bcher-kva.example"])
async def test_an_address_signs_in_in_every_form_of_its_domain(client: httpx.AsyncClient, login: str) -> None:
    name = unique("mail")
    await sign_up(client, email=f"{name}@Bücher.example")

    assert (await sign_in(client, login.format(name)))["access_token"]


async def test_normal_forms_of_a_password_are_one(client: httpx.AsyncClient) -> None:
    person = await sign_up(client, password="cafe\u0301 noir 12")

    assert (await sign_in(client, person.user["username"], "caf\u00e9 noir 12"))["access_token"]


async def test_a_scope_is_cut_to_what_was_asked_for_and_unknown_ones_are_ignored(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    granted = await sign_in(client, somebody.user["username"], scope="items:read no:such admin users:read todos:write")

    assert granted["scope"] == "items:read todos:write"


async def test_no_scope_and_an_empty_one_mean_all(client: httpx.AsyncClient, somebody: Person) -> None:
    for scope in ("", " "):
        granted = await sign_in(client, somebody.user["username"], scope=scope)
        assert set(granted["scope"].split()) == SCOPES[Role.CUSTOMER]


@pytest.mark.parametrize(
    "scope", ["admin", "no:such", "users:read users:write", "ITEMS:READ", "items:read,items:write"]
)
async def test_where_no_scope_is_left_it_is_invalid(client: httpx.AsyncClient, somebody: Person, scope: str) -> None:
    refused(await client.post(TOKEN, data=form(somebody, scope=scope)), "invalid_scope")


async def test_the_scope_of_a_token_is_what_it_may_do(client: httpx.AsyncClient, somebody: Person) -> None:
    granted = await sign_in(client, somebody.user["username"], scope="items:read")

    response = await client.get(ME, headers={"Authorization": f"Bearer {granted['access_token']}"})

    problem(response, 403, "insufficient_scope")
    assert response.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="profile:read"'


@pytest.mark.parametrize(
    "over",
    [
        {"password": "wrong horse 1"},
        {"password": PASSWORD.upper()},
        {"password": PASSWORD + " "},
        {"password": "a" * 5000},
        {"username": "nobody_at_all"},
        {"username": "nobody@example.com"},
        {"username": "not an @ address"},
        {"username": "a" * 5000},
        {"username": "nul\0byte"},
        {"username": "@"},
        {"password": "nul\0byte"},
    ],
    ids=lambda over: str(over)[:40],
)
async def test_who_cannot_be_is_an_invalid_grant(
    client: httpx.AsyncClient, somebody: Person, over: dict[str, str]
) -> None:
    refused(await client.post(TOKEN, data=form(somebody, **over)), "invalid_grant")


async def test_a_wrong_name_and_a_wrong_password_are_told_alike(client: httpx.AsyncClient, somebody: Person) -> None:
    unknown = await client.post(TOKEN, data=form(somebody, username="nobody_at_all"))
    wrong = await client.post(TOKEN, data=form(somebody, password="wrong horse 1"))

    assert unknown.content == wrong.content


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("username=a&password=b", "invalid_request"),
        ("grant_type=", "unsupported_grant_type"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=Password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=password&username=a", "invalid_request"),
        ("grant_type=password&password=b", "invalid_request"),
        ("grant_type=password&username=a&username=b&password=c", "invalid_request"),
        ("grant_type=password&grant_type=password&username=b&password=c", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=abc", "invalid_grant"),
        ("grant_type=password&username=%ff&password=b", "invalid_request"),
        ("grant_type=password&username=%ed%a0%80&password=b", "invalid_request"),
        (b"grant_type=password&username=\xff&password=b", "invalid_request"),
        ("&".join(f"x{number}=1" for number in range(200)), "invalid_request"),
    ],
    ids=lambda each: str(each)[:60],
)
async def test_a_form_that_says_too_little_is_told_what_is_wrong(
    memory: httpx.AsyncClient, body: str | bytes, error: str
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    refused(await memory.post(TOKEN, content=body, headers=kind), error)


async def test_what_a_client_adds_is_ignored(client: httpx.AsyncClient, somebody: Person) -> None:
    extra = {"client_id": "shop", "client_secret": "s", "audience": "x", "state": "y"}

    response = await client.post(TOKEN, data=form(somebody, **extra), auth=("shop", "s"))

    assert response.status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", None])
async def test_the_body_has_to_be_a_form(memory: httpx.AsyncClient, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}

    problem(await memory.post(TOKEN, content=b"grant_type=password", headers=headers), 415, "unsupported_media_type")


async def test_a_deactivated_account_is_an_invalid_grant(
    client: httpx.AsyncClient, somebody: Person, admin: Person
) -> None:
    await client.patch(f"{API}/users/{somebody.id}", json={"is_active": False}, headers=admin.headers)

    refused(await client.post(TOKEN, data=form(somebody)), "invalid_grant")


@pytest.mark.parametrize(
    "credentials",
    ["Bearer", "Bearer ", "Bearer abc", "Bearer a.b.c", "Basic YTpi", "Token x", "bearer\tx", "Bearer a b", "Bearer é"],
)
@pytest.mark.parametrize("path", ["/users/me", "/items", "/tags"])
async def test_a_bad_credential_is_refused_even_where_none_is_needed(
    memory: httpx.AsyncClient, path: str, credentials: str
) -> None:
    response = await memory.get(f"{API}{path}", headers={"Authorization": credentials.encode()})

    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_refresh_token_is_no_access_token(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = {"Authorization": f"Bearer {somebody.tokens['refresh_token']}"}

    problem(await client.get(ME, headers=headers), 401, "unauthenticated")


async def test_two_credentials_at_once_are_refused(client: httpx.AsyncClient, somebody: Person) -> None:
    token = somebody.headers["Authorization"]
    key = await api_key(client, somebody)

    for others in (list(key.items()), [("Authorization", token)]):
        response = await client.get(ME, headers=[("Authorization", token), *others])
        problem(response, 401, "unauthenticated")
