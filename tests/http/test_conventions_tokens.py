"""Access tokens as somebody would forge them: only what this server wrote, unaltered and in time, is taken."""

import base64
import time
from typing import Any

import httpx
import orjson
import pytest

from adapters.security.keys import secret_key
from tests.adapters.forging import forged, part
from tests.http.client import API, SECRET, Person, problem

ME = f"{API}/users/me"


def read(person: Person, number: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of their token."""
    raw = person.tokens["access_token"].split(".")[number]
    parsed: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(raw + "=="))
    return parsed


def altered(person: Person, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Their token with something else in it, rightly signed."""
    return forged({**read(person, 0), **(header or {})}, {**read(person, 1), **claims}, SECRET)


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get(ME, headers={"Authorization": f"Bearer {token}"})


def refused(response: httpx.Response, code: str = "unauthenticated") -> None:
    problem(response, 401, code)
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_token_that_was_only_signed_again_is_taken(memory: httpx.AsyncClient, member: Person) -> None:
    assert read(member, 0)["kid"] == secret_key(SECRET).kid
    assert (await me(memory, altered(member))).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "x" * 1_000_000,
        "." * 1_000_000,
        "a.b.c",
        "\xe9.\xe9.\xe9",
        f"{part(b'[' * 100_000 + b']' * 100_000)}.e30.e30",
        part(b'{"a":' * 2000 + b"1" + b"}" * 2000) + ".e30.e30",
        f"{part(b'null')}.e30.e30",
        f"{part(b'[]')}.e30.e30",
        f"{part(b'{}')}..",
    ],
    ids=lambda token: token[:12],
)
async def test_a_monstrous_token_is_refused_like_any_other(memory: httpx.AsyncClient, token: str) -> None:
    began = time.perf_counter()

    response = await memory.get(ME, headers={"Authorization": b"Bearer " + token.encode("latin-1")})

    refused(response)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"}, {"alg": "None"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": ["HS256"]}, {"alg": None},
        {"kid": "other"}, {"kid": ["x"]}, {"kid": {"a": {}}}, {"kid": None}, {"typ": "at+jwt"}, {"typ": 1},
        {"crit": ["exp"]}, {"b64": False}, {"jku": "https://x.example"}, {"jwk": {"kty": "oct"}}, {"x5c": []},
        {"zip": "DEF"}, {"cty": "JWT"},
    ],
    ids=repr,
)  # fmt: skip
async def test_a_token_with_another_header_is_refused(
    memory: httpx.AsyncClient, member: Person, header: dict[str, Any]
) -> None:
    refused(await me(memory, altered(member, header)))


@pytest.mark.parametrize(
    "claims",
    [
        {"typ": "refresh"}, {"typ": None}, {"typ": ["access"]}, {"iss": "other"}, {"aud": "other"},
        {"aud": ["portico"]}, {"sub": "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"}, {"sub": 1}, {"sid": "x"},
        {"sid": None}, {"exp": None},
        {"exp": "9999999999"}, {"exp": 1e20}, {"exp": 10**12}, {"exp": -(10**12)}, {"exp": True}, {"iat": "x"},
        {"nbf": 9_999_999_999}, {"iat": 9_999_999_999}, {"scope": ["admin"]}, {"scope": None}, {"jti": None},
    ],
    ids=repr,
)  # fmt: skip
async def test_a_token_with_other_claims_is_refused(
    memory: httpx.AsyncClient, member: Person, claims: dict[str, Any]
) -> None:
    refused(await me(memory, altered(member, **claims)))


async def test_a_token_without_a_right_signature_is_refused(memory: httpx.AsyncClient, member: Person) -> None:
    head, payload, signature = member.tokens["access_token"].split(".")
    with_scope = part(orjson.dumps({**read(member, 1), "scope": "admin"}))
    unsigned = part(orjson.dumps({**read(member, 0), "alg": "none"}))

    for token in (
        f"{head}.{with_scope}.{signature}",
        f"{unsigned}.{payload}.",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        f"{head}.{payload}.{signature}.x",
        forged(read(member, 0), read(member, 1), "another secret"),
    ):
        refused(await me(memory, token))


async def test_an_expired_token_says_so(client: httpx.AsyncClient, somebody: Person) -> None:
    now = int(time.time())

    refused(await me(client, altered(somebody, exp=now - 1)), "token_expired")
    refused(await me(client, altered(somebody, exp=0)), "token_expired")


async def test_a_clock_may_be_five_seconds_behind(memory: httpx.AsyncClient, member: Person) -> None:
    now = int(time.time())

    early, too_early = [await me(memory, altered(member, nbf=now + s, iat=now + s)) for s in (3, 60)]

    assert early.status_code == 200
    refused(too_early)


async def test_a_refresh_token_is_no_access_token(client: httpx.AsyncClient, somebody: Person) -> None:
    refused(await me(client, somebody.tokens["refresh_token"]))


async def test_a_forged_scope_is_cut_to_what_the_role_may(memory: httpx.AsyncClient, member: Person) -> None:
    token = altered(member, scope="users:read users:write admin")

    response = await memory.get(f"{API}/users", headers={"Authorization": f"Bearer {token}"})

    problem(response, 403, "insufficient_scope")
