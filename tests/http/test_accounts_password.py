"""Changing one's password."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, PASSWORD, Person, api_key, limited, locations, problem, sign_in

NEW = "battery staple 2"


async def change(client: httpx.AsyncClient, headers: dict[str, str], **over: Any) -> httpx.Response:
    body = {"current_password": PASSWORD, "new_password": NEW, "confirm_password": NEW, **over}
    return await client.post(f"{API}/auth/password", json=body, headers=headers)


async def test_the_new_password_is_the_only_one(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await change(client, somebody.headers)

    old = {"grant_type": "password", "username": somebody.user["username"], "password": PASSWORD}
    assert (response.status_code, response.content) == (204, b"")
    assert (await sign_in(client, somebody.user["username"], NEW))["access_token"]
    assert (await client.post(f"{API}/auth/token", data=old)).json()["error"] == "invalid_grant"


async def test_other_sign_ins_end_and_this_one_goes_on(client: httpx.AsyncClient, somebody: Person) -> None:
    other = await sign_in(client, somebody.user["username"])
    await change(client, somebody.headers)

    me = f"{API}/users/me"
    refreshed = {"grant_type": "refresh_token", "refresh_token": other["refresh_token"]}
    assert (await client.get(me, headers=somebody.headers)).status_code == 200
    problem(await client.get(me, headers={"Authorization": f"Bearer {other['access_token']}"}), 401, "unauthenticated")
    assert (await client.post(f"{API}/auth/token", data=refreshed)).json()["error"] == "invalid_grant"


async def test_no_refresh_token_is_good_any_more_and_using_one_ends_nothing(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    await change(client, somebody.headers)

    own = {"grant_type": "refresh_token", "refresh_token": somebody.tokens["refresh_token"]}
    for _ in range(2):
        assert (await client.post(f"{API}/auth/token", data=own)).json()["error"] == "invalid_grant"
    assert (await client.get(f"{API}/users/me", headers=somebody.headers)).status_code == 200


async def test_keys_stay(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    await change(client, somebody.headers)

    assert (await client.get(f"{API}/users/me", headers=key)).status_code == 200


async def test_a_wrong_current_password_changes_nothing(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await change(client, somebody.headers, current_password="wrong horse 1")

    problem(response, 403, "wrong_password")
    assert (await sign_in(client, somebody.user["username"]))["access_token"]


@pytest.mark.parametrize("weak", ["short 1", "only letters", "password1", "12345678"])
async def test_a_weak_new_password_is_refused(client: httpx.AsyncClient, somebody: Person, weak: str) -> None:
    response = await change(client, somebody.headers, new_password=weak, confirm_password=weak)

    assert locations(response) == [["body", "new_password"]]


async def test_the_confirmation_has_to_be_there_and_the_same(client: httpx.AsyncClient, somebody: Person) -> None:
    for confirmation in (NEW + "2", None):
        response = await change(client, somebody.headers, confirm_password=confirmation)
        assert locations(response) == [["body", "confirm_password"]]


async def test_a_key_or_a_token_without_the_scope_may_not(client: httpx.AsyncClient, somebody: Person) -> None:
    problem(await change(client, await api_key(client, somebody)), 403, "forbidden")
    problem(await change(client, await limited(client, somebody, "profile:read")), 403, "insufficient_scope")


async def test_nobody_may_not(client: httpx.AsyncClient) -> None:
    response = await change(client, {})

    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"
