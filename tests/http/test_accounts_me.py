"""One's own profile, and everything that is held about one."""

import asyncio
import unicodedata
from typing import Any

import httpx
import pytest

from tests.http.client import API, PASSWORD, Person, api_key, limited, locations, offer, problem, sign_in, unique

ME = f"{API}/users/me"
EXPORT = {
    *("user", "sessions", "api_keys", "items", "orders", "wallet", "posts", "comments", "todos", "files"),
    *("rooms", "messages", "notifications", "webhooks"),
}


async def patch(client: httpx.AsyncClient, person: Person, changes: dict[str, Any], **headers: str) -> httpx.Response:
    return await client.patch(ME, json=changes, headers={**person.headers, **headers})


async def test_i_am_shown_whole(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.get(ME, headers=somebody.headers)

    assert response.json() == somebody.user
    assert response.headers["cache-control"] == "no-store"


async def test_a_profile_changes_in_what_was_sent(client: httpx.AsyncClient, somebody: Person) -> None:
    first = (await patch(client, somebody, {"full_name": " Ada ", "age": 36})).json()
    second = (await patch(client, somebody, {"bio": "Counts"})).json()

    assert (first["full_name"], first["age"], first["bio"]) == ("Ada", 36, None)
    assert (second["full_name"], second["age"], second["bio"]) == ("Ada", 36, "Counts")
    assert second == (await client.get(ME, headers=somebody.headers)).json()
    assert second["updated_at"] >= first["updated_at"] >= somebody.user["updated_at"]


async def test_null_takes_a_field_away(client: httpx.AsyncClient, somebody: Person) -> None:
    await patch(client, somebody, {"full_name": "Ada", "bio": "Counts", "age": 36})

    user = (await patch(client, somebody, {"full_name": None, "bio": None, "age": None})).json()

    assert (user["full_name"], user["bio"], user["age"]) == (None, None, None)


async def test_what_changes_nothing_keeps_the_version_and_the_time(client: httpx.AsyncClient, somebody: Person) -> None:
    first = await patch(client, somebody, {"full_name": "Ada"})

    for changes in ({"full_name": "Ada"}, {"full_name": " Ada"}, {}, {"bio": None}):
        again = await patch(client, somebody, changes)
        assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])
        assert again.json() == first.json()


async def test_a_change_gives_another_version(client: httpx.AsyncClient, somebody: Person) -> None:
    before = await client.get(ME, headers=somebody.headers)
    matching = {"If-Match": before.headers["etag"]}

    after = await patch(client, somebody, {"bio": "x"}, **matching)

    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    problem(
        await patch(client, somebody, {"bio": "y"}, **{"If-Match": before.headers["etag"]}), 412, "precondition_failed"
    )


async def test_of_fifty_changes_of_one_version_one_is_made(client: httpx.AsyncClient, somebody: Person) -> None:
    tag = (await client.get(ME, headers=somebody.headers)).headers["etag"]

    responses = await asyncio.gather(
        *(patch(client, somebody, {"bio": f"of {number}"}, **{"If-Match": tag}) for number in range(50))
    )

    (won,) = [response for response in responses if response.status_code == 200]
    assert {response.status_code for response in responses if response is not won} == {412}
    assert (await client.get(ME, headers=somebody.headers)).json() == won.json()


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "   "}, "full_name"),
        ({"full_name": "a" * 201}, "full_name"),
        ({"full_name": "a\0b"}, "full_name"),
        ({"full_name": 1}, "full_name"),
        ({"bio": "a" * 501}, "bio"),
        ({"age": 12}, "age"),
        ({"age": 121}, "age"),
        ({"age": "36"}, "age"),
        ({"age": 36.0}, "age"),
        ({"age": True}, "age"),
        ({"role": "admin"}, "role"),
        ({"is_active": False}, "is_active"),
        ({"username": "other"}, "username"),
        ({"email": "other@example.com"}, "email"),
        ({"email_verified": True}, "email_verified"),
        ({"avatar_url": "x"}, "avatar_url"),
    ],
    ids=str,
)
async def test_what_does_not_fit_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, changes: dict[str, Any], at: str
) -> None:
    assert locations(await patch(client, somebody, {"bio": "new", **changes} if at != "bio" else changes)) == [
        ["body", at]
    ]

    assert (await client.get(ME, headers=somebody.headers)).json() == somebody.user


@pytest.mark.parametrize("age", [13, 120])
async def test_the_limits_of_age_are_inside(client: httpx.AsyncClient, somebody: Person, age: int) -> None:
    assert (await patch(client, somebody, {"age": age})).json()["age"] == age


@pytest.mark.parametrize(
    "text", ["Ångström", "A\u030angstro\u0308m", "\U0001f600" * 200, "O'Brien; --", "日本語", "%_\\"]
)
async def test_a_name_is_kept_as_it_is_in_composed_form(client: httpx.AsyncClient, somebody: Person, text: str) -> None:
    user = (await patch(client, somebody, {"full_name": text})).json()

    assert user["full_name"] == unicodedata.normalize("NFC", text)


async def test_scopes_are_needed(client: httpx.AsyncClient, somebody: Person) -> None:
    reading, other = await limited(client, somebody, "profile:read"), await limited(client, somebody, "items:read")

    assert (await client.get(ME, headers=reading)).status_code == 200
    problem(await client.patch(ME, json={"bio": "x"}, headers=reading), 403, "insufficient_scope")
    problem(await client.get(ME, headers=other), 403, "insufficient_scope")
    problem(await client.get(f"{ME}/export", headers=other), 403, "insufficient_scope")
    for method in ("GET", "PATCH", "DELETE"):
        problem(await client.request(method, ME, **({"json": {}} if method == "PATCH" else {})), 401, "unauthenticated")  # type: ignore[arg-type]


async def test_a_key_reads_and_changes_the_profile(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody, "profile:read", "profile:write")

    assert (await client.patch(ME, json={"bio": "by key"}, headers=key)).json()["bio"] == "by key"


async def test_the_export_shows_sign_ins_as_their_list_does(client: httpx.AsyncClient, somebody: Person) -> None:
    await sign_in(client, somebody.user["username"])
    listed = (await client.get(f"{API}/auth/sessions", headers=somebody.headers)).json()["items"]

    by_token, by_key = [
        (await client.get(f"{ME}/export", headers=each)).json()["sessions"]
        for each in (somebody.headers, await api_key(client, somebody))
    ]

    assert {each["id"]: each for each in by_token} == {each["id"]: each for each in listed}
    assert [each["current"] for each in by_key] == [False, False]


async def test_the_export_holds_everything_and_no_secret(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    key = await api_key(client, somebody)
    mine = [await offer(client, somebody, name=unique("mine"), is_public=public) for public in (True, False)]
    await offer(client, stranger)

    response = await client.get(f"{ME}/export", headers=somebody.headers)

    export = response.json()
    assert export["user"] == somebody.user
    assert {item["id"] for item in export["items"]} == {item["id"] for item in mine}
    assert len(export["sessions"]) == len(export["api_keys"]) == 1
    assert export.keys() == EXPORT
    for secret in (key["X-API-Key"], PASSWORD, "password_hash", "digest", "refresh_id", stranger.user["username"]):
        assert secret not in response.text
