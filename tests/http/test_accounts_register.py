"""Joining: what an account needs, and what only one may have."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import API, PASSWORD, locations, problem, sign_in, unique

USER = {
    "id", "created_at", "updated_at", "username", "email", "email_verified", "full_name", "bio", "age", "avatar_url",
    "role", "is_active",
}  # fmt: skip


def an_account(**over: Any) -> dict[str, Any]:
    name = unique("user")
    return {"username": name, "email": f"{name}@example.com", "password": PASSWORD, **over}


async def register(client: httpx.AsyncClient, **over: Any) -> httpx.Response:
    return await client.post(f"{API}/auth/register", json=an_account(**over))


async def test_a_new_account_is_a_customer_that_is_shown_whole(client: httpx.AsyncClient) -> None:
    account = an_account(full_name="Ada Lovelace", confirm_password=PASSWORD)

    response = await client.post(f"{API}/auth/register", json=account)

    user = response.json()
    assert response.status_code == 201
    assert user.keys() == USER
    assert {name: user[name] for name in ("username", "email", "full_name", "role", "is_active")} == {
        "username": account["username"], "email": account["email"], "full_name": "Ada Lovelace",
        "role": "customer", "is_active": True,
    }  # fmt: skip
    assert [user[name] for name in ("bio", "age", "avatar_url", "email_verified")] == [None, None, None, False]
    assert response.headers["location"] == f"{API}/users/{user['id']}"
    assert response.headers["etag"]


async def test_the_password_is_never_shown(client: httpx.AsyncClient) -> None:
    assert PASSWORD not in (await register(client)).text


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase], ids=["upper", "title", "swapped"])
async def test_a_username_is_taken_in_any_case(client: httpx.AsyncClient, change: Any) -> None:
    account = an_account()
    await client.post(f"{API}/auth/register", json=account)

    response = await register(client, username=change(account["username"]))

    problem(response, 409, "username_taken")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{}@example.com", "{}@EXAMPLE.com"),
        ("{}@example.com", "  {}@example.com "),
        ("a.{}@example.com", "A.{}@example.com"),
        ("{}@bücher.example", "{}@xn--bcher-kva.example"),
        ("{}@bücher.example", "{}@BÜCHER.example"),
        ("ü{}@example.com", "Ü{}@example.com"),
        ("ü{}@example.com", "u\u0308{}@example.com"),
        ("straße{}@example.com", "STRASSE{}@example.com"),
    ],
)
async def test_an_address_is_taken_in_any_case_and_form(client: httpx.AsyncClient, first: str, second: str) -> None:
    name = unique("mail")
    assert (await register(client, email=first.format(name))).status_code == 201

    response = await register(client, email=second.format(name))

    problem(response, 409, "email_taken")


async def test_the_username_is_told_first_where_both_are_taken(client: httpx.AsyncClient) -> None:
    account = an_account()
    await client.post(f"{API}/auth/register", json=account)

    problem(await client.post(f"{API}/auth/register", json=account), 409, "username_taken")


async def test_the_domain_of_an_address_is_kept_in_its_ascii_form(client: httpx.AsyncClient) -> None:
    name = unique("mail")

    response = await register(client, email=f"{name}@Bücher.Example")

    assert response.json()["email"] == f"{name}@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "username", ["ab", "a" * 51, "has space", "ümlaut", "a-b-c", "a@b.c", "", "１２３", "abc\0", None, 7]
)
async def test_a_username_is_3_to_50_of_letters_digits_and_underscores(
    client: httpx.AsyncClient, username: object
) -> None:
    assert locations(await register(client, username=username)) == [["body", "username"]]


async def test_a_username_is_stripped(client: httpx.AsyncClient) -> None:
    name = unique("user")

    assert (await register(client, username=f" {name}\n")).json()["username"] == name


@pytest.mark.parametrize("email", ["", "a", "a@", "@a.example", "a b@example.com", "a@b@c.example", "a@-x.example", 5])
async def test_an_address_has_to_be_one(memory: httpx.AsyncClient, email: object) -> None:
    assert locations(await register(memory, email=email)) == [["body", "email"]]


@pytest.mark.parametrize(
    "weak",
    ["short 1", "a" * 128 + "1", "only letters", "1234567890", "password1", "PassWord1", "qwerty123", 12345678],
    ids=repr,
)
async def test_a_weak_password_is_refused(memory: httpx.AsyncClient, weak: object) -> None:
    assert locations(await register(memory, password=weak)) == [["body", "password"]]


@pytest.mark.parametrize("field", ["username", "email"])
async def test_a_password_must_not_be_the_name_or_the_address(client: httpx.AsyncClient, field: str) -> None:
    account = an_account()

    response = await client.post(f"{API}/auth/register", json={**account, "password": account[field].upper()})

    assert locations(response) == [["body", "password"]]


@pytest.mark.parametrize("password", ["пароль12", "密碼密碼密碼密碼1", " leading 1", "a1" * 64, "abcdefg\u0663"])
async def test_an_unusual_password_is_taken_as_it_is(client: httpx.AsyncClient, password: str) -> None:
    user = (await register(client, password=password)).json()

    assert (await sign_in(client, user["username"], password))["access_token"]


async def test_a_password_is_counted_in_its_composed_form(client: httpx.AsyncClient) -> None:
    decomposed = "e\u0301" * 4 + "a1"  # ten code points, six in NFC

    assert locations(await register(client, password=decomposed)) == [["body", "password"]]
    assert (await register(client, password="e\u0301" * 126 + "a1")).status_code == 201


async def test_the_confirmation_has_to_be_the_same(client: httpx.AsyncClient) -> None:
    assert locations(await register(client, confirm_password=PASSWORD + "2")) == [["body", "confirm_password"]]
    assert (await register(client, confirm_password=None)).status_code == 201


@pytest.mark.parametrize("member", ["role", "id", "is_active", "email_verified", "version"])
async def test_what_a_client_may_not_set_is_refused(memory: httpx.AsyncClient, member: str) -> None:
    assert locations(await register(memory, **{member: "admin"})) == [["body", member]]


async def test_of_fifty_who_want_one_name_at_once_one_gets_it(client: httpx.AsyncClient) -> None:
    name = unique("wanted")

    responses = await asyncio.gather(*(register(client, username=name) for _ in range(50)))

    won = [response for response in responses if response.status_code == 201]
    assert len(won) == 1
    for response in responses:
        if response is not won[0]:
            problem(response, 409, "username_taken")


async def test_of_fifty_who_want_one_address_at_once_one_gets_it(client: httpx.AsyncClient) -> None:
    address = f"{unique('wanted')}@example.com"

    responses = await asyncio.gather(*(register(client, email=address) for _ in range(50)))

    assert sorted(response.status_code for response in responses) == [201] + [409] * 49
    assert {response.json().get("code") for response in responses} == {None, "email_taken"}
