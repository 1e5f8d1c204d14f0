"""A forgotten password, and the one that takes its place."""

import asyncio

import httpx
import pytest

from tests.http.client import API, PASSWORD, Person, Served, api_key, locations, problem, sign_in, sign_up
from tests.http.mailbox import letters, reset, reset_token, several, token_in, welcome_token

NEW = "battery staple 2"


async def forgot(client: httpx.AsyncClient, email: object) -> httpx.Response:
    return await client.post(f"{API}/auth/password/forgot", json={"email": email})


async def refused(client: httpx.AsyncClient, person: Person, password: str) -> bool:
    form = {"grant_type": "password", "username": person.user["username"], "password": password}
    return (await client.post(f"{API}/auth/token", data=form)).json().get("error") == "invalid_grant"


async def test_the_link_gives_a_new_password(served: Served) -> None:
    person = await sign_up(served.client)

    response = await reset(served.client, await reset_token(served, person.user["email"]), NEW)

    assert (response.status_code, response.content) == (204, b"")
    assert (await sign_in(served.client, person.user["username"], NEW))["access_token"]
    assert await refused(served.client, person, PASSWORD)


async def test_all_sign_ins_end_and_keys_stay(served: Served) -> None:
    person = await sign_up(served.client)
    key = await api_key(served.client, person)

    await reset(served.client, await reset_token(served, person.user["email"]), NEW)

    me = f"{API}/users/me"
    form = {"grant_type": "refresh_token", "refresh_token": person.tokens["refresh_token"]}
    problem(await served.client.get(me, headers=person.headers), 401, "unauthenticated")
    assert (await served.client.post(f"{API}/auth/token", data=form)).json()["error"] == "invalid_grant"
    assert (await served.client.get(me, headers=key)).status_code == 200


async def test_the_link_works_once_and_takes_the_others_with_it(served: Served) -> None:
    person = await sign_up(served.client)
    tokens = [await reset_token(served, person.user["email"]) for _ in range(2)]

    assert (await reset(served.client, tokens[0], NEW)).status_code == 204

    for token in tokens:
        problem(await reset(served.client, token, "third password 3"), 422, "invalid_token")
    assert (await sign_in(served.client, person.user["username"], NEW))["access_token"]


async def test_of_many_who_use_one_link_at_once_one_does(served: Served) -> None:
    person = await sign_up(served.client)
    token = await reset_token(served, person.user["email"])

    answers = await asyncio.gather(*(reset(served.client, token, f"staple no {n}") for n in range(6)))

    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422, 422, 422]
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 204)
    assert (await sign_in(served.client, person.user["username"], f"staple no {won}"))["access_token"]


@pytest.mark.parametrize("weak", ["short 1", "only letters", "password1", "12345678", "", "x1" * 65])
async def test_a_weak_password_is_refused_and_the_link_is_still_good(served: Served, weak: str) -> None:
    person = await sign_up(served.client)
    token = await reset_token(served, person.user["email"])

    response = await reset(served.client, token, weak)

    problem(response, 422, "validation_failed")
    assert locations(response) == [["body", "new_password"]]
    assert (await reset(served.client, token, NEW)).status_code == 204


async def test_the_new_password_is_neither_name_nor_address(served: Served) -> None:
    person = await sign_up(served.client)
    token = await reset_token(served, person.user["email"])

    for own in (person.user["username"].upper(), person.user["email"]):
        assert locations(await reset(served.client, token, own)) == [["body", "new_password"]]


async def test_a_token_of_another_kind_and_what_is_none_are_refused(served: Served) -> None:
    person = await sign_up(served.client)
    welcome = await welcome_token(served, person.user["email"])

    for token in (welcome, "", "x" * 43, "\0", "x" * 10_000):
        problem(await reset(served.client, token, NEW), 422, "invalid_token")
    assert not await refused(served.client, person, PASSWORD)


async def test_an_address_that_nobody_has_is_answered_the_same_and_not_written_to(served: Served) -> None:
    person = await sign_up(served.client)
    nobody = f"nobody.{person.user['email']}"

    answers = [await forgot(served.client, email) for email in (nobody, person.user["email"])]

    assert [(answer.status_code, answer.content) for answer in answers] == [(202, b"{}")] * 2
    told = [{name for name in answer.headers if name != "date"} for answer in answers]
    assert told[0] == told[1]
    await several(served, person.user["email"], "password", 1)
    assert letters(served, nobody) == []


async def test_the_letter_goes_to_the_address_that_is_kept(served: Served) -> None:
    """Whoever types it in another case, or in letters that only look alike, gets nothing."""
    person = await sign_up(served.client)
    typed = person.user["email"].replace("user", "\uff35ser").replace("example.com", "EXAMPLE.com")

    assert (await forgot(served.client, typed)).status_code == 202

    assert token_in((await several(served, person.user["email"], "password", 1))[0])
    assert letters(served, typed) == []


async def test_who_was_deactivated_is_not_written_to_and_no_link_works(served: Served, admin: Person) -> None:
    person, other = await sign_up(served.client), await sign_up(served.client)
    token = await reset_token(served, person.user["email"])
    path = f"{API}/users/{person.id}"

    await served.client.patch(path, json={"is_active": False}, headers=admin.headers)
    problem(await reset(served.client, token, NEW), 422, "invalid_token")
    await forgot(served.client, person.user["email"])
    await reset_token(served, other.user["email"])

    assert len([each for each in letters(served, person.user["email"]) if "password" in each["subject"]]) == 1
    await served.client.patch(path, json={"is_active": True}, headers=admin.headers)
    problem(await reset(served.client, token, NEW), 422, "invalid_token")


async def test_a_password_that_was_changed_ends_the_links_for_another(served: Served) -> None:
    person = await sign_up(served.client)
    token = await reset_token(served, person.user["email"])
    change = {"current_password": PASSWORD, "new_password": NEW, "confirm_password": NEW}

    response = await served.client.post(f"{API}/auth/password", json=change, headers=person.headers)

    assert response.status_code == 204
    problem(await reset(served.client, token, "third password 3"), 422, "invalid_token")


@pytest.mark.parametrize("email", [None, 1, "", "nobody", "a@b@c", "a b@example.com", "a@example.com\r\nBcc: b@c.d"])
async def test_what_is_no_address_is_refused(memory: httpx.AsyncClient, email: object) -> None:
    response = await forgot(memory, email)

    problem(response, 422, "validation_failed")
    assert locations(response) == [["body", "email"]]


@pytest.mark.parametrize("missing", ["token", "new_password"])
async def test_both_have_to_be_there(memory: httpx.AsyncClient, missing: str) -> None:
    body = {"token": "x", "new_password": NEW}
    del body[missing]

    response = await memory.post(f"{API}/auth/password/reset", json=body)

    assert locations(response) == [["body", missing]]
