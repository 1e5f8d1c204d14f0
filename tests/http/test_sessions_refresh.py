"""Staying signed in: a refresh token works once, and its second use ends what came of the first."""

import asyncio

import httpx

from domain.access import SCOPES, Role
from tests.http.client import API, Person, problem, sign_in

TOKEN = f"{API}/auth/token"
ME = f"{API}/users/me"


async def refresh(client: httpx.AsyncClient, token: str, **form: str) -> httpx.Response:
    return await client.post(TOKEN, data={"grant_type": "refresh_token", "refresh_token": token, **form})


def bearer(granted: httpx.Response | dict[str, str]) -> dict[str, str]:
    body = granted if isinstance(granted, dict) else granted.json()
    return {"Authorization": f"Bearer {body['access_token']}"}


async def test_a_refresh_token_gives_another_pair(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await refresh(client, somebody.tokens["refresh_token"])

    assert response.status_code == 200
    assert response.json().keys() == somebody.tokens.keys()
    assert response.json()["refresh_token"] != somebody.tokens["refresh_token"]
    assert response.json()["scope"] == somebody.tokens["scope"]
    assert (await client.get(ME, headers=bearer(response))).status_code == 200


async def test_an_access_token_lives_on_when_its_sign_in_is_refreshed(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    await refresh(client, somebody.tokens["refresh_token"])

    assert (await client.get(ME, headers=somebody.headers)).status_code == 200


async def test_a_second_use_ends_every_token_of_that_sign_in(client: httpx.AsyncClient, somebody: Person) -> None:
    first = somebody.tokens["refresh_token"]
    second = await refresh(client, first)
    third = await refresh(client, second.json()["refresh_token"])

    again = await refresh(client, first)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    for headers in (somebody.headers, bearer(second), bearer(third)):
        problem(await client.get(ME, headers=headers), 401, "unauthenticated")
    assert (await refresh(client, third.json()["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_second_use_leaves_other_sign_ins_alone(client: httpx.AsyncClient, somebody: Person) -> None:
    other = await sign_in(client, somebody.user["username"])
    for _ in range(2):
        await refresh(client, somebody.tokens["refresh_token"])

    assert (await client.get(ME, headers=bearer(other))).status_code == 200
    assert (await refresh(client, other["refresh_token"])).status_code == 200


async def test_of_ten_uses_at_once_at_most_one_is_answered(client: httpx.AsyncClient, somebody: Person) -> None:
    responses = await asyncio.gather(*(refresh(client, somebody.tokens["refresh_token"]) for _ in range(10)))

    granted = [response for response in responses if response.status_code == 200]
    assert len(granted) == 1
    assert {response.json().get("error") for response in responses if response not in granted} == {"invalid_grant"}
    problem(await client.get(ME, headers=bearer(granted[0])), 401, "unauthenticated")


async def test_a_narrower_scope_holds_for_one_access_token(client: httpx.AsyncClient, somebody: Person) -> None:
    narrow = await refresh(client, somebody.tokens["refresh_token"], scope="items:read no:such admin")
    wide = await refresh(client, narrow.json()["refresh_token"])

    assert narrow.json()["scope"] == "items:read"
    assert set(wide.json()["scope"].split()) == SCOPES[Role.CUSTOMER]


async def test_a_sign_in_is_never_widened(client: httpx.AsyncClient, somebody: Person) -> None:
    granted = await sign_in(client, somebody.user["username"], scope="items:read todos:read")

    refreshed = await refresh(client, granted["refresh_token"], scope="items:read items:write")

    assert refreshed.json()["scope"] == "items:read"


async def test_a_scope_that_leaves_nothing_spends_nothing(client: httpx.AsyncClient, somebody: Person) -> None:
    token = somebody.tokens["refresh_token"]

    response = await refresh(client, token, scope="no:such")

    assert (response.status_code, response.json()["error"]) == (400, "invalid_scope")
    assert (await refresh(client, token)).status_code == 200


async def test_an_access_token_does_not_refresh(client: httpx.AsyncClient, somebody: Person) -> None:
    assert (await refresh(client, somebody.tokens["access_token"])).json()["error"] == "invalid_grant"


async def test_a_new_role_comes_with_the_next_refresh(
    client: httpx.AsyncClient, somebody: Person, admin: Person
) -> None:
    await client.patch(f"{API}/users/{somebody.id}", json={"role": "staff"}, headers=admin.headers)

    response = await refresh(client, somebody.tokens["refresh_token"])

    assert set(response.json()["scope"].split()) == SCOPES[Role.STAFF]
