"""The welcome letter, and confirming one's address with its link."""

import httpx
import pytest

from tests.http.client import API, Served, api_key, limited, locations, problem, sign_up, unique
from tests.http.mailbox import letter, letters, reset_token, text_of, token_in, verify, welcome_token

WRONG = "x" * 43


async def test_who_joins_is_written_to_with_a_link_to_the_shop(served: Served) -> None:
    person = await sign_up(served.client)

    message = await letter(served, person.user["email"], "confirm")

    link = f"{served.settings.public_url}/verify-email?token={token_in(message)}"
    assert link in text_of(message).splitlines()
    assert f'href="{link}"' in text_of(message, "html")
    assert person.user["username"] in text_of(message)
    assert message["from"] == served.settings.mail_from


async def test_the_link_confirms_the_address(served: Served) -> None:
    person = await sign_up(served.client)
    me = f"{API}/users/me"
    before = await served.client.get(me, headers=person.headers)

    response = await verify(served.client, await welcome_token(served, person.user["email"]))

    after = await served.client.get(me, headers=person.headers)
    assert (response.status_code, response.content) == (204, b"")
    assert (before.json()["email_verified"], after.json()["email_verified"]) == (False, True)
    assert before.headers["etag"] != after.headers["etag"]


async def test_the_link_works_once(served: Served) -> None:
    person = await sign_up(served.client)
    token = await welcome_token(served, person.user["email"])
    await verify(served.client, token)

    problem(await verify(served.client, token), 422, "invalid_token")


@pytest.mark.parametrize("token", ["", WRONG, "x", "\0", "ü", "x" * 10_000, "../..", "' or 1=1 --"])
async def test_what_is_no_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    body = problem(await verify(client, token), 422, "invalid_token")

    assert "errors" not in body


async def test_a_token_for_a_password_confirms_nothing(served: Served) -> None:
    person = await sign_up(served.client)

    response = await verify(served.client, await reset_token(served, person.user["email"]))

    problem(response, 422, "invalid_token")


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": 1}, {"token": ["x"]}])
async def test_the_token_has_to_be_text(memory: httpx.AsyncClient, body: dict[str, object]) -> None:
    response = await memory.post(f"{API}/auth/email/verify", json=body)

    assert problem(response, 422, "validation_failed")
    assert locations(response) == [["body", "token"]]


async def test_an_unconfirmed_account_may_do_everything(client: httpx.AsyncClient) -> None:
    person = await sign_up(client)

    assert person.user["email_verified"] is False
    assert (await client.post(f"{API}/items", json={"name": "x", "price": 1}, headers=person.headers)).is_success


async def test_no_link_of_who_left_works(served: Served) -> None:
    person = await sign_up(served.client)
    token = await welcome_token(served, person.user["email"])
    assert (await served.client.delete(f"{API}/users/me", headers=person.headers)).status_code == 204

    problem(await verify(served.client, token), 422, "invalid_token")


async def test_a_name_that_was_refused_is_not_written_to(served: Served) -> None:
    person = await sign_up(served.client)
    email = f"{unique('other')}@example.com"
    taken = {"username": person.user["username"], "email": email, "password": "correct horse 1"}

    problem(await served.client.post(f"{API}/auth/register", json=taken), 409, "username_taken")

    later = await sign_up(served.client)
    await letter(served, later.user["email"], "confirm")
    assert letters(served, email) == []


async def test_a_bad_credential_is_refused_here_too(served: Served) -> None:
    response = await served.client.post(
        f"{API}/auth/email/verify", json={"token": WRONG}, headers={"Authorization": "Bearer x"}
    )

    problem(response, 401, "unauthenticated")


async def test_any_good_credential_may_be_sent_along(served: Served) -> None:
    person = await sign_up(served.client)
    token = await welcome_token(served, person.user["email"])
    few = await limited(served.client, person, "items:read")

    response = await served.client.post(f"{API}/auth/email/verify", json={"token": token}, headers=few)

    assert response.status_code == 204
    assert await api_key(served.client, person)
