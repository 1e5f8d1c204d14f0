"""Signing out (RFC 7009), and the list of where one is signed in."""

import httpx
import pytest

from tests.http.client import API, Person, api_key, limited, problem, sign_in

ME, SESSIONS, REVOKE, TOKEN = (f"{API}/{path}" for path in ("users/me", "auth/sessions", "auth/revoke", "auth/token"))


def bearer(granted: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {granted['access_token']}"}


async def works(client: httpx.AsyncClient, granted: dict[str, str]) -> bool:
    return (await client.get(ME, headers=bearer(granted))).status_code == 200


async def refreshes(client: httpx.AsyncClient, granted: dict[str, str]) -> bool:
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    return (await client.post(TOKEN, data=form)).status_code == 200


async def test_revoking_an_access_token_ends_it_alone(client: httpx.AsyncClient, somebody: Person) -> None:
    assert await works(client, somebody.tokens)

    response = await client.post(REVOKE, data={"token": somebody.tokens["access_token"]})

    assert response.status_code == 200
    assert not await works(client, somebody.tokens)
    assert await refreshes(client, somebody.tokens)


async def test_revoking_a_refresh_token_ends_its_sign_in(client: httpx.AsyncClient, somebody: Person) -> None:
    other = await sign_in(client, somebody.user["username"])

    response = await client.post(REVOKE, data={"token": somebody.tokens["refresh_token"]})

    assert response.status_code == 200
    assert not await works(client, somebody.tokens)
    assert not await refreshes(client, somebody.tokens)
    assert await works(client, other)


async def test_a_token_that_was_revoked_differs_by_its_id_and_not_by_its_letters(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    token = somebody.tokens["access_token"]
    await client.post(REVOKE, data={"token": token})
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for bits in range(1, 4):  # the last letter of a signature of 32 bytes holds two bits that no decoder looks at
        same = token[:-1] + alphabet[alphabet.index(token[-1]) ^ bits]
        assert not await works(client, {"access_token": same})


@pytest.mark.parametrize("token", ["abc", "a.b.c", "é", "x" * 5000])
async def test_revoking_what_is_no_token_is_answered_the_same(client: httpx.AsyncClient, token: str) -> None:
    assert (await client.post(REVOKE, data={"token": token, "token_type_hint": "nonsense"})).status_code == 200


async def test_revoking_twice_is_answered_the_same(client: httpx.AsyncClient, somebody: Person) -> None:
    for _ in range(2):
        for kind in ("access_token", "refresh_token"):
            assert (await client.post(REVOKE, data={"token": somebody.tokens[kind]})).status_code == 200


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"other": "x"}], ids=str)
async def test_revoking_nothing_is_an_invalid_request(memory: httpx.AsyncClient, form: dict[str, str]) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    response = await memory.post(REVOKE, data=form, headers=kind)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


async def test_a_session_says_where_and_when(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.get(SESSIONS, headers={**somebody.headers, "User-Agent": "reader"})

    (session,) = response.json()["items"]
    members = {"id", "created_at", "last_used_at", "expires_at", "ip", "user_agent", "current"}
    assert session.keys() == members
    assert session["current"] is True
    assert session["user_agent"].startswith("python-httpx")
    assert session["ip"] == "127.0.0.1"
    assert session["created_at"] < session["expires_at"]


async def test_sessions_are_ones_own_newest_first_and_one_is_current(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    granted = await sign_in(client, somebody.user["username"])

    body = (await client.get(SESSIONS, headers=bearer(granted))).json()

    by_id = sorted(body["items"], key=lambda session: session["id"])
    assert body["total"] == 2
    assert body["items"] == sorted(by_id, key=lambda session: session["created_at"], reverse=True)
    assert [session["current"] for session in by_id] == [False, True]


async def test_ending_a_session_ends_its_tokens(client: httpx.AsyncClient, somebody: Person) -> None:
    other = await sign_in(client, somebody.user["username"])
    sessions = (await client.get(SESSIONS, headers=bearer(other))).json()["items"]
    (first,) = [session["id"] for session in sessions if not session["current"]]

    response = await client.delete(f"{SESSIONS}/{first}", headers=bearer(other))

    assert (response.status_code, response.content) == (204, b"")
    assert not await works(client, somebody.tokens)
    assert not await refreshes(client, somebody.tokens)
    assert await works(client, other)
    problem(await client.delete(f"{SESSIONS}/{first}", headers=bearer(other)), 404, "not_found")


async def test_ending_the_session_that_asks_signs_out(client: httpx.AsyncClient, somebody: Person) -> None:
    (session,) = (await client.get(SESSIONS, headers=somebody.headers)).json()["items"]

    assert (await client.delete(f"{SESSIONS}/{session['id']}", headers=somebody.headers)).status_code == 204

    assert not await works(client, somebody.tokens)


@pytest.mark.parametrize("id", ["0197aaaa-0000-7000-8000-000000000000", "nonsense"])
async def test_a_session_that_is_not_there_is_not_found(client: httpx.AsyncClient, somebody: Person, id: str) -> None:
    problem(await client.delete(f"{SESSIONS}/{id}", headers=somebody.headers), 404, "not_found")


async def test_a_session_of_another_is_not_found_and_goes_on(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    (session,) = (await client.get(SESSIONS, headers=stranger.headers)).json()["items"]

    problem(await client.delete(f"{SESSIONS}/{session['id']}", headers=somebody.headers), 404, "not_found")

    assert await works(client, stranger.tokens)


async def test_keys_and_narrow_tokens_may_not(client: httpx.AsyncClient, somebody: Person) -> None:
    key, narrow = await api_key(client, somebody), await limited(client, somebody, "profile:read")
    gone = f"{SESSIONS}/0197aaaa-0000-7000-8000-000000000000"

    problem(await client.get(SESSIONS, headers=key), 403, "forbidden")
    problem(await client.delete(gone, headers=key), 403, "forbidden")
    assert (await client.get(SESSIONS, headers=narrow)).status_code == 200
    problem(await client.delete(gone, headers=narrow), 403, "insufficient_scope")
    problem(await client.get(SESSIONS), 401, "unauthenticated")
